from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from auth_service.domain.action_credentials import ActionCredentials
from auth_service.domain.credential import Credential
from auth_service.domain.credential_material import CredentialMaterial
from auth_service.domain.errors import SecretUnreadable, about_credentials
from auth_service.domain.oauth.token_answer import TokenAnswer
from auth_service.domain.oauth.token_request import client_credentials_request
from auth_service.domain.renewal import Renewal
from auth_service.domain.service_token import ServiceToken
from auth_service.domain.token_set import TokenSet
from auth_service.ports import ServiceTokens
from auth_service.usecases.open_client import OpenClient
from auth_service.usecases.renew_token import RenewToken, TokenGrant, TokenSource
from kit.key_ring import KeyRing

NO_MEMBER = ""
SHORTEST = timedelta(seconds=5)
"""For which a token is handed out that says it lives shorter: the call needs it."""


@dataclass(frozen=True, slots=True)
class IssuedToken:
    material: CredentialMaterial
    generation: int
    usable_until: datetime | None
    """None: until the API answers 401."""


@dataclass(frozen=True, slots=True)
class IssueServiceToken:
    """The action's own access token (RFC 6749, 4.4), for one origin of its API."""

    tokens: ServiceTokens
    renew: RenewToken
    keys: KeyRing
    open_client: OpenClient

    async def __call__(
        self, credentials: ActionCredentials, record: Credential, origin: str, rejected: int | None
    ) -> IssuedToken:
        """Raises as `RenewToken` does, and `SecretUnreadable`."""
        kept = await self.tokens.find(
            credentials.workspace_id, credentials.action_id, record.revision
        )
        grant = partial(self._grant, credentials, record)
        kept = await self.renew(TokenSource(self.tokens, grant), kept, rejected)
        tokens = await self._opened(kept)
        bound = {*record.origins} <= {*tokens.api_origins}
        if not bound or not tokens.is_of(credentials.action_id, NO_MEMBER):
            raise SecretUnreadable
        return IssuedToken(
            tokens.for_origin(origin), kept.renewal.generation, usable_until(kept.renewal)
        )

    async def _opened(self, kept: ServiceToken) -> TokenSet:
        if kept.sealed is None:
            raise SecretUnreadable
        with about_credentials():
            return TokenSet.from_storage(await self.keys.open(kept.sealed, kept.place))

    async def _grant(
        self, credentials: ActionCredentials, record: Credential, kept: ServiceToken
    ) -> TokenGrant[ServiceToken]:
        opened = await self.open_client(credentials, record)

        def token_set(answer: TokenAnswer) -> TokenSet:
            """A refresh token of client credentials is not kept (RFC 6749, 4.4.3)."""
            return TokenSet(
                NO_MEMBER,
                kept.action_id,
                opened.api_origins,
                opened.sealed_to,
                answer.access_token,
            )

        request = client_credentials_request(opened.client)
        return TokenGrant(
            opened.client, request, token_set, can_end=False, renewable=lambda _: True
        )


def usable_until(renewal: Renewal) -> datetime | None:
    end, begin = renewal.expires_at, renewal.obtained_at
    return None if end is None else max(end, begin + SHORTEST)
