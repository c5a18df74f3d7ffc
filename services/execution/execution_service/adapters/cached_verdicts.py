"""Verdicts of policy, kept until a fact voids them. What asks, or was granted once, is not kept."""

from typing import NamedTuple

from contracts.facts import ActionRemoved, DomainsChanged, SettingsChanged
from contracts.ids import ActionId, GptId, MemberId, WorkspaceId
from contracts.requests import Answer, Decide, Verdict
from execution_service.domain.call import CallableOperation
from execution_service.domain.voidable import Voidable
from kit.bus import Bus
from kit.cache import Limits, WatchedCache
from kit.watch import FactWatch

VERDICT_BYTES = 1_500
"""The key and the verdict without its texts."""


class _Key(NamedTuple):
    workspace_id: WorkspaceId
    member_id: MemberId
    action_id: ActionId
    operation: str
    method: str
    host: str
    consequential: bool


class CachedVerdicts:
    def __init__(self, bus: Bus, watch: FactWatch, limits: Limits) -> None:
        self._bus = bus
        self._cache = WatchedCache[_Key, Verdict](
            watch, "verdicts", limits, tags_of=_tags, size_of=_size
        )
        watch.on(DomainsChanged, self._rules_changed)
        watch.on(SettingsChanged, self._rules_changed)
        watch.on(ActionRemoved, self._action_removed)

    def _rules_changed(self, changed: DomainsChanged | SettingsChanged) -> None:
        self._cache.drop(changed.workspace_id)

    def _action_removed(self, removed: ActionRemoved) -> None:
        self._cache.drop(removed.action_id)

    async def decide(
        self, workspace_id: WorkspaceId, member_id: MemberId, gpt_id: GptId, call: CallableOperation
    ) -> Voidable[Verdict]:
        operation = call.compiled
        key = _Key(
            workspace_id,
            member_id,
            call.action_id,
            operation.name,
            operation.method,
            call.target.host,
            operation.consequential,
        )
        return self._cache.find(key) or await self._cache.hold(
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


def _tags(key: _Key) -> tuple[str, str]:
    return key.workspace_id, key.action_id


def _size(_: _Key, verdict: Verdict) -> int:
    texts = (verdict.sentence, verdict.hint, verdict.rule or "")
    return VERDICT_BYTES + sum(map(len, texts))


def _kept_seconds(verdict: Verdict) -> float | None:
    return 0 if verdict.answer is Answer.ASK else None
