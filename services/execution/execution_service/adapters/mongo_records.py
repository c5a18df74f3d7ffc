from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from contracts.fact import Fact
from contracts.facts import InvocationFinished, InvocationStarted, Outcome
from contracts.ids import (
    ActionId,
    GptId,
    InvocationId,
    MemberId,
    TokenId,
    WorkspaceId,
    least_id,
    made_at,
)
from contracts.principal import Via
from execution_service.domain.arguments.change import Coercion
from execution_service.domain.invocation import (
    EVERY_RECORD,
    CountedCalls,
    InvocationRecord,
    WantedRecords,
)
from kit.across_workspaces import Record
from kit.codec import Codec
from kit.documents import Collection, Stored, SweptBy, WorkspaceDocuments
from kit.mongo import Database
from kit.outbox import Outbox
from kit.retention import Expires

PREFIX = "inv"
STARTED = "started"
AT_ONCE = 500
"""Records that are read where the embedded database cannot filter them by an index."""
FIRST_SPAN = timedelta(seconds=1)
SPANS_GROW = 2.0
"""After a time without calls a span reads at most as much time again; a list without any records
takes 26 queries."""
FIRST_COUNTED = timedelta(minutes=1)
COUNTED_SPANS_GROW = 30.0
"""Seven days are counted in four spans, the newest first, where the embedded database reads all
that a filter matches."""
GIVES_WAY = (None, Outcome.UNKNOWN.value)


@dataclass(frozen=True, slots=True)
class CoercedState:
    pointer: str
    change: str


@dataclass(frozen=True, slots=True)
class RecordState:
    outcome: str | None
    code: str
    """`started` while a call is under way, and then only."""
    gpt_id: str
    operation: str
    member_id: str
    at: datetime
    action_id: str | None = None
    method: str | None = None
    host: str | None = None
    arguments_hash: str | None = None
    status: int | None = None
    response_bytes: int | None = None
    duration_ms: float | None = None
    gpt_workspace_id: str | None = None
    """None in records of earlier releases: the workspace's own."""
    masked: int = 0
    coerced: tuple[CoercedState, ...] = ()
    via: str = Via.TOKEN.value
    acted_by: str | None = None


RECORDS = Codec(RecordState)


class MongoRecords:
    """The audit trail: one document an invocation, written in batches.

    A finished fact replaces what a started one left, and *unknown* gives way to any known outcome,
    so the order and number of deliveries do not matter.
    """

    def __init__(
        self,
        database: Database,
        outbox: Outbox,
        kept_for: timedelta,
        *,
        pages_by_time: bool = False,
    ) -> None:
        self._longest_span = kept_for if pages_by_time else timedelta(0)
        self._records = Collection(
            database=database,
            name="invocations",
            outbox=outbox,
            codec=RECORDS,
            kept=Expires("at", kept_for),
            listed_by=("member_id", "gpt_id", "operation", "outcome", "host"),
            counted_by=(("gpt_id", "member_id"),),
            only_recorded=True,
            swept_by=(SweptBy("at", {"code": STARTED}),),
            replaced_indexes=("state.outcome_1_state.at_1",),
        )

    @property
    def collections(self) -> Sequence[Collection[Any]]:
        return (self._records,)

    async def record(self, facts: Sequence[Fact]) -> None:
        merged: dict[str, Record[RecordState]] = {}
        for fact in facts:
            record = _record_of(fact)
            known = merged.get(record.id)
            if known is None or _replaces(record.state, known.state):
                merged[record.id] = record
        await self._records.across_workspaces.record(list(merged.values()))

    async def find(
        self, workspace_id: WorkspaceId, invocation_id: InvocationId
    ) -> InvocationRecord | None:
        stored = await self._records.within(workspace_id).find(invocation_id)
        return _read(stored) if stored else None

    async def page(
        self,
        workspace_id: WorkspaceId,
        limit: int,
        after: str | None,
        wanted: WantedRecords = EVERY_RECORD,
    ) -> list[InvocationRecord]:
        ours = self._records.within(workspace_id)
        members: dict[str, Any] = wanted.members
        least = least_id(PREFIX, wanted.since) if wanted.since else None
        if wanted.before:
            end = least_id(PREFIX, wanted.before)
            after = min(after, end) if after else end
        found: list[Stored[RecordState]] = []
        for span in _spans(after, self._longest_span):
            down_to = max(span, least) if span and least else span or least
            found += await self._page(ours, limit - len(found), after, down_to, members)
            if len(found) > limit or down_to == least:
                break
            after = down_to
        return [_read(stored) for stored in found]

    async def _page(
        self,
        ours: WorkspaceDocuments[RecordState],
        limit: int,
        after: str | None,
        down_to: str | None,
        members: dict[str, Any],
    ) -> list[Stored[RecordState]]:
        """Up to `limit + 1`. The embedded database uses an index only where it covers the whole
        filter: there it is asked for one member, and the others are looked at here.
        """
        if len(members) <= 1 or not self._longest_span:
            return await ours.page(limit, after, down_to=down_to, **members)
        (first, value), *others = members.items()
        found: list[Stored[RecordState]] = []
        while True:
            page = await ours.page(AT_ONCE, after, down_to=down_to, **{first: value})
            found += [
                stored
                for stored in page[:AT_ONCE]
                if all(getattr(stored.state, name) == wanted for name, wanted in others)
            ]
            if len(page) <= AT_ONCE or len(found) > limit:
                return found[: limit + 1]
            after = page[AT_ONCE - 1].id

    async def count(self, workspace_id: WorkspaceId, counted: CountedCalls, most: int) -> int:
        ours, members = self._records.within(workspace_id), counted.wanted.members
        before, found = least_id(PREFIX, counted.before), 0
        for since in self._counted_since(counted):
            least = least_id(PREFIX, since)
            found += await ours.count_between(least, before, most - found, **members)
            if found >= most:
                break
            before = least
        return found

    def _counted_since(self, counted: CountedCalls) -> Iterator[datetime]:
        """The first moments of spans that follow each other, back to the first moment of all."""
        age = FIRST_COUNTED
        while self._longest_span and counted.before - age > counted.since:
            yield counted.before - age
            age *= COUNTED_SPANS_GROW
        yield counted.since

    async def orphans(self, started_before: datetime, limit: int) -> list[InvocationRecord]:
        everyones = self._records.across_workspaces
        found = await everyones.older("at", started_before, limit, code=STARTED)
        return [_read(stored) for stored in found]


def _spans(after: str | None, longest: timedelta) -> Iterator[str | None]:
    """The least ids of spans of time before that id that follow each other; the last has none."""
    now = datetime.now(UTC)
    newest = min(made_at(after), now) if after else now
    age = FIRST_SPAN if newest.year > 1 else longest
    while age < longest:
        yield least_id(PREFIX, newest - age)
        age *= SPANS_GROW
    yield None


def _record_of(fact: Fact) -> Record[RecordState]:
    assert isinstance(fact, InvocationStarted | InvocationFinished)  # noqa: S101 - all it consumes
    about: dict[str, Any] = {
        "gpt_workspace_id": fact.gpt_workspace_id,
        "gpt_id": fact.gpt_id,
        "operation": fact.operation,
        "member_id": fact.member_id,
        "via": fact.via.value,
        "acted_by": fact.acted_by,
        "at": fact.time,
        "action_id": fact.action_id,
        "method": fact.method,
        "host": fact.host,
        "arguments_hash": fact.arguments_hash,
    }
    if isinstance(fact, InvocationStarted):
        state = RecordState(outcome=None, code=STARTED, **about)
        return Record(fact.invocation_id, fact.workspace_id, state)
    state = RecordState(
        outcome=fact.outcome.value,
        code=fact.code,
        status=fact.status,
        response_bytes=fact.response_bytes,
        duration_ms=fact.duration_ms,
        masked=fact.masked,
        coerced=tuple(CoercedState(each.pointer, each.change) for each in fact.coerced),
        **about,
    )
    return Record(fact.invocation_id, fact.workspace_id, state, {"outcome": GIVES_WAY})


def _replaces(new: RecordState, old: RecordState) -> bool:
    return old.outcome is None or (old.outcome == Outcome.UNKNOWN and new.outcome is not None)


def _read(stored: Stored[RecordState]) -> InvocationRecord:
    state = stored.state
    return InvocationRecord(
        id=InvocationId(stored.id),
        workspace_id=stored.workspace_id,
        gpt_workspace_id=WorkspaceId(state.gpt_workspace_id or stored.workspace_id),
        member_id=MemberId(state.member_id),
        gpt_id=GptId(state.gpt_id),
        action_id=None if state.action_id is None else ActionId(state.action_id),
        operation=state.operation,
        method=state.method,
        host=state.host,
        arguments_hash=state.arguments_hash,
        outcome=Outcome(state.outcome) if state.outcome else None,
        code=state.code,
        status=state.status,
        response_bytes=state.response_bytes,
        duration_ms=state.duration_ms,
        at=state.at,
        masked=state.masked,
        coerced=tuple(Coercion(each.pointer, each.change) for each in state.coerced),
        via=Via(state.via),
        acted_by=None if state.acted_by is None else TokenId(state.acted_by),
    )
