"""Calls that outlive their requests (`domain.stored_call`), for a day.

What was asked, and what came of it, are encrypted with the service's keys for this document alone;
the arguments are deleted once the call ended. A key of the ring must be kept for a day after
another one took its place.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from time import monotonic
from typing import Any

import orjson

from contracts.errors import PlatformError
from contracts.ids import ActionId, GptId, InvocationId, MemberId, TokenId, WorkspaceId
from contracts.requests import Stage
from execution_service.adapters.ending import NO_ENDING, Ending, ending_state, read_ending
from execution_service.domain.arguments.exact_json import read_json, write_json
from execution_service.domain.errors import (
    KeyInProgress,
    StoredByNewerRelease,
    TooManyStoredCalls,
)
from execution_service.domain.release import Tool
from execution_service.domain.stored_call import (
    AskedCall,
    IdempotencyKey,
    Request,
    SignInWait,
    State,
    StoredCall,
)
from kit import logs
from kit.codec import Codec, DocumentUnreadable
from kit.documents import Collection, Stored, SweptBy, Unique
from kit.key_ring import KeyRing, KeyUnknown, Place, Sealed, SecretUnreadable
from kit.mongo import Database, Taken
from kit.outbox import Outbox
from kit.retention import Expires
from kit.sealing import Secret

log = logs.logger("execution.stored_calls")
KEPT_FOR = timedelta(days=1)
"""As long as a key may be repeated, and a result be read."""
COUNTED_FOR_SECONDS = 10.0
"""How old the number of a workspace's stored calls may be."""
MAX_COUNTS = 10_000
UNREADABLE_AGAIN_AFTER = timedelta(minutes=1)
"""A fraction of the time for which a call is tried."""
MAX_WAITING = 1_000
"""Calls of one member that are read at once."""
MAX_UNREADABLE = 10
"""Lists of calls none of which could be read, until the next look."""


@dataclass(frozen=True, slots=True)
class CallState:
    state: str
    is_open: bool
    member_id: str
    gpt_workspace_id: str
    gpt_id: str
    operation: str
    stage: str
    token_digest: str
    at: datetime
    lease_until: datetime
    is_accepted: bool = False
    left_behind: int = 0
    action_id: str | None = None
    content_type: str | None = None
    accept: str | None = None
    arguments: Sealed | None = None
    """None once the call ended."""
    has_exact_numbers: bool = False
    """Arguments with numbers that releases before would read as others are sealed for a place that
    those do not open: they leave the call to newer replicas."""
    pinned: Tool | None = None
    key: str | None = None
    request_digest: str | None = None
    request: Request | None = None
    ending: Sealed | None = None
    """An `ending.Ending` as JSON."""
    acted_by: str | None = None
    is_sent: bool = False
    sign_in: SignInWait | None = None
    waits_for: str | None = None
    """While it waits for a sign-in, whose it is and where (`_sign_in_of`). The release before
    leaves it when it ends such a call."""
    resumed_at: datetime | None = None


ARGUMENTS, EXACT_ARGUMENTS, ENDING = "arguments", "exact_arguments", "ending"
"""Places of what is sealed."""
REPLACED = ("arguments", "pinned", "request", "ending", "sign_in")
STATES = Codec(CallState, without_none=True, replaced=REPLACED)
UNREAD = ("arguments", "ending")
"""What a list of ids need not read."""


class MongoStoredCalls:
    def __init__(
        self, database: Database, outbox: Outbox, keys: KeyRing, *, max_of_workspace: int
    ) -> None:
        self._keys = keys
        self._max = max_of_workspace
        self._counts: dict[WorkspaceId, tuple[int, float]] = {}
        self._calls = Collection(
            database=database,
            name="stored_calls",
            outbox=outbox,
            codec=STATES,
            kept=Expires("at", KEPT_FOR),
            unique=(Unique(("key",)),),
            swept_by=(SweptBy("lease_until", {"is_open": True}),),
            listed_by=("member_id", "waits_for"),
            filtered_by=("is_open", "is_accepted"),
        )

    @property
    def collections(self) -> Sequence[Collection[Any]]:
        return (self._calls,)

    async def add(self, call: StoredCall) -> StoredCall:
        if await self._is_full(call.workspace_id):
            return await self._known(call)
        within = self._calls.within(call.workspace_id)
        try:
            added = await within.add(call.id, await self._written(call))
        except Taken:
            if call.key is None:
                raise
            return await self._add_or_find(call, call.key)
        return _at(call, added.revision)

    async def _known(self, call: StoredCall) -> StoredCall:
        """The one that has the key; without one there is no room for another."""
        if call.key is not None:
            found = await self._calls.within(call.workspace_id).find_by(key=call.key.name)
            if found is not None and found.state.at >= call.at - KEPT_FOR:
                return await self._read(found)
        raise TooManyStoredCalls(self._max)

    async def _add_or_find(self, call: StoredCall, key: IdempotencyKey) -> StoredCall:
        """The one that has the key; what is older than a day has it no longer."""
        within = self._calls.within(call.workspace_id)
        found = await within.find_by(key=key.name)
        if found is None:  # it was deleted meanwhile
            raise KeyInProgress
        if found.state.at >= call.at - KEPT_FOR:
            return await self._read(found)
        await within.delete_seen(found)
        try:
            added = await within.add(call.id, await self._written(call))
        except Taken:  # another request came first
            raise KeyInProgress from None
        return _at(call, added.revision)

    async def _is_full(self, workspace_id: WorkspaceId) -> bool:
        """By a count that is some seconds old, since counting costs as much as there are."""
        count, counted_at = self._counts.get(workspace_id, (0, 0.0))
        if not counted_at or monotonic() - counted_at > COUNTED_FOR_SECONDS:
            if len(self._counts) >= MAX_COUNTS:
                self._counts.clear()
            self._counts[workspace_id] = count, monotonic()  # others need not count meanwhile
            count, counted_at = await self._calls.within(workspace_id).count(), monotonic()
        is_full = count >= self._max
        self._counts[workspace_id] = count if is_full else count + 1, counted_at
        return is_full

    async def find(
        self, workspace_id: WorkspaceId, invocation_id: InvocationId
    ) -> StoredCall | None:
        found = await self._calls.within(workspace_id).find(invocation_id)
        if found is None:
            return None
        try:
            return await self._read(found)
        except (KeyUnknown, SecretUnreadable):
            return _call(found, None, NO_ENDING)

    async def waiting_of(
        self, workspace_id: WorkspaceId, member_id: MemberId
    ) -> list[InvocationId]:
        within = self._calls.within(workspace_id)
        found = await within.page(
            MAX_WAITING, None, member_id=member_id, is_open=True, is_accepted=True
        )
        return [InvocationId(stored.id) for stored in found]

    async def waiting_for_sign_in(
        self,
        workspace_id: WorkspaceId,
        whose: tuple[ActionId, MemberId],
        limit: int,
        after: InvocationId | None = None,
    ) -> list[InvocationId]:
        within = self._calls.within(workspace_id)
        found = await within.page(limit, after, without=UNREAD, waits_for=_sign_in_of(*whose))
        return [InvocationId(stored.id) for stored in found[:limit]]

    async def change(self, seen: StoredCall, changed: StoredCall) -> StoredCall:
        within = self._calls.within(seen.workspace_id)
        stored = await within.change(
            Stored(seen.id, seen.workspace_id, seen.revision, None), await self._written(changed)
        )
        return _at(changed, stored.revision)

    async def forget(self, seen: StoredCall) -> bool:
        within = self._calls.within(seen.workspace_id)
        return await within.delete_seen(Stored(seen.id, seen.workspace_id, seen.revision, None))

    async def abandoned(self, before: datetime, limit: int) -> list[StoredCall]:
        everyones = self._calls.across_workspaces
        for _ in range(MAX_UNREADABLE):
            found = await everyones.older("lease_until", before, limit, is_open=True)
            read = [await self._read_or_postpone(each, before) for each in found]
            calls = [call for call in read if call is not None]
            if calls or len(found) < limit:
                return calls
        return []

    async def _read_or_postpone(
        self, stored: Stored[CallState], now: datetime
    ) -> StoredCall | None:
        """One whose key is not configured, or that a newer release stored, must not be in the way
        of all others. To end one that was being sent takes nothing that is encrypted.
        """
        try:
            return await self._read(stored)
        except PlatformError as error:
            if stored.state.state == State.SENDING and not isinstance(error, StoredByNewerRelease):
                return _call(stored, None, NO_ENDING)
            log.exception("stored_call_unreadable", invocation=stored.id, code=error.code)
            lease = {"lease_until": stored.state.lease_until}
            later = {"lease_until": now + UNREADABLE_AGAIN_AFTER}
            await self._calls.within(stored.workspace_id).swap(stored.id, lease, later)
            return None

    async def _written(self, call: StoredCall) -> CallState:
        asked, key = call.asked, call.key
        ending = Ending(call.result, call.refusal)
        text, is_exact = (b"", False) if call.is_final else _argument_text(asked.arguments)
        place = EXACT_ARGUMENTS if is_exact else ARGUMENTS
        return CallState(
            state=call.state,
            is_open=not call.is_final,
            member_id=call.member_id,
            gpt_workspace_id=asked.gpt_workspace_id,
            gpt_id=asked.gpt_id,
            operation=asked.operation,
            stage=asked.stage,
            token_digest=call.token_digest,
            at=call.at,
            lease_until=call.lease_until,
            is_accepted=call.is_accepted,
            left_behind=call.left_behind,
            action_id=asked.action_id,
            content_type=asked.content_type,
            accept=asked.accept,
            arguments=None if call.is_final else await self._sealed(call, place, text),
            has_exact_numbers=is_exact,
            pinned=call.pinned,
            key=key.name if key else None,
            request_digest=key.request_digest if key else None,
            request=call.request,
            is_sent=call.is_sent,
            acted_by=call.acted_by,
            sign_in=call.sign_in,
            waits_for=_waits_for(call),
            resumed_at=call.resumed_at,
            ending=None
            if ending == NO_ENDING
            else await self._sealed(call, ENDING, orjson.dumps(ending_state(ending))),
        )

    async def _sealed(self, call: StoredCall, field: str, text: bytes) -> Sealed:
        place = Place(call.workspace_id, self._calls.name, call.id, field)
        return await self._keys.seal(Secret(text), place)

    async def _opened(
        self, stored: Stored[CallState], field: str, sealed: Sealed | None
    ) -> bytes | None:
        if sealed is None:
            return None
        place = Place(stored.workspace_id, self._calls.name, stored.id, field)
        return (await self._keys.open(sealed, place)).reveal()

    async def _read(self, stored: Stored[CallState]) -> StoredCall:
        state = stored.state
        place = EXACT_ARGUMENTS if state.has_exact_numbers else ARGUMENTS
        text = await self._opened(stored, place, state.arguments)
        arguments = None if text is None else read_json(text)
        ending = await self._opened(stored, ENDING, state.ending)
        try:
            known = read_ending(orjson.loads(ending)) if ending else NO_ENDING
            return _call(stored, arguments, known)
        except DocumentUnreadable as error:
            raise StoredByNewerRelease from error


def _call(stored: Stored[CallState], arguments: Any, ending: Ending) -> StoredCall:
    state = stored.state
    try:
        reached, stage = State(state.state), Stage(state.stage)
    except ValueError as error:
        raise StoredByNewerRelease from error
    return StoredCall(
        id=InvocationId(stored.id),
        workspace_id=stored.workspace_id,
        revision=stored.revision,
        state=reached,
        member_id=MemberId(state.member_id),
        asked=AskedCall(
            WorkspaceId(state.gpt_workspace_id),
            GptId(state.gpt_id),
            state.operation,
            arguments,
            ActionId(state.action_id) if state.action_id else None,
            stage,
            state.content_type,
            state.accept,
        ),
        token_digest=state.token_digest,
        at=state.at,
        lease_until=state.lease_until,
        is_accepted=state.is_accepted,
        left_behind=state.left_behind,
        pinned=state.pinned,
        request=state.request,
        is_sent=state.is_sent,
        key=IdempotencyKey(state.key, state.request_digest or "") if state.key else None,
        acted_by=None if state.acted_by is None else TokenId(state.acted_by),
        sign_in=state.sign_in,
        resumed_at=state.resumed_at,
        result=ending.result,
        refusal=ending.refusal,
    )


def _waits_for(call: StoredCall) -> str | None:
    if call.state is not State.WAITING_FOR_SIGN_IN or call.pinned is None:
        return None
    return _sign_in_of(call.pinned.action_id, call.member_id)


def _sign_in_of(action_id: ActionId, member_id: MemberId) -> str:
    return f"{action_id} {member_id}"


def _argument_text(arguments: Any) -> tuple[bytes, bool]:
    """And whether it has exact numbers."""
    try:
        return orjson.dumps(arguments), False
    except orjson.JSONEncodeError:
        return write_json(arguments), True


def _at(call: StoredCall, revision: int) -> StoredCall:
    return replace(call, revision=revision)
