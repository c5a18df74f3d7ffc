"""The execution service with neighbours that answer as a test says, and a real API to call."""

from base64 import b64encode
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

import orjson

from contracts.access import Sharing
from contracts.errors import NotFound
from contracts.ids import new_id
from contracts.operation import Body, Location, Operation, Parameter
from contracts.principal import Via
from contracts.requests import (
    AccessOfGpt,
    Answer,
    Authenticate,
    CredentialDescription,
    CredentialSlot,
    DecideCall,
    DescribeCredential,
    Gate,
    IssueCredential,
    OperationsText,
    ReadAccess,
    ReadOperations,
    ReadRelease,
    ReadSettings,
    ReleaseAction,
    ReleasePage,
    ReleaseTool,
    Role,
    SealedCredential,
    Verdict,
    WorkspaceSettings,
)
from egress import EgressSettings
from execution_service.main import build
from execution_service.settings import ExecutionSettings
from kit.errors import Unauthenticated
from kit.handover import Handover
from kit.sealing import SealBinding, seal
from kit.testing import Neighbours, bearer, known_callers
from services.execution.tests.upstream import Upstream

OWNER = bearer("owner")
STRANGER = bearer("stranger")
ALLOWED = Verdict(answer=Answer.ALLOW, code="policy.allowed", sentence="Allowed.", revision=1)
DEFAULTS = WorkspaceSettings(
    revision=0, custom_actions_enabled=True, unique_hosts=False, first_call_asks=True
)
NO_QUOTAS = DEFAULTS.model_copy(
    update={"calls_per_minute": None, "calls_per_minute_per_member": None}
)
"""Tests call more often than people do."""
SHARED = AccessOfGpt(workspace_id="", sharing=Sharing.WORKSPACE)
SLICE = 300
KEYS = f"k1:{b64encode(sha256(b'of these tests').digest()).decode()}"


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


def tool_of(operation):
    return ReleaseTool(
        name=operation.name,
        action_id="act_1",
        operation=operation.name,
        source_digest="0" * 64,
        origin="",
        method=operation.method,
        consequential=operation.consequential,
        anonymous=operation.anonymous,
    )


def acting(bearer, whom):
    """As identity answers it: everybody with an address is `mem_ada`."""
    return bearer.model_copy(
        update={
            "member_id": "mem_ada" if "@" in whom else whom,
            "role": Role.USER,
            "via": Via.ON_BEHALF_OF,
            "acting_member_id": bearer.member_id,
        }
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
    workspace_settings: WorkspaceSettings = NO_QUOTAS
    access: AccessOfGpt = SHARED
    api_key: str = "key-1"
    operations: dict = field(default_factory=dict)
    schema_id: str = "sch_1"
    """What it holds never changes; a GPT's new version names another."""
    revoked: set = field(default_factory=set)
    schema: Handover | None = None
    """What schema hands long operations over with; without it they come in slices."""
    answers: dict = field(default_factory=dict)
    """Answerers by request that a test has in place of these."""

    async def invoke(self, operation="getPet", caller=OWNER, gpt_id="gpt_1", **arguments):
        body = {"gpt_id": gpt_id, "operation": operation, "arguments": arguments or {"id": "1"}}
        return await self.client.post("/v1/invocations", json=body, headers=caller)

    def times_asked(self, kind):
        return sum(isinstance(asked, kind) for asked in self.others.asked)

    async def answer_for_all_neighbours(self):
        answers = {
            Authenticate: self._authenticate(),
            ReadRelease: self._read_release,
            ReadAccess: self._read_access,
            ReadOperations: self._read_operations,
            Gate: self._decide,
            ReadSettings: self._read_settings,
            DecideCall: self._decide,
            DescribeCredential: self._describe,
            IssueCredential: self._issue,
        }
        for request, answerer in answers.items():
            await self.others.answer(request, self._or_the_tests(request, answerer))

    def _or_the_tests(self, request, answerer):
        async def answer(asked):
            return await self.answers.get(request, answerer)(asked)

        return answer

    def _authenticate(self):
        known = known_callers(
            ("owner", self.workspace_id, Role.OWNER), ("stranger", "ws_theirs", Role.OWNER)
        )

        async def authenticate(asked):
            if asked.token_digest in self.revoked:
                raise Unauthenticated
            caller = await known(asked)
            return caller if asked.on_behalf_of is None else acting(caller, asked.on_behalf_of)

        return authenticate

    def _known(self, asked):
        if (asked.workspace_id, asked.gpt_id) != (self.workspace_id, "gpt_1"):
            raise Unknown("There is no such GPT.")

    async def _read_release(self, asked):
        self._known(asked)
        tools = self.operations.values() if asked.offset == 0 else ()
        return ReleasePage(
            gpt_id="gpt_1",
            stage=asked.stage,
            number=1,
            name="Vet",
            actions=(
                ReleaseAction(
                    action_id="act_1", name="Pets", schema_id=self.schema_id, origin_set="set_1"
                ),
            ),
            tools=tuple(tool_of(operation) for operation in tools),
        )

    async def _read_access(self, asked):
        self._known(asked)
        return self.access.model_copy(update={"workspace_id": self.workspace_id})

    async def _describe(self, asked):
        slot = CredentialSlot(location=Location.HEADER, name="x-api-key")
        return CredentialDescription(type="api_key", slots=(slot,), revision=1)

    async def _read_operations(self, asked):
        found = [self.operations[name].model_dump(mode="json") for name in asked.names]
        content = orjson.dumps(found)
        if self.schema is not None and len(content) > SLICE:
            handed_over = await self.schema.give(
                asked.workspace_id, asked.subject, content, asked.recipient
            )
            return OperationsText(text="", handed_over=handed_over)
        text = content.decode()
        end = asked.offset + SLICE
        return OperationsText(
            text=text[asked.offset : end], next_offset=end if end < len(text) else None
        )

    async def _decide(self, asked):
        return self.verdict

    async def _read_settings(self, asked):
        return self.workspace_settings

    async def _issue(self, asked):
        expires_at = datetime.now(UTC) + timedelta(seconds=50)
        binding = SealBinding(asked.workspace_id, asked.action_id, asked.origin, expires_at)
        secret = orjson.dumps({"headers": [["x-api-key", self.api_key]], "query": []})
        sealed = seal(secret, asked.recipient, binding)
        return SealedCredential(revision=1, sealed=sealed, expires_at=expires_at)


def execution(nats_url, mongodb_url, database_name, api, nobody_at, patience=1, **settings):
    """The service; only the API, and a port that nobody listens on, are allowed on loopback."""
    egress = EgressSettings(
        allowed_origins={api.origin: "127.0.0.1", nobody_at: "127.0.0.1"},
        total_seconds=2 * patience,
        first_byte_seconds=patience,
        max_bytes=1_000_000,
    )
    return build(
        ExecutionSettings(
            nats_url=nats_url,
            mongodb_url=mongodb_url,
            mongodb_database=database_name,
            keys=KEYS,
            stream_replicas=1,
            **settings,
        ),
        egress,
    )
