"""A workspace's switches, beside its domain rules."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from contracts.ids import WorkspaceId


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

    def changed(self, switches: Mapping[str, bool]) -> "WorkspaceSettings":
        """With these; the same object where nothing changes."""
        switched = replace(
            self,
            custom_actions_enabled=switches.get(
                "custom_actions_enabled", self.custom_actions_enabled
            ),
            unique_hosts=switches.get("unique_hosts", self.unique_hosts),
            first_call_asks=switches.get("first_call_asks", self.first_call_asks),
            tolerant_arguments=switches.get("tolerant_arguments", self.tolerant_arguments),
        )
        return self if switched == self else replace(switched, revision=self.revision + 1)
