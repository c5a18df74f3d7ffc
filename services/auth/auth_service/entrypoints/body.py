from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, SecretStr

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


def revealed(entered: SecretStr) -> Secret[str]:
    return Secret(entered.get_secret_value())
