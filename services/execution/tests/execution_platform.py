"""The execution service with neighbours that answer as a test says, and a real API to call."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson

from contracts.errors import NotFound
from contracts.ids import new_id
from contracts.operation import Body, Operation, Parameter
from contracts.requests import (
    Answer,
    Authenticate,
    BoundAction,
    Decide,
    IssueCredential,
    OperationsText,
    PublishedGpt,
    ReadGpt,
    ReadOperations,
    Role,
    SealedCredential,
    Verdict,
)
from egress import EgressSettings
from execution_service.main import build
from execution_service.settings import ExecutionSettings
from kit.errors import Unauthenticated
from kit.sealing import SealBinding, seal
from kit.testing import Neighbours, bearer, known_callers
from services.execution.tests.upstream import Upstream

OWNER = bearer("owner")
STRANGER = bearer("stranger")
ALLOWED = Verdict(answer=Answer.ALLOW, code="policy.allowed", sentence="Allowed.", revision=1)
SLICE = 300


class Unknown(NotFound):
    code = "catalog.gpt_not_found"


def operation(name, method, server, path="/pets/{id}", **fields):
    arguments = {
        "type": "object",
        "properties": {"id": {"type": "string"}, "limit": {"type": "integer"}},
        "required": ["id"],
        "additionalProperties": False,
    }
    parameters = [
        Parameter(
            argument="id", name="id", location="path", required=True, style="simple", explode=False
        ),
        Parameter(argument="limit", name="limit", location="query", style="form", explode=True),
    ]
    body = None
    if method == "POST":
        arguments["properties"]["name"] = {"type": "string"}
        body = Body(media_type="application/json", members={"name": "name"})
    return Operation(
        operation_id=name,
        name=name,
        method=method,
        path=path,
        server=server,
        consequential=False,
        parameters=parameters,
        body=body,
        arguments=arguments,
        digest="0" * 64,
        **fields,
    )


@dataclass
class Platform:
    """What the neighbours say; a test changes it, then states the fact that says so."""

    client: Any
    others: Neighbours
    api: Upstream
    workspace_id: str = field(default_factory=lambda: new_id("ws"))
    """A test's own: the broker, and with it the audit trail's facts, is everybody's."""
    verdict: Verdict = ALLOWED
    api_key: str = "key-1"
    operations: dict = field(default_factory=dict)
    schema_id: str = "sch_1"
    """What it holds never changes; a GPT's new version names another."""
    revoked: set = field(default_factory=set)

    async def invoke(self, operation="getPet", caller=OWNER, gpt_id="gpt_1", **arguments):
        body = {"gpt_id": gpt_id, "operation": operation, "arguments": arguments or {"id": "1"}}
        return await self.client.post("/v1/invocations", json=body, headers=caller)

    def times_asked(self, kind):
        return sum(isinstance(asked, kind) for asked in self.others.asked)

    async def answer_for_all_neighbours(self):
        answers = {
            Authenticate: self._authenticate(),
            ReadGpt: self._read_gpt,
            ReadOperations: self._read_operations,
            Decide: self._decide,
            IssueCredential: self._issue,
        }
        for request, answerer in answers.items():
            await self.others.answer(request, answerer)

    def _authenticate(self):
        known = known_callers(
            ("owner", self.workspace_id, Role.OWNER), ("stranger", "ws_theirs", Role.OWNER)
        )

        async def authenticate(asked):
            if asked.token_digest in self.revoked:
                raise Unauthenticated
            return await known(asked)

        return authenticate

    async def _read_gpt(self, asked):
        if (asked.workspace_id, asked.gpt_id) != (self.workspace_id, "gpt_1"):
            raise Unknown("There is no such GPT.")
        bound = BoundAction(
            action_id="act_1", schema_id=self.schema_id, operations=tuple(self.operations)
        )
        return PublishedGpt(gpt_id="gpt_1", version=1, actions=(bound,))

    async def _read_operations(self, asked):
        found = [self.operations[name].model_dump(mode="json") for name in asked.names]
        text = orjson.dumps(found).decode()
        end = asked.offset + SLICE
        return OperationsText(
            text=text[asked.offset : end], next_offset=end if end < len(text) else None
        )

    async def _decide(self, asked):
        return self.verdict

    async def _issue(self, asked):
        expires_at = datetime.now(UTC) + timedelta(seconds=50)
        binding = SealBinding(asked.workspace_id, asked.action_id, asked.origin, expires_at)
        secret = orjson.dumps({"headers": [["x-api-key", self.api_key]], "query": []})
        sealed = seal(secret, asked.recipient, binding)
        return SealedCredential(revision=1, sealed=sealed, expires_at=expires_at)


def execution(nats_url, mongodb_url, database_name, api, nobody_at, patience=1, **settings):
    """The service; only the API, and a port that nobody listens on, are let through to loopback."""
    egress = EgressSettings(
        let_through={api.origin: "127.0.0.1", nobody_at: "127.0.0.1"},
        total_seconds=2 * patience,
        first_byte_seconds=patience,
        max_bytes=1_000_000,
    )
    return build(
        ExecutionSettings(
            nats_url=nats_url,
            mongodb_url=mongodb_url,
            mongodb_database=database_name,
            stream_replicas=1,
            **settings,
        ),
        egress,
    )
