"""What a builder enters. Secrets are `SecretStr`: no error message of the parser shows them."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Discriminator, Field, SecretStr, Tag

from auth_service.domain.credential import Placement
from auth_service.domain.credential_material import CredentialMaterial
from auth_service.domain.errors import SecretInvalid
from auth_service.usecases.set_credential import EnteredApiKey
from kit.sealing import Secret

MAX_HEADERS = 10
Text = Annotated[SecretStr, Field(max_length=16 * 1024)]
Name = Annotated[str, Field(min_length=1, max_length=1_000)]


class Body(BaseModel):
    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)


class NoneBody(Body):
    """The API wants no sign-in."""

    type: Literal["none"]

    def entered(self) -> None:
        return None


class ApiKeyBody(Body):
    type: Literal["api_key"]


class BasicBody(ApiKeyBody):
    """`username` and `password`, or `encoded`: the ready-made value that follows "Basic "."""

    placement: Literal[Placement.BASIC]
    username: Text | None = None
    password: Text | None = None
    encoded: Text | None = None

    def entered(self) -> EnteredApiKey:
        match (self.username, self.password, self.encoded):
            case (SecretStr() as user, SecretStr() as word, None):
                shown = CredentialMaterial.basic(_secret(user), _secret(word))
            case (None, None, SecretStr() as encoded):
                shown = CredentialMaterial.encoded_basic(_secret(encoded))
            case _:
                raise SecretInvalid(
                    "Basic takes a user name and a password, or one ready-made value.",
                    hint="Send `username` and `password`, or `encoded` alone.",
                )
        return EnteredApiKey(self.placement, shown)


class BearerBody(ApiKeyBody):
    placement: Literal[Placement.BEARER]
    token: Text

    def entered(self) -> EnteredApiKey:
        return EnteredApiKey(self.placement, CredentialMaterial.bearer(_secret(self.token)))


class HeaderBody(Body):
    name: Name = Field(examples=["X-Api-Key"])
    value: Text


class CustomBody(ApiKeyBody):
    """One header of the API's own."""

    placement: Literal[Placement.CUSTOM]
    name: Name = Field(examples=["X-Api-Key"])
    value: Text

    def entered(self) -> EnteredApiKey:
        shown = CredentialMaterial.in_headers([(self.name, _secret(self.value))])
        return EnteredApiKey(self.placement, shown)


class QueryBody(ApiKeyBody):
    """A query parameter. Prefer a header where the API offers one: URLs end up in logs."""

    placement: Literal[Placement.QUERY]
    name: Name = Field(examples=["api_key"])
    value: Text

    def entered(self) -> EnteredApiKey:
        return EnteredApiKey(
            self.placement, CredentialMaterial.in_query(self.name, _secret(self.value))
        )


class HeadersBody(ApiKeyBody):
    """Several headers that sign in together, such as an application's id and its key."""

    placement: Literal[Placement.HEADERS]
    headers: list[HeaderBody] = Field(min_length=1, max_length=MAX_HEADERS)

    def entered(self) -> EnteredApiKey:
        fields = [(header.name, _secret(header.value)) for header in self.headers]
        return EnteredApiKey(self.placement, CredentialMaterial.in_headers(fields))


def _form(unverified: Any) -> str | None:
    """Which of the bodies below this is meant to be. A callable: nested discriminators by name
    would make an OpenAPI document that is not valid.
    """
    if not isinstance(unverified, dict):
        return getattr(unverified, "placement", "none")
    form = unverified.get("placement" if unverified.get("type") == "api_key" else "type")
    return form if isinstance(form, str) else None


CredentialBody = Annotated[
    Annotated[NoneBody, Tag("none")]
    | Annotated[BasicBody, Tag("basic")]
    | Annotated[BearerBody, Tag("bearer")]
    | Annotated[CustomBody, Tag("custom")]
    | Annotated[QueryBody, Tag("query")]
    | Annotated[HeadersBody, Tag("headers")],
    Discriminator(
        _form,
        custom_error_type="unknown_form",
        custom_error_message="`type` is `none`, or `api_key` with a `placement` of `basic`, "
        "`bearer`, `custom`, `query` or `headers`",
    ),
]


def _secret(entered: SecretStr) -> Secret[str]:
    return Secret(entered.get_secret_value())
