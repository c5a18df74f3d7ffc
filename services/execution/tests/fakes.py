"""What execution needs of the world, in memory; the contract suite runs against it and MongoDB."""

from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from contracts.access import GptAccess, Sharing
from contracts.errors import Unavailable
from contracts.facts import InvocationFinished, InvocationStarted, Outcome
from contracts.ids import least_id
from contracts.principal import Principal, Role, Via
from contracts.requests import Answer, Verdict
from egress import (
    EgressSettings,
    OutboundResponse,
    ShareExceeded,
    Withdrawn,
    parse_server_url,
)
from execution_service.domain.admission import NO_NAMES
from execution_service.domain.arguments.change import Coercion
from execution_service.domain.call import CallableOperation
from execution_service.domain.credential import NO_CREDENTIAL, CredentialDescription
from execution_service.domain.errors import OperationNotFound, SignInRequired
from execution_service.domain.invocation import EVERY_RECORD, InvocationRecord, WantedCall
from execution_service.domain.release import Tool

ALLOWED = Verdict(answer=Answer.ALLOW, code="policy.allowed", sentence="Allowed.", revision=1)
ASKING = ALLOWED.model_copy(update={"answer": Answer.ASK, "code": "policy.approval_required"})
DENIED = Verdict(
    answer=Answer.DENY,
    code="policy.no_domains_allowed",
    sentence="No domains are allowed by your workspace's settings.",
    hint="An owner or admin can allow this domain.",
    revision=1,
)


SHARED = GptAccess("ws_1", "mem_owner", Sharing.WORKSPACE)
SERVER = "https://api.example.com"
"""Of every operation in these tests that does not say otherwise."""


ORIGIN = f"{SERVER}:443"


def principal(member_id="mem_1", role=Role.BUILDER, workspace_id="ws_1"):
    return Principal(workspace_id, member_id, role, Via.TOKEN, frozenset(), None, "tok_1")


def wanted_call(arguments=None, operation="listPets", **fields):
    """By a builder, of a GPT of the same workspace."""
    who = fields.pop("principal", None) or principal()
    asked = {"gpt_workspace_id": who.workspace_id, "gpt_id": "gpt_1", **fields}
    return WantedCall(principal=who, operation=operation, arguments=arguments or {}, **asked)


def tool(name="listPets", **fields):
    pinned = {
        "action_id": "act_1",
        "schema_id": "sch_1",
        "operation": name,
        "source_digest": "0" * 64,
        "origin": ORIGIN,
        "origin_set": "set_1",
    }
    return Tool(name=name, **{**pinned, **fields})


def callable_of(compiled, **fields):
    return CallableOperation(tool(**fields), compiled, parse_server_url(SERVER, EgressSettings()))


def answered(status=200, body=b'{"ok":true}', content_type="application/json"):
    return OutboundResponse(status, (("content-type", content_type),), body, 0.01)


@dataclass
class StreamedResponse:
    """`StreamedAnswer` of what is there; `held` is what its reader said last."""

    response: OutboundResponse
    piece_bytes: int = 7_000
    held: int = 0
    shortage: object = None
    room: int = 10**9
    """How many bytes may be held of it."""

    @property
    def status(self):
        return self.response.status

    @property
    def is_complete(self):
        return self.response.complete and self.shortage is None

    def header(self, name):
        return self.response.header(name)

    def at_once(self):
        body = self.response.body
        return body if len(body) <= self.piece_bytes and self.response.complete else None

    async def __aiter__(self):
        body = self.response.body
        for at in range(0, len(body), self.piece_bytes):
            if self.shortage is None:
                yield body[at : at + self.piece_bytes]

    def holds(self, count):
        self.held = count
        if count > self.room:
            self.shortage = ShareExceeded("You hold your share.", sent=True)


@dataclass
class VoidableValue:
    """`Voidable`; a test voids it by setting `still_holds`."""

    value: object
    still_holds: bool = True

    def holds(self):
        return self.still_holds


@dataclass
class Accesses:
    """`find` is also what operations are found by."""

    world: "World"

    async def find(self, workspace_id, gpt_id):
        self.world.steps.append("access")
        self.world.accessed = VoidableValue(self.world.access)
        return self.world.accessed

    async def find_anew(self, workspace_id, gpt_id):
        self.world.steps.append("access anew")
        self.world.accessed = VoidableValue(self.world.access_now or self.world.access)
        return self.world.accessed


@dataclass
class World:
    """All ports of `InvokeOperation`; `steps` says in which order they were used."""

    operation: CallableOperation | None = None
    access: GptAccess = SHARED
    access_now: GptAccess | None = None
    """Of which a replica has not heard yet."""
    verdict: Verdict = ALLOWED
    decision: Verdict = ALLOWED
    """Of what the gate left open."""
    credential: object = NO_CREDENTIAL
    described: object = None
    """Whose description is answered, where it is not that of `credential`."""
    renewed: object = None
    """What is issued in place of a token that the API refused; where none is, `credential`."""
    signed_in: object = lambda: False
    """Asked once a call waits for its member's sign-in."""
    answer: object = field(default_factory=answered)
    answers: list = field(default_factory=list)
    """Of the first requests; `answer` is that of all others."""
    room: int = 10**9
    """How many bytes of an answer may be held."""
    token_holds: bool = True
    ledger_is_away: bool = False
    steps: list = field(default_factory=list)
    sent: list = field(default_factory=list)
    facts: list = field(default_factory=list)
    while_connecting: object = lambda: None
    while_publishing: object = lambda: None
    """What happens during the two long waits."""

    async def find(self, wanted, pinned):
        self.steps.append("find")
        self.pinned = pinned
        if self.operation is None:
            raise OperationNotFound
        self.offered = VoidableValue(self.operation)
        return self.offered

    @property
    def accesses(self):
        return Accesses(self)

    async def gate(self, wanted, operation):
        self.steps.append("gate")
        self.gated = VoidableValue(self.verdict)
        return self.gated

    async def decide(self, wanted, operation, arguments_hash):
        self.steps.append("decide")
        self.asked_about = arguments_hash
        return self.decision

    async def describe(self, wanted, operation):
        self.steps.append("describe")
        described = self.described or self.credential
        if isinstance(described, SignInRequired):
            return CredentialDescription(1, NO_NAMES, per_user=True)
        if isinstance(described, BaseException):
            raise described
        return CredentialDescription(described.revision, described.reserved)

    async def issue(self, wanted, operation, described):
        self.steps.append("issue")
        return self._issued(self.credential)

    async def renew(self, wanted, operation, rejected):
        self.steps.append("renew")
        return self._issued(self.renewed or self.credential)

    def _issued(self, credential):
        if isinstance(credential, BaseException):
            raise credential
        self.issued = VoidableValue(credential)
        return self.issued

    async def is_signed_in(self, wanted, operation):
        self.steps.append("is_signed_in")
        return self.signed_in()

    @asynccontextmanager
    async def stream(self, request):
        self.steps.append("send")
        self.while_connecting()
        if not request.still_wanted():
            raise Withdrawn("withdrawn")
        self.sent.append(request)
        answer = self.answers.pop(0) if self.answers else self.answer
        if isinstance(answer, BaseException):
            raise answer
        yield StreamedResponse(answer, room=self.room)

    async def before(self, started):
        self.steps.append("before")
        if self.ledger_is_away:
            raise Unavailable("away", code="platform.bus_unavailable")
        self.facts.append(started)
        self.while_publishing()

    async def after(self, finished):
        self.steps.append("after")
        self.facts.append(finished)

    async def after_change(self, finished):
        self.steps.append("after_change")
        self.facts.append(finished)

    async def after_interruption(self, finished):
        self.steps.append("after_interruption")
        self.facts.append(finished)

    @property
    def finished(self):
        [finished] = [fact for fact in self.facts if isinstance(fact, InvocationFinished)]
        return finished

    @property
    def started(self):
        return [fact for fact in self.facts if isinstance(fact, InvocationStarted)]


@dataclass
class MemoryRecords:
    """`InvocationRecords` in memory."""

    _records: dict = field(default_factory=dict)
    looks: int = 0

    async def record(self, facts):
        for fact in facts:
            record = record_of(fact)
            kept = self._records.get(record.id)
            if kept is None or _gives_way(kept.outcome, record.outcome):
                self._records[record.id] = record

    async def find(self, workspace_id, invocation_id):
        self.looks += 1
        found = self._records.get(invocation_id)
        return found if found and found.workspace_id == workspace_id else None

    async def page(self, workspace_id, limit, after, wanted=EVERY_RECORD):
        ours = [
            found
            for found in self._records.values()
            if found.workspace_id == workspace_id and _is_wanted(found, wanted)
        ]
        newest_first = sorted(ours, key=lambda each: each.id, reverse=True)
        return [each for each in newest_first if after is None or each.id < after][: limit + 1]

    async def count(self, workspace_id, counted, most):
        return len((await self.page(workspace_id, most, None, counted.wanted))[:most])

    async def orphans(self, started_before, limit):
        open_ones = [each for each in self._records.values() if each.outcome is None]
        return [each for each in open_ones if each.at < started_before][:limit]


def _is_wanted(found, wanted):
    if wanted.since and found.id < least_id("inv", wanted.since):
        return False
    if wanted.before and found.id >= least_id("inv", wanted.before):
        return False
    return all(getattr(found, name) == value for name, value in wanted.members.items())


def _gives_way(kept, new):
    return new is not None and kept in (None, Outcome.UNKNOWN)


def record_of(fact):
    finished = isinstance(fact, InvocationFinished)
    return InvocationRecord(
        id=fact.invocation_id,
        workspace_id=fact.workspace_id,
        gpt_workspace_id=fact.gpt_workspace_id or fact.workspace_id,
        member_id=fact.member_id,
        via=fact.via,
        gpt_id=fact.gpt_id,
        action_id=fact.action_id,
        operation=fact.operation,
        method=fact.method,
        host=fact.host,
        arguments_hash=fact.arguments_hash,
        outcome=fact.outcome if finished else None,
        code=fact.code if finished else "started",
        status=fact.status if finished else None,
        response_bytes=fact.response_bytes if finished else None,
        duration_ms=fact.duration_ms if finished else None,
        at=fact.time,
        masked=fact.masked if finished else 0,
        coerced=tuple(Coercion(each.pointer, each.change) for each in fact.coerced)
        if finished
        else (),
    )
