from dataclasses import dataclass

from contracts.requests import Authenticate, AuthenticatedCaller, CredentialKind
from identity_service.usecases.authenticate_session import AuthenticateSession
from identity_service.usecases.authenticate_token import AuthenticateToken
from kit.errors import Unauthenticated


@dataclass(frozen=True, slots=True)
class AuthenticateCaller:
    """Who is behind what somebody presented? Nobody may act on behalf of another member yet."""

    authenticate_token: AuthenticateToken
    authenticate_session: AuthenticateSession

    async def __call__(self, asked: Authenticate) -> AuthenticatedCaller:
        if asked.on_behalf_of is not None:
            raise Unauthenticated
        if asked.kind is CredentialKind.SESSION:
            return await self.authenticate_session(asked.token_digest)
        return await self.authenticate_token(asked.token_digest)
