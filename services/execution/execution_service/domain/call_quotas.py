"""What a workspace allows itself and each member: calls a minute, and at once."""

from dataclasses import dataclass

from contracts.principal import Principal
from contracts.requests import WorkspaceSettings
from kit.quota import Limit, Quota


@dataclass(frozen=True, slots=True)
class CallQuotas:
    """None: no limit."""

    of_workspace: Quota | None = None
    of_member: Quota | None = None
    concurrent_calls: int | None = None
    """In each replica."""

    @classmethod
    def of(cls, settings: WorkspaceSettings) -> "CallQuotas":
        return cls(
            _quota(settings.calls_per_minute),
            _quota(settings.calls_per_minute_per_member),
            settings.concurrent_calls,
        )

    def limits(self, caller: Principal) -> tuple[Limit, ...]:
        """Those that a call is under."""
        workspace, member = caller.workspace_id, caller.member_id
        found: tuple[Limit, ...] = ()
        if self.of_workspace is not None:
            found = (Limit("workspace", "This workspace", (workspace,), self.of_workspace),)
        if self.of_member is not None:
            found = (*found, Limit("member", "You", (workspace, member), self.of_member))
        return found


def _quota(per_minute: int | None) -> Quota | None:
    return None if per_minute is None else Quota(per_minute)
