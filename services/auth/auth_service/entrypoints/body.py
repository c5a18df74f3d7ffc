from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, SecretStr

from kit.sealing import Secret

Text = Annotated[SecretStr, Field(max_length=16 * 1024)]
Name = Annotated[str, Field(min_length=1, max_length=1_000)]


class Body(BaseModel):
    """What a builder enters. Secrets are `SecretStr`: no error message of the parser shows them."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)


def revealed(entered: SecretStr) -> Secret[str]:
    return Secret(entered.get_secret_value())
