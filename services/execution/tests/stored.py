"""`StoredCalls` and `WakeUps` in memory, and calls to store."""

from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta

from execution_service.domain.errors import KeyInProgress, TooManyStoredCalls
from execution_service.domain.stored_call import AskedCall, Request, State, StoredCall
from kit.documents import Overtaken
from kit.wake_ups import WakeUp
from services.execution.tests.facts import NOON

LEASE = timedelta(minutes=2)
DAY = timedelta(days=1)
REQUEST = Request("POST", "api.example.com", "hash")


def stored_call(id_="inv_1", **fields):
    made = {
        "id": id_,
        "workspace_id": "ws_1",
        "revision": 0,
        "state": State.RECEIVED,
        "member_id": "mem_1",
        "asked": AskedCall("ws_1", "gpt_1", "listPets", {"id": 1}),
        "token_digest": "0" * 64,
        "at": NOON,
        "lease_until": NOON + LEASE,
    }
    return StoredCall(**{**made, **fields})


@dataclass
class MemoryStoredCalls:
    max_of_workspace: int = 100
    kept: dict = field(default_factory=dict)
    before_change: object = lambda: None
    """What happens before a change is compared, or raises."""
    before_forget: object = lambda: None
    after_change: object = lambda: None
    """What happens once it is stored, or raises where the answer is lost."""

    async def add(self, call):
        ours = [each for each in self.kept.values() if each.workspace_id == call.workspace_id]
        others = [each for each in ours if each.key and call.key and each.key.name == call.key.name]
        for other in others:
            if other.at >= call.at - DAY:
                return other
        if len(ours) >= self.max_of_workspace:
            raise TooManyStoredCalls(self.max_of_workspace)
        for other in others:
            del self.kept[other.id]
        if call.id in self.kept:
            raise KeyInProgress
        return self._store(call, 1)

    def _store(self, call, revision):
        asked = replace(call.asked, arguments=None) if call.is_final else call.asked
        self.kept[call.id] = replace(call, revision=revision, asked=asked)
        return replace(call, revision=revision)

    async def find(self, workspace_id, invocation_id):
        found = self.kept.get(invocation_id)
        return found if found and found.workspace_id == workspace_id else None

    async def waiting_of(self, workspace_id, member_id):
        found = (each for each in self.kept.values() if each.workspace_id == workspace_id)
        mine = [each for each in found if each.member_id == member_id and each.is_accepted]
        return [each.id for each in mine if not each.is_final]

    async def waiting_for_sign_in(self, workspace_id, whose, limit, after=None):
        mine = sorted(
            each.id
            for each in self.kept.values()
            if each.state is State.WAITING_FOR_SIGN_IN
            and (each.workspace_id, each.pinned.action_id, each.member_id) == (workspace_id, *whose)
        )
        return [id_ for id_ in reversed(mine) if after is None or id_ < after][:limit]

    async def change(self, seen, changed):
        self.before_change()
        stored = self.kept.get(seen.id)
        if stored is None or stored.revision != seen.revision:
            raise Overtaken
        stored = self._store(changed, seen.revision + 1)
        self.after_change()
        return stored

    async def forget(self, seen):
        self.before_forget()
        stored = self.kept.get(seen.id)
        is_as_seen = stored is not None and stored.revision == seen.revision
        if is_as_seen:
            del self.kept[seen.id]
        return is_as_seen

    async def abandoned(self, before, limit):
        open_ones = [each for each in self.kept.values() if not each.is_final]
        return [each for each in open_ones if each.lease_until < before][:limit]


@dataclass
class MemoryWakeUps:
    woken: list = field(default_factory=list)
    waiting: dict = field(default_factory=dict)

    async def wake(self, id_):
        self.woken.append(id_)
        for wake_up in self.waiting.get(id_, ()):
            await wake_up.come()

    @asynccontextmanager
    async def expected(self, id_):
        wake_up = WakeUp()
        self.waiting.setdefault(id_, []).append(wake_up)
        try:
            yield wake_up
        finally:
            self.waiting[id_].remove(wake_up)
