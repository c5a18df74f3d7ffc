from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, Field

from auth_service.domain.client_settings import ClientSettings
from auth_service.domain.credential import Credential
from auth_service.domain.oauth.profile import BodyFormat, TokenExchangeMethod
from auth_service.domain.secret_reference import SecretReference, SecretStoreName
from auth_service.domain.sign_in import SignIn


class ReferenceView(BaseModel):
    """What stands for a secret that stays in a store of the operator's."""

    part: str = Field(description="Of an API key: the member, or the header, that it stands for.")
    from_: SecretStoreName = Field(serialization_alias="from")
    path: str | None = Field(default=None, description="Of Vault.")
    secret_id: str | None = Field(default=None, description="Of AWS Secrets Manager.")
    key: str | None = None

    @classmethod
    def of(cls, reference: SecretReference, part: str) -> "ReferenceView":
        is_vault = reference.store is SecretStoreName.VAULT
        return cls(
            part=part,
            from_=reference.store,
            path=reference.name if is_vault else None,
            secret_id=None if is_vault else reference.name,
            key=reference.key or None,
        )


class ClientView(BaseModel):
    """An OAuth client's settings, without its secret."""

    preset: str
    client_id: str
    has_client_secret: bool
    client_secret_reference: ReferenceView | None = None
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
        reference = client.secret_reference
        return cls(
            preset=client.preset,
            client_id=client.client_id,
            has_client_secret=client.sealed is not None,
            client_secret_reference=ReferenceView.of(reference, "client_secret")
            if reference
            else None,
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
        references = record.api_key.references if record.api_key else ()
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
                "references": [ReferenceView.of(each.reference, each.part) for each in references],
                "client": ClientView.of(client) if client else None,
            }
        )
