"""What a builder enters. Secrets are `SecretStr`: no error message of the parser shows them."""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Discriminator, Field, SecretStr, Tag

from auth_service.domain.entered import EnteredApiKey
from auth_service.domain.errors import SecretInvalid
from auth_service.domain.header_field import AUTHORIZATION
from auth_service.domain.placement import Placement
from auth_service.domain.referred_key import key_of
from auth_service.entrypoints.body import Body, Name, ReferenceBody, SecretBody, part_of
from auth_service.entrypoints.client_bodies import ClientCredentialsBody, OAuthBody
from auth_service.entrypoints.own_key_body import OwnKeyBody
from auth_service.entrypoints.stored_names import in_our_names

MAX_HEADERS = 10


class NoneBody(Body):
    """The API wants no sign-in."""

    type: Literal["none"]

    def entered(self) -> None:
        return None


class ApiKeyBody(Body):
    type: Literal["api_key"]
    placement: Placement
    per_user: Literal[False] = False

    def _entered(self, name: str, *values: SecretStr | ReferenceBody) -> EnteredApiKey:
        key = key_of(self.placement, [name], [*map(part_of, values)])
        return EnteredApiKey(self.placement, key)


class BasicBody(ApiKeyBody):
    """`username` and `password`, or `encoded`: the ready-made value that follows "Basic "."""

    placement: Literal[Placement.BASIC]
    username: SecretBody | None = None
    password: SecretBody | None = None
    encoded: SecretBody | None = None

    def entered(self) -> EnteredApiKey:
        pair, encoded = (self.username, self.password), self.encoded
        match [each for each in (*pair, encoded) if each is not None]:
            case [user, word] if encoded is None:
                return self._entered(AUTHORIZATION, user, word)
            case [value] if encoded is not None:
                return self._entered(AUTHORIZATION, value)
        raise SecretInvalid(
            "Basic takes a user name and a password, or one ready-made value.",
            hint="Send `username` and `password`, or `encoded` alone.",
        )


class BearerBody(ApiKeyBody):
    placement: Literal[Placement.BEARER]
    token: SecretBody

    def entered(self) -> EnteredApiKey:
        return self._entered(AUTHORIZATION, self.token)


class HeaderBody(Body):
    name: Name = Field(examples=["X-Api-Key"])
    value: SecretBody


class CustomBody(ApiKeyBody):
    """One header of the API's own; or `Authorization` with a scheme that has no placement of its
    own, which the value begins with: `SharedAccessKey …`.
    """

    placement: Literal[Placement.CUSTOM]
    name: Name = Field(examples=["X-Api-Key"])
    value: SecretBody

    def entered(self) -> EnteredApiKey:
        return self._entered(self.name, self.value)


class QueryBody(ApiKeyBody):
    """A query parameter. Prefer a header where the API offers one: URLs end up in logs."""

    placement: Literal[Placement.QUERY]
    name: Name = Field(examples=["api_key"])
    value: SecretBody

    def entered(self) -> EnteredApiKey:
        return self._entered(self.name, self.value)


class HeadersBody(ApiKeyBody):
    """Several headers that sign in together, such as an application's id and its key."""

    placement: Literal[Placement.HEADERS]
    headers: list[HeaderBody] = Field(min_length=1, max_length=MAX_HEADERS)

    def entered(self) -> EnteredApiKey:
        names = [header.name for header in self.headers]
        parts = [part_of(header.value) for header in self.headers]
        return EnteredApiKey(self.placement, key_of(self.placement, names, parts))


def _form(unverified: Any) -> str | None:
    """Which of the bodies below this is meant to be. A callable: nested discriminators by name
    would make an OpenAPI document that is not valid.
    """
    if not isinstance(unverified, dict):
        return _form_of(unverified)
    type_ = unverified.get("type")
    if type_ == "api_key" and unverified.get("per_user") is True:
        return "per_user"
    form = unverified.get("placement" if type_ == "api_key" else "type")
    return form if isinstance(form, str) else None


def _form_of(body: Any) -> str:
    if isinstance(body, OwnKeyBody):
        return "per_user"
    return str(getattr(body, "placement", getattr(body, "type", "none")))


CredentialBody = Annotated[
    Annotated[NoneBody, Tag("none")]
    | Annotated[BasicBody, Tag("basic")]
    | Annotated[BearerBody, Tag("bearer")]
    | Annotated[CustomBody, Tag("custom")]
    | Annotated[QueryBody, Tag("query")]
    | Annotated[HeadersBody, Tag("headers")]
    | Annotated[OwnKeyBody, Tag("per_user")]
    | Annotated[OAuthBody, Tag("oauth")]
    | Annotated[ClientCredentialsBody, Tag("client_credentials")],
    Discriminator(
        _form,
        custom_error_type="unknown_form",
        custom_error_message="`type` is `none`, `oauth`, `client_credentials`, or `api_key` with a "
        "`placement` of `basic`, `bearer`, `custom`, `query` or `headers`",
    ),
    BeforeValidator(in_our_names),
]
