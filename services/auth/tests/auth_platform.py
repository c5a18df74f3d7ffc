"""The auth service on a real broker and database, with the neighbours it asks."""

import base64
import os
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from auth_service.main import build
from auth_service.settings import AuthSettings
from contracts.errors import NotFound, PlatformError
from contracts.requests import ActionOrigins, Authenticate, IssueCredential, ReadAction, Role
from kit.sealing import Recipient
from kit.testing import known_callers, neighbours, running

OWNER = {"authorization": "Bearer owner"}
BUILDER = {"authorization": "Bearer builder"}
USER = {"authorization": "Bearer user"}
STRANGER = {"authorization": "Bearer stranger"}
ORIGIN = "https://api.example.com"


def fresh_key(key_id="k1"):
    return f"{key_id}:{base64.b64encode(os.urandom(32)).decode()}"


class ActionNotFound(NotFound):
    code = "catalog.action_not_found"


@dataclass
class Catalog:
    """Answers `catalog.read_action`; tests move origins and take actions away."""

    origins: dict[tuple[str, str], tuple[str, ...]] = field(
        default_factory=lambda: {
            ("ws_ours", "act_1"): (ORIGIN,),
            ("ws_theirs", "act_9"): ("https://api.example.org",),
        }
    )

    failure: PlatformError | None = None

    async def __call__(self, asked):
        if self.failure:
            raise self.failure
        found = self.origins.get((asked.workspace_id, asked.action_id))
        if found is None:
            raise ActionNotFound("There is no such action.", hint="Lists show what you can see.")
        return ActionOrigins(
            gpt_id="gpt_1", action_id=asked.action_id, schema_id="sch_1", origins=found
        )


@dataclass
class Platform:
    nats_url: str
    mongodb_url: str
    database_name: str
    keys: str = field(default_factory=fresh_key)
    catalog: Catalog = field(default_factory=Catalog)
    recipient: Recipient = field(default_factory=Recipient.fresh)

    @asynccontextmanager
    async def serving(self, keys=None):
        """The service with these keys: an HTTP client, and the bus as neighbours see it."""
        settings = AuthSettings(
            mongodb_url=self.mongodb_url,
            mongodb_database=self.database_name,
            nats_url=self.nats_url,
            stream_replicas=1,
            keys=keys or self.keys,
        )
        async with neighbours(self.nats_url) as others:
            await others.answer(Authenticate, CALLERS)
            await others.answer(ReadAction, self.catalog)
            async with running(build(settings)) as client:
                yield client, others.bus

    def asked(self, **changes):
        return IssueCredential(
            **{
                "workspace_id": "ws_ours",
                "action_id": "act_1",
                "member_id": "mem_1",
                "origin": ORIGIN,
                "recipient": self.recipient.public_key,
                **changes,
            }
        )


CALLERS = known_callers(
    ("owner", "ws_ours", Role.OWNER),
    ("builder", "ws_ours", Role.BUILDER),
    ("user", "ws_ours", Role.USER),
    ("stranger", "ws_theirs", Role.OWNER),
)
