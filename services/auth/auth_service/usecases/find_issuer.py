import asyncio
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from auth_service.domain.client_settings import ClientSettings
from auth_service.domain.oauth.answer_document import document_of
from auth_service.domain.oauth.errors import MetadataUnsuitable, ProviderUnavailable, UrlInvalid
from auth_service.domain.oauth.server_metadata import ServerMetadata, metadata_addresses
from auth_service.domain.oauth.token_request import ACCEPT, OAuthRequest
from auth_service.ports import TokenEndpoint
from egress.server_url import canonical_origin

LONGEST_SECONDS = 3.0
"""For which somebody who wants to sign in waits for it."""


@dataclass(frozen=True, slots=True)
class FindIssuer:
    """Who the provider says it is (RFC 8414), so that its answers can be told from another's (RFC
    9207): of providers whose issuer is the origin of the authorization URL. None where nothing
    suitable says so; then the action's own redirect URI is what tells them apart (RFC 9700, 4.4.2).

    `plain_origins` are canonical, and may be http.
    """

    endpoint: TokenEndpoint
    plain_origins: frozenset[str] = frozenset()

    async def __call__(self, settings: ClientSettings, pool_key: str) -> ServerMetadata | None:
        origin = canonical_origin(settings.authorization_url)
        try:
            async with asyncio.timeout(LONGEST_SECONDS):
                for address in metadata_addresses(origin):
                    found = await self._at(address, settings, pool_key)
                    if found is not None:
                        return found
        except (TimeoutError, ProviderUnavailable, MetadataUnsuitable, UrlInvalid):
            return None
        return None

    async def _at(
        self, address: str, settings: ClientSettings, pool_key: str
    ) -> ServerMetadata | None:
        request = OAuthRequest(address, (("accept", ACCEPT),), b"", "GET")
        answer = await self.endpoint.send(request, pool_key)
        document = document_of(answer) if answer.is_success else None
        if document is None:
            return None
        found = _suitable(document, settings, self.plain_origins)
        asked = settings.authorization_url.partition("?")[0]
        return found if found.authorization_url.partition("?")[0] == asked else None


def _suitable(
    document: Mapping[str, Any], settings: ClientSettings, plain_origins: Collection[str]
) -> ServerMetadata:
    """An issuer may be written with a slash behind its host: both are at the same address (RFC
    8414, 3.1). Raises `MetadataUnsuitable`.
    """
    origin = canonical_origin(settings.authorization_url)
    named = document.get("issuer")
    return ServerMetadata.of(
        document,
        f"{origin}/" if named == f"{origin}/" else origin,
        settings.profile,
        other_origins=settings.sealed_to,
        plain_origins=plain_origins,
    )
