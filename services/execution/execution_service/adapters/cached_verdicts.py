"""Verdicts of policy, kept until a fact voids them. What asks, or was granted once, is not kept."""

from dataclasses import dataclass

from contracts.facts import ActionRemoved, DomainsChanged
from contracts.ids import ActionId, GptId, MemberId, WorkspaceId
from contracts.requests import Answer, Decide, Verdict
from execution_service.domain.call import CallableOperation
from kit.bus import Bus
from kit.cache import WatchedCache
from kit.watch import FactWatch

MAX_VERDICTS = 100_000


@dataclass(frozen=True, slots=True)
class _Key:
    workspace_id: WorkspaceId
    member_id: MemberId
    action_id: ActionId
    operation: str
    method: str
    host: str
    consequential: bool


class CachedVerdicts:
    def __init__(self, bus: Bus, watch: FactWatch, *, kept_seconds: float) -> None:
        self._bus = bus
        self._cache = WatchedCache[_Key, Verdict](
            watch, max_entries=MAX_VERDICTS, ttl_seconds=kept_seconds
        )
        watch.on(DomainsChanged, self._rules_changed)
        watch.on(ActionRemoved, self._action_removed)

    def _rules_changed(self, changed: DomainsChanged) -> None:
        self._cache.drop(lambda key: key.workspace_id == changed.workspace_id)

    def _action_removed(self, removed: ActionRemoved) -> None:
        self._cache.drop(lambda key: key.action_id == removed.action_id)

    async def decide(
        self, workspace_id: WorkspaceId, member_id: MemberId, gpt_id: GptId, call: CallableOperation
    ) -> Verdict:
        operation = call.compiled.operation
        key = _Key(
            workspace_id,
            member_id,
            call.action_id,
            operation.name,
            operation.method,
            call.target.host,
            operation.consequential,
        )
        return await self._cache.get_or_load(
            key, lambda: self._ask(key, gpt_id), keep=_kept_seconds
        )

    async def _ask(self, key: _Key, gpt_id: GptId) -> Verdict:
        return await self._bus.ask(
            Decide(
                workspace_id=key.workspace_id,
                member_id=key.member_id,
                gpt_id=gpt_id,
                action_id=key.action_id,
                operation=key.operation,
                method=key.method,
                host=key.host,
                consequential=key.consequential,
            )
        )


def _kept_seconds(verdict: Verdict) -> float | None:
    return 0 if verdict.answer is Answer.ASK else None
