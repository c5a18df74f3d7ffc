from typing import Annotated, Literal

from pydantic import Field

from auth_service.domain.client_form import ClientForm
from auth_service.domain.entered import EnteredClient
from auth_service.domain.oauth.profile import BodyFormat, TokenExchangeMethod
from auth_service.domain.sign_in import SignIn
from auth_service.entrypoints.body import Body, SecretBody, part_of

MAX_PARAMETERS = 20
Url = Annotated[str, Field(max_length=2_048)]
Parameters = Annotated[dict[str, str], Field(max_length=MAX_PARAMETERS)]
Preset = Literal["generic", "github", "google", "microsoft", "slack", "salesforce", "notion"]
SECRET = "Left out: the kept one goes on, where its hosts and the API's stay the same."  # noqa: S105


class ClientBody(Body):
    """`preset` fills what is left out, else the provider that the token URL's host is known to be;
    a part of the token request that it does not say is as RFC 6749 says.
    """

    preset: Preset | None = None
    client_id: str = Field(min_length=1, max_length=1_024)
    client_secret: SecretBody | None = Field(default=None, description=SECRET)
    token_url: Url | None = Field(default=None, examples=["https://provider.example/oauth/token"])
    scope: str = Field(
        default="", max_length=16_384, description="With spaces between; empty: none is sent."
    )
    token_exchange_method: TokenExchangeMethod | None = None
    raw: bool | None = Field(
        default=None,
        description="Of `basic_auth_header`: without the encoding of RFC 6749, 2.3.1.",
    )
    token_request_format: BodyFormat | None = None
    revocation_url: Url | None = Field(
        default=None, description="RFC 7009; empty: the provider has none."
    )
    token_parameters: Parameters = Field(
        default={}, description="Sent with each token request: `audience`, `resource`."
    )

    def _entered(self, form: ClientForm) -> EnteredClient:
        secret = None if self.client_secret is None else part_of(self.client_secret)
        return EnteredClient(form.settings(), secret)


class OAuthBody(ClientBody):
    """Each member signs in with an account of their own (RFC 6749, 4.1)."""

    type: Literal["oauth"]
    authorization_url: Url | None = Field(
        default=None, examples=["https://provider.example/oauth/authorize"]
    )
    refresh_url: Url | None = Field(default=None, description="Where it is not the token URL.")
    scope_separator: Literal[" ", ","] | None = None
    pkce: bool | None = Field(default=None, description="RFC 7636, by S256.")
    authorization_parameters: Parameters | None = Field(
        default=None, description="Added to the authorization URL: `access_type`, `prompt`."
    )

    def entered(self) -> EnteredClient:
        return self._entered(
            ClientForm(
                SignIn.OAUTH,
                self.client_id,
                self.preset,
                self.authorization_url,
                self.token_url,
                self.refresh_url,
                self.revocation_url,
                self.scope,
                self.scope_separator,
                self.token_exchange_method,
                self.raw,
                self.token_request_format,
                self.pkce,
                self.authorization_parameters,
                self.token_parameters,
            )
        )


class ClientCredentialsBody(ClientBody):
    """The action signs in as itself (RFC 6749, 4.4)."""

    type: Literal["client_credentials"]

    def entered(self) -> EnteredClient:
        return self._entered(
            ClientForm(
                SignIn.CLIENT_CREDENTIALS,
                self.client_id,
                self.preset,
                token_url=self.token_url,
                revocation_url=self.revocation_url,
                scope=self.scope,
                exchange=self.token_exchange_method,
                is_raw=self.raw,
                body=self.token_request_format,
                token_parameters=self.token_parameters,
            )
        )
