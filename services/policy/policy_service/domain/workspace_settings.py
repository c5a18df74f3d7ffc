"""A workspace's switches, beside its domain rules."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from contracts.ids import WorkspaceId
from contracts.requests.policy import CALLS_PER_MINUTE, CALLS_PER_MINUTE_PER_MEMBER

QUOTAS = ("calls_per_minute", "calls_per_minute_per_member")


@dataclass(frozen=True, slots=True)
class WorkspaceSettings:
    """As they are before anybody changed them, unless said otherwise."""

    workspace_id: WorkspaceId
    revision: int = 0
    custom_actions_enabled: bool = True
    unique_hosts: bool = False
    """Whether no two actions of a GPT may call the same host; publishing asks."""
    first_call_asks: bool = True
    """Whether a user is asked before their first call to an action, consequential or not. Without
    effect until there are approvals."""
    tolerant_arguments: bool = True
    """Whether a call's arguments are taken for what they unambiguously mean."""

    calls_per_minute: int | None = CALLS_PER_MINUTE
    """What all members together may call; None: no quota of the workspace's own."""
    calls_per_minute_per_member: int | None = CALLS_PER_MINUTE_PER_MEMBER
    concurrent_calls: int | None = None
    """Calls under way at once in each replica; None: the fair share of the replica alone."""

    def changed(self, changes: Mapping[str, Any]) -> "WorkspaceSettings":
        """With these members; the same object where nothing changes."""
        switched = replace(self, **changes)
        return self if switched == self else replace(switched, revision=self.revision + 1)

    def within(self, most: int | None) -> "WorkspaceSettings":
        """As they are in force where the operator allows `most` calls a minute."""
        if most is None:
            return self
        quotas: dict[str, Any] = {name: min(getattr(self, name) or most, most) for name in QUOTAS}
        return replace(self, **quotas)
