"""What a workspace and its members may call: so many a minute, and so many at once."""

from dataclasses import dataclass

from contracts.errors import Limited, PlatformError
from contracts.ids import WorkspaceId
from contracts.principal import Principal
from execution_service.domain.call_quotas import CallQuotas
from execution_service.ports import Quotas
from kit.counted import counted
from kit.front import ANSWER_HEADERS, Scope
from kit.rate_headers import rate_limit_headers
from kit.rate_limits import RateLimited, RateLimits
from kit.shares import FairShares


class TooManyAtOnce(Limited):
    """The workspace has as many calls under way as its own settings allow."""

    code = "execution.concurrent_calls"

    def __init__(self, most: int) -> None:
        super().__init__(
            f"This workspace has {counted(most, 'call')} under way here, which is as many as its "
            "settings allow at once.",
            hint="Wait until some of them have ended. Owners and admins change the limit: PATCH "
            "/v1/settings with `concurrent_calls`.",
            retry_after_seconds=1.0,
        )


@dataclass(frozen=True, slots=True)
class CallLimits:
    quotas: Quotas
    rates: RateLimits
    calls: FairShares
    """Calls under way in this replica."""

    async def admit(self, scope: Scope, caller: Principal) -> CallQuotas:
        """Counts the call under the workspace's and the member's quota, or refuses it; either way
        the answer says what is left of both.
        """
        quotas = await self.quotas.find(caller.workspace_id)
        limits = quotas.limits(caller)
        try:
            await self.rates.admit(limits)
        except RateLimited as refused:
            left = self.rates.remaining(limits)
            scope[ANSWER_HEADERS] = rate_limit_headers(left, refused)
            raise
        scope[ANSWER_HEADERS] = rate_limit_headers(self.rates.remaining(limits))
        return quotas

    def demand_room(self, workspace_id: WorkspaceId, quotas: CallQuotas) -> None:
        """Raises `TooManyAtOnce`."""
        most = quotas.concurrent_calls
        if most is not None and self.calls.held_by(workspace_id) >= most:
            raise TooManyAtOnce(most)

    async def has_room(self, workspace_id: WorkspaceId) -> bool:
        """Whether one more call of the workspace may start in this replica."""
        if not self.calls.has_room(workspace_id):
            return False
        try:
            most = (await self.quotas.find(workspace_id)).concurrent_calls
        except PlatformError:
            return True  # the call itself needs policy, and is put back while that is away
        return most is None or self.calls.held_by(workspace_id) < most
