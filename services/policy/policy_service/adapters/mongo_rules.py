from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from contracts.facts import DomainsChanged
from contracts.ids import WorkspaceId
from kit.codec import Codec
from kit.documents import Collection, Overtaken, Stored
from kit.mongo import Database, Taken
from kit.outbox import Outbox
from kit.retention import Forever
from policy_service.domain.domain_rules import DomainRules, Mode


@dataclass(frozen=True, slots=True)
class RulesState:
    mode: Mode
    """Without a default, as the list: what cannot be read must not allow anything."""
    domains: tuple[str, ...]
    taken_off: tuple[str, ...] = ()


RULES = Codec(RulesState, as_json=True)


class MongoRules:
    """One document a workspace, under the workspace's own id."""

    def __init__(self, database: Database, outbox: Outbox) -> None:
        self._rules = Collection(
            database=database,
            name="domain_rules",
            outbox=outbox,
            codec=RULES,
            kept=Forever("one a workspace"),
        )

    @property
    def collections(self) -> Sequence[Collection[Any]]:
        return (self._rules,)

    async def in_force(self, workspace_id: WorkspaceId) -> DomainRules:
        stored = await self._rules.within(workspace_id).find(workspace_id)
        if stored is None:
            return DomainRules(workspace_id)
        state = stored.state
        return DomainRules(
            workspace_id, stored.revision, state.mode, state.domains, state.taken_off
        )

    async def replace(self, seen: DomainRules, rules: DomainRules, fact: DomainsChanged) -> None:
        within = self._rules.within(rules.workspace_id)
        state = RulesState(rules.mode, tuple(rules.domains), tuple(rules.taken_off))
        if seen.revision == 0:
            try:
                await within.add(rules.workspace_id, state, fact)
            except Taken:
                raise Overtaken from None
        else:
            stored: Stored[Any] = Stored(rules.workspace_id, rules.workspace_id, seen.revision, {})
            await within.change(stored, state, fact)

    async def ensure_in_force(self, workspace_id: WorkspaceId) -> None:
        await self._rules.within(workspace_id).ensure_in_force(workspace_id)
