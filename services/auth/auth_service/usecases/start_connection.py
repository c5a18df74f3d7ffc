from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from auth_service.domain.attempt import LIVES_FOR, Ticket
from auth_service.domain.errors import NoSignInHere, PublicUrlUnset, SignInNotOauth
from auth_service.ports import Clock, SignInSeal
from auth_service.usecases.find_sign_in import FindSignIn
from contracts.ids import ActionId
from contracts.principal import Principal

DrawId = Callable[[], str]


@dataclass(frozen=True, slots=True)
class Started:
    url: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class StartConnection:
    """An address at which this member, and nobody else, signs in to an action once. Nothing of it
    is kept.
    """

    find: FindSignIn
    seal: SignInSeal
    draw_id: DrawId
    clock: Clock
    origin: str
    """Of the installation's pages; empty where it is not known."""

    async def __call__(self, principal: Principal, action_id: ActionId, return_to: str) -> Started:
        """Raises as `FindSignIn` does, `SignInNotOauth` and `PublicUrlUnset`. `return_to` is a path
        of ours.
        """
        try:
            found = await self.find(principal, action_id)
        except NoSignInHere:
            raise SignInNotOauth from None
        if found.client is None:
            raise SignInNotOauth
        if not self.origin:
            raise PublicUrlUnset
        now = self.clock()
        ticket = Ticket(
            self.draw_id(),
            principal.workspace_id,
            action_id,
            principal.member_id,
            return_to,
            now,
        )
        url = f"{self.origin}/aip/{action_id}/oauth/start/{self.seal.seal_ticket(ticket)}"
        return Started(url, now + LIVES_FOR)
