from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, Field

from auth_service.domain.client_settings import ClientSettings
from auth_service.domain.credential import Credential
from auth_service.domain.oauth.profile import BodyFormat, TokenExchangeMethod
from auth_service.domain.sign_in import SignIn


class ClientView(BaseModel):
    """An OAuth client's settings, without its secret."""

    preset: str
    client_id: str
    has_client_secret: bool
    authorization_url: str = Field(description="Empty for client credentials.")
    token_url: str
    refresh_url: str = Field(description="Empty: the token URL.")
    revocation_url: str = Field(description="Empty: the provider has none.")
    scope: str
    scope_separator: str
    token_exchange_method: TokenExchangeMethod
    raw: bool
    token_request_format: BodyFormat
    pkce: bool
    authorization_parameters: dict[str, str]
    token_parameters: dict[str, str]

    @classmethod
    def of(cls, client: ClientSettings) -> "ClientView":
        return cls(
            preset=client.preset,
            client_id=client.client_id,
            has_client_secret=client.sealed is not None,
            authorization_url=client.authorization_url,
            token_url=client.token_url,
            refresh_url=client.refresh_url,
            revocation_url=client.revocation_url,
            scope=" ".join(client.scopes),
            scope_separator=client.scope_separator,
            token_exchange_method=client.exchange,
            raw=client.is_raw,
            token_request_format=client.body,
            pkce=client.uses_pkce,
            authorization_parameters=dict(client.authorization_parameters),
            token_parameters=dict(client.token_parameters),
        )


@dataclass(frozen=True, slots=True)
class WayView:
    """The members of a view that say how something signs in."""

    members: dict[str, Any]

    @classmethod
    def of(cls, record: Credential | None) -> "WayView":
        if record is None:
            return cls({"type": SignIn.NONE})
        key, client = record.api_key or record.own_key, record.client
        return cls(
            {
                "type": record.sign_in,
                "placement": key.placement if key else None,
                "headers": list(key.header_names) if key else [],
                "query": list(key.parameter_names) if key else [],
                "per_user": record.per_user,
                "scheme": record.own_key.scheme if record.own_key else "",
                "labels": list(record.own_key.labels) if record.own_key else [],
                "client": ClientView.of(client) if client else None,
            }
        )
