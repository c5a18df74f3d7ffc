"""The auth service on a real broker and database, with the neighbours it asks."""

import base64
import json
import os
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

from auth_service.app import AuthApp
from auth_service.main import build
from auth_service.settings import AuthSettings
from contracts.errors import NotFound, PlatformError
from contracts.ids import new_id
from contracts.origin import origin_set_digest
from contracts.principal import Via
from contracts.requests import (
    ActionOrigins,
    Authenticate,
    CredentialKind,
    DescribeCredential,
    IssueCredential,
    KeptOrigins,
    MemberNamed,
    NameMember,
    ReadAction,
    Role,
)
from egress import EgressSettings
from kit.caller import digest_of
from kit.errors import SessionEnded
from kit.public_address import OpenActionsSettings
from kit.sealing import Recipient, SealBinding
from kit.testing import (
    bearer,
    known_callers,
    neighbours,
    running,
    session_of_name,
    token_of,
)

OWNER = bearer("owner")
BUILDER = bearer("builder")
USER = bearer("user")
STRANGER = bearer("stranger")
ORIGIN = "https://api.example.com"
PUBLIC_URL = "https://actions.example.com"


def fresh_key(key_id="k1"):
    return f"{key_id}:{base64.b64encode(os.urandom(32)).decode()}"


class ActionNotFound(NotFound):
    code = "catalog.action_not_found"


@dataclass
class Catalog:
    """Answers `catalog.read_action`; tests move origins, publish them, and take actions away."""

    origins: dict[tuple[str, str], tuple[str, ...]]
    published: dict[tuple[str, str], list[tuple[str, ...]]] = field(default_factory=dict)
    """The origins of each version, from the first on."""

    failure: PlatformError | None = None

    async def __call__(self, asked):
        if self.failure:
            raise self.failure
        key = (asked.workspace_id, asked.action_id)
        if key not in self.origins:
            raise ActionNotFound("There is no such action.", hint="Lists show what you can see.")
        versions = self.published.get(key, [])
        return ActionOrigins(
            gpt_id="gpt_1",
            action_id=asked.action_id,
            schema_id="sch_1",
            origins=self.origins[key],
            published_origins=versions[-1] if versions else None,
            kept=tuple(_kept(versions)),
        )


def _kept(versions):
    sets = {}
    for number, origins in enumerate(versions, 1):
        sets.setdefault(origin_set_digest(origins), []).append(number)
    for origin_set, numbers in sets.items():
        yield KeptOrigins(origin_set=origin_set, versions=tuple(numbers))


@dataclass
class Platform:
    nats_url: str
    mongodb_url: str
    database_name: str
    keys: str = field(default_factory=fresh_key)
    recipient: Recipient = field(default_factory=Recipient.fresh)
    action: str = field(default_factory=lambda: new_id("act"))
    """A test's own: tests share the broker, and so receive each other's facts."""
    egress: EgressSettings | None = None
    catalog: Catalog = field(init=False)
    app: AuthApp = field(init=False)
    """Of the service that was started last."""

    def __post_init__(self):
        ours, theirs = ("ws_ours", self.action), ("ws_theirs", "act_theirs")
        self.catalog = Catalog({ours: (ORIGIN,), theirs: ("https://api.example.org",)})

    @property
    def path(self):
        return f"/v1/credentials/{self.action}"

    def moves_to(self, *origins):
        self.catalog.origins["ws_ours", self.action] = origins

    def publishes(self):
        """The draft becomes the next version."""
        ours = ("ws_ours", self.action)
        self.catalog.published.setdefault(ours, []).append(self.catalog.origins[ours])

    def opened(self, issued, origin=ORIGIN):
        """What execution makes of the answer."""
        binding = SealBinding("ws_ours", self.action, origin, issued.expires_at)
        return json.loads(self.recipient.open(issued.sealed, binding, datetime.now(UTC)))

    @asynccontextmanager
    async def serving(self, keys=None):
        """The service with these keys: an HTTP client, and the bus as neighbours see it."""
        settings = AuthSettings(
            mongodb_url=self.mongodb_url,
            mongodb_database=self.database_name,
            nats_url=self.nats_url,
            stream_replicas=1,
            keys=keys or self.keys,
            openactions=OpenActionsSettings(public_url=PUBLIC_URL),
        )
        async with neighbours(self.nats_url) as others:
            await others.answer(Authenticate, authenticated)
            await others.answer(NameMember, named)
            await others.answer(ReadAction, self.catalog)
            api = build(settings, self.egress)
            self.app = api.state.app
            async with running(api) as client:
                yield client, others.bus

    def described(self, **changes):
        asked = {"workspace_id": "ws_ours", "action_id": self.action, "origin": ORIGIN}
        return DescribeCredential(**asked | changes)

    def asked(self, **changes):
        return IssueCredential(
            **{
                "workspace_id": "ws_ours",
                "action_id": self.action,
                "member_id": "mem_1",
                "origin": ORIGIN,
                "recipient": self.recipient.public_key,
                **changes,
            }
        )


PEOPLE = {
    digest_of(session_of_name(name)): digest_of(token_of(name))
    for name in ("owner", "builder", "user", "stranger")
}


async def authenticated(asked):
    """By a session as by a token of the same name."""
    if asked.kind is not CredentialKind.SESSION:
        return await CALLERS(asked)
    if asked.token_digest not in PEOPLE:
        raise SessionEnded
    token = asked.model_copy(update={"token_digest": PEOPLE[asked.token_digest]})
    return (await CALLERS(token)).model_copy(update={"via": Via.SESSION})


async def named(asked):
    return MemberNamed(member=f"Name of {asked.member_id}", workspace="Acme")


CALLERS = known_callers(
    ("owner", "ws_ours", Role.OWNER),
    ("builder", "ws_ours", Role.BUILDER),
    ("user", "ws_ours", Role.USER),
    ("stranger", "ws_theirs", Role.OWNER),
)
