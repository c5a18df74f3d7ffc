from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Discriminator, Field, SecretStr, Tag

from auth_service.domain.referred_key import Part
from auth_service.domain.secret_reference import (
    MAX_KEY_CHARACTERS,
    MAX_NAME_CHARACTERS,
    SecretReference,
    SecretStoreName,
)
from kit.sealing import Secret

Text = Annotated[SecretStr, Field(max_length=16 * 1024)]
Name = Annotated[str, Field(min_length=1, max_length=1_000)]


class Body(BaseModel):
    """What a builder enters. Secrets are `SecretStr`: no error message of the parser shows them."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)


class TrialBody(BaseModel):
    """With which operation credentials are tested."""

    model_config = ConfigDict(extra="forbid")

    operation_id: str | None = Field(
        default=None,
        min_length=1,
        max_length=64,
        description="A GET operation of the draft without required arguments, by its name; left "
        "out: the first one.",
    )


class VaultReferenceBody(Body):
    """A secret in HashiCorp Vault's KV engine."""

    from_: Literal["vault"] = Field(alias="from")
    path: str = Field(
        max_length=MAX_NAME_CHARACTERS,
        description="Below `/v1/`, as Vault's API has it.",
        examples=["secret/data/openactions/ws_…/pets"],
    )
    key: str = Field(min_length=1, max_length=MAX_KEY_CHARACTERS)

    @property
    def reference(self) -> SecretReference:
        return SecretReference.checked(SecretStoreName.VAULT, self.path, self.key)


class AwsReferenceBody(Body):
    """A secret in AWS Secrets Manager."""

    from_: Literal["aws_secrets_manager"] = Field(alias="from")
    secret_id: str = Field(max_length=MAX_NAME_CHARACTERS, description="Its name, not its ARN.")
    key: str | None = Field(
        default=None,
        min_length=1,
        max_length=MAX_KEY_CHARACTERS,
        description="Of a secret that is a JSON object; left out: all of the text.",
    )

    @property
    def reference(self) -> SecretReference:
        return SecretReference.checked(SecretStoreName.AWS, self.secret_id, self.key or "")


ReferenceBody = VaultReferenceBody | AwsReferenceBody


def _form(unverified: Any) -> str | None:
    """Which of the forms below this is meant to be."""
    if isinstance(unverified, dict):
        store = unverified.get("from")
    elif isinstance(unverified, ReferenceBody):
        store = unverified.from_
    else:
        return "text"
    return store if isinstance(store, str) else None


SecretBody = Annotated[
    Annotated[Text, Tag("text")]
    | Annotated[VaultReferenceBody, Tag("vault")]
    | Annotated[AwsReferenceBody, Tag("aws_secrets_manager")],
    Discriminator(
        _form,
        custom_error_type="unknown_form",
        custom_error_message="a secret is a text, or a reference whose `from` is `vault` or "
        "`aws_secrets_manager`",
    ),
]


def part_of(entered: SecretStr | ReferenceBody) -> Part:
    """Raises `SecretReferenceInvalid`."""
    if isinstance(entered, SecretStr):
        return Secret(entered.get_secret_value())
    return entered.reference
