"""Verdicts of the gate, until rules change. Decisions about exactly one call are never kept."""

from typing import NamedTuple

from contracts.facts import ActionRemoved, DomainsChanged, SettingsChanged
from contracts.ids import ActionId, GptId, MemberId, WorkspaceId
from contracts.principal import Role
from contracts.requests import DecideCall, Gate, Verdict
from execution_service.domain.call import CallableOperation
from execution_service.domain.invocation import WantedCall
from execution_service.domain.voidable import Voidable
from kit.bus import Bus
from kit.cache import Limits, WatchedCache
from kit.watch import FactWatch

VERDICT_BYTES = 1_500
"""The key and the verdict without its texts."""


class _Key(NamedTuple):
    workspace_id: WorkspaceId
    gpt_workspace_id: WorkspaceId
    member_id: MemberId
    role: Role
    gpt_id: GptId
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

    async def gate(self, wanted: WantedCall, operation: CallableOperation) -> Voidable[Verdict]:
        key = _key(wanted, operation)
        return self._cache.find(key) or await self._cache.hold(
            key, lambda: self._bus.ask(Gate(**key._asdict()))
        )

    async def decide(
        self, wanted: WantedCall, operation: CallableOperation, arguments_hash: str
    ) -> Verdict:
        return await self._bus.ask(
            DecideCall(
                **_key(wanted, operation)._asdict(),
                arguments_hash=arguments_hash,
                consent_digest=operation.compiled.consent_digest,
            )
        )


def _key(wanted: WantedCall, operation: CallableOperation) -> _Key:
    principal, compiled = wanted.principal, operation.compiled
    return _Key(
        principal.workspace_id,
        wanted.gpt_workspace_id,
        principal.member_id,
        principal.role,
        wanted.gpt_id,
        operation.tool.action_id,
        compiled.name,
        compiled.method,
        operation.target.host,
        compiled.consequential,
    )


def _tags(key: _Key) -> tuple[str, ...]:
    """Both workspaces' rules count."""
    return key.workspace_id, key.gpt_workspace_id, key.action_id


def _size(_: _Key, verdict: Verdict) -> int:
    texts = (verdict.sentence, verdict.hint, verdict.rule or "")
    return VERDICT_BYTES + sum(map(len, texts))
