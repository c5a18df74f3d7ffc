from contextlib import suppress
from dataclasses import dataclass

from identity_service.domain.oidc.errors import LogoutTokenInvalid
from identity_service.domain.oidc.logout_token import TYPES, Logout, logout_of
from identity_service.domain.oidc.provider import ALGORITHMS
from identity_service.domain.oidc.sign_in_settings import SignInSettings
from identity_service.domain.oidc.signed_token import KeyNotKnown, SignedToken, TokenRefused
from identity_service.ports import (
    Clock,
    LogoutTokenStore,
    Providers,
    SessionStore,
    SignInSettingsStore,
)
from identity_service.usecases.end_session import EndSession
from kit.errors import NothingHere, NotInForce


@dataclass(frozen=True, slots=True)
class EndProviderSessions:
    """Sign out whom their company signs out (OpenID Connect Back-Channel Logout 1.0).

    `LogoutTokenInvalid` where the token proves nothing, or was carried out before. It counts as
    carried out once every session's end is in force.
    """

    providers: Providers
    settings: SignInSettingsStore
    sessions: SessionStore
    tokens: LogoutTokenStore
    end_session: EndSession
    clock: Clock

    async def __call__(self, logout_token: str) -> None:
        try:
            token = SignedToken.parse(logout_token, ALGORITHMS, TYPES)
            concerned = await self._concerned(token)
            logout = await self._logout(token, concerned[0])
        except TokenRefused as error:
            raise LogoutTokenInvalid(str(error)) from None
        remembered_in = concerned[0].workspace_id
        if await self.tokens.is_known(remembered_in, logout):
            raise LogoutTokenInvalid("it was carried out before")
        await self._end(concerned, logout)
        await self.tokens.note(remembered_in, logout, self.clock())

    async def _concerned(self, token: SignedToken) -> list[SignInSettings]:
        """Nothing is asked of an issuer whom no workspace named."""
        issuer, audience = (token.unverified.get(name) for name in ("iss", "aud"))
        audiences = [audience] if isinstance(audience, str) else audience
        if not isinstance(issuer, str) or not isinstance(audiences, list):
            raise TokenRefused("it does not say whose it is, and for whom")
        found = await self.settings.of_issuer(issuer)
        clients = [each for each in found if each.client_id in audiences]
        if not clients:
            raise TokenRefused("it is of an issuer, or for an application, that nobody has here")
        return [each for each in clients if each.client_id == clients[0].client_id]

    async def _logout(self, token: SignedToken, settings: SignInSettings) -> Logout:
        provider = await self.providers.discover(settings.issuer)
        if token.algorithm not in provider.algorithms:
            raise TokenRefused("it is signed by an algorithm that is not allowed")
        try:
            claims = token.verified(await self.providers.keys(provider))
        except KeyNotKnown:
            claims = token.verified(await self.providers.keys(provider, anew=True))
        return logout_of(claims, settings.issuer, settings.client_id, self.clock())

    async def _end(self, concerned: list[SignInSettings], logout: Logout) -> None:
        late: NotInForce | None = None
        for settings in concerned:
            for session in await self.sessions.of_provider(settings.workspace_id, logout):
                try:
                    with suppress(NothingHere):  # it expired meanwhile
                        await self.end_session(session.workspace_id, session.member_id, session.id)
                except NotInForce as error:
                    late = error
        if late is not None:
            raise late
