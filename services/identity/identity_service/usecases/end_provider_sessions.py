from dataclasses import dataclass

from identity_service.domain.oidc.client import is_same_client
from identity_service.domain.oidc.errors import LogoutTokenInvalid
from identity_service.domain.oidc.logout_token import TYPES, Logout, logout_of
from identity_service.domain.oidc.provider import ALGORITHMS
from identity_service.domain.oidc.sign_in_settings import SignInSettings
from identity_service.domain.oidc.signed_token import SignedToken, TokenRefused
from identity_service.ports import (
    Clock,
    LogoutTokenStore,
    Providers,
    SessionStore,
    SignInSettingsStore,
)
from identity_service.usecases.check_signature import CheckSignature
from identity_service.usecases.end_session import EndSession
from kit.in_force import each_in_force

BEFORE = "it was carried out before"


@dataclass(frozen=True, slots=True)
class EndProviderSessions:
    """Sign out whom their company signs out (OpenID Connect Back-Channel Logout 1.0).

    `LogoutTokenInvalid` where the token proves nothing, or was carried out before. It counts as
    carried out once every session's end is in force; of several of the same that come at once, each
    ends what there is, and one is the first.
    """

    providers: Providers
    check_signature: CheckSignature
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
            raise LogoutTokenInvalid(BEFORE)
        await self._end(concerned, logout)
        if not await self.tokens.note(remembered_in, logout, self.clock()):
            raise LogoutTokenInvalid(BEFORE)

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
        return [each for each in clients if is_same_client(each, clients[0])]

    async def _logout(self, token: SignedToken, settings: SignInSettings) -> Logout:
        provider = await self.providers.discover(settings.issuer)
        if token.algorithm not in provider.algorithms:
            raise TokenRefused("it is signed by an algorithm that is not allowed")
        claims = await self.check_signature(provider, token)
        return logout_of(claims, settings.issuer, settings.client_id, self.clock())

    async def _end(self, concerned: list[SignInSettings], logout: Logout) -> None:
        within = [settings.workspace_id for settings in concerned]
        ending = [each for id_ in within for each in await self.sessions.of_provider(id_, logout)]
        end = self.end_session
        await each_in_force(end(each.workspace_id, each.member_id, each.id) for each in ending)
