from collections.abc import Callable
from dataclasses import dataclass

from auth_service.domain.attempt import Attempt
from auth_service.domain.client_settings import ClientSettings
from auth_service.domain.errors import PublicUrlUnset, SignInNotOauth, TicketOver
from auth_service.domain.oauth.authorization_request import authorization_address
from auth_service.ports import Clock, EndedOnce, SignInSeal
from auth_service.usecases.find_issuer import FindIssuer
from auth_service.usecases.find_sign_in import FindSignIn
from auth_service.usecases.read_callback import callback_url
from contracts.ids import ActionId, new_id
from contracts.principal import Principal

DrawText = Callable[[], str]


@dataclass(frozen=True, slots=True)
class WantedSignIn:
    action_id: ActionId
    return_to: str
    """A path of ours."""
    ticket_id: str = ""
    """Of the ticket that this uses up; empty where there is none."""


@dataclass(frozen=True, slots=True)
class BeginAttempt:
    """Where the browser goes to sign in. Of the attempt nothing is kept here, of a ticket that it
    was used.
    """

    find: FindSignIn
    find_issuer: FindIssuer
    seal: SignInSeal
    ended: EndedOnce
    draw: DrawText
    """256 random bits in base64url."""
    clock: Clock
    origin: str

    async def __call__(
        self, principal: Principal, wanted: WantedSignIn, browser_secret: str
    ) -> str:
        """Raises as `FindSignIn` does, `SignInNotOauth`, `PublicUrlUnset` and `TicketOver`."""
        found = await self.find(principal, wanted.action_id)
        settings = found.client
        if settings is None:
            raise SignInNotOauth
        if not self.origin:
            raise PublicUrlUnset
        await self._use_up(principal, wanted)
        attempt = await self._attempt(principal, wanted, settings, found.record.origin_set)
        return authorization_address(
            settings.with_secret(None),
            attempt.redirect_uri,
            self.seal.seal_attempt(attempt, browser_secret),
            attempt.verifier,
        )

    async def _use_up(self, principal: Principal, wanted: WantedSignIn) -> None:
        if not wanted.ticket_id:
            return
        if not await self.ended.end(principal.workspace_id, wanted.ticket_id, self.clock()):
            raise TicketOver

    async def _attempt(
        self,
        principal: Principal,
        wanted: WantedSignIn,
        settings: ClientSettings,
        origin_set: str,
    ) -> Attempt:
        pool_key = f"{principal.workspace_id}/{wanted.action_id}"
        metadata = await self.find_issuer(settings, pool_key)
        return Attempt(
            new_id("att"),
            principal.workspace_id,
            wanted.action_id,
            principal.member_id,
            origin_set,
            settings.digest,
            callback_url(self.origin, wanted.action_id),
            wanted.return_to,
            self.clock(),
            self.draw(),
            metadata.issuer if metadata else "",
            bool(metadata and metadata.names_itself),
        )
