from dataclasses import dataclass

from identity_service.domain.oidc.provider import Provider
from identity_service.domain.oidc.signed_token import Claims, KeyNotKnown, SignedToken
from identity_service.ports import Providers


@dataclass(frozen=True, slots=True)
class CheckSignature:
    """What a token says, which one of its provider's keys signed; else `TokenRefused`.

    A provider that changed its keys since they were fetched is asked for them once more.
    """

    providers: Providers

    async def __call__(self, provider: Provider, token: SignedToken) -> Claims:
        try:
            return token.verified(await self.providers.keys(provider))
        except KeyNotKnown:
            return token.verified(await self.providers.keys(provider, anew=True))
