from dataclasses import dataclass

from contracts.principal import OnlyTokensAct
from contracts.requests import Authenticate, AuthenticatedCaller, CredentialKind
from identity_service.usecases.authenticate_on_behalf import AuthenticateOnBehalf
from identity_service.usecases.authenticate_session import AuthenticateSession
from identity_service.usecases.authenticate_token import AuthenticateToken


@dataclass(frozen=True, slots=True)
class AuthenticateCaller:
    """Who is behind what somebody presented? Nobody acts for somebody else with a session."""

    authenticate_token: AuthenticateToken
    authenticate_session: AuthenticateSession
    authenticate_on_behalf: AuthenticateOnBehalf

    async def __call__(self, asked: Authenticate) -> AuthenticatedCaller:
        whom = asked.on_behalf_of
        if asked.kind is CredentialKind.SESSION:
            if whom is not None:
                raise OnlyTokensAct
            return await self.authenticate_session(asked.token_digest)
        if whom is not None:
            return await self.authenticate_on_behalf(asked.token_digest, whom)
        return await self.authenticate_token(asked.token_digest)
