from typing import Annotated

from pydantic import AfterValidator, Field, SecretStr
from pydantic_settings import SettingsConfigDict

from auth_service.adapters.envelope import read_keys
from kit.settings import ServiceSettings


def _usable(unverified: SecretStr) -> SecretStr:
    read_keys(unverified.get_secret_value())
    return unverified


class AuthSettings(ServiceSettings):
    """Read once, in `main`. A missing or malformed variable stops the process."""

    model_config = SettingsConfigDict(env_prefix="AUTH_")

    mongodb_database: str = "auth"
    keys: Annotated[SecretStr, AfterValidator(_usable)]
    """`id:base64(32 random bytes)`, several with commas between; the first one writes."""
    release_seconds: float = Field(default=60, ge=1, le=60)
    """How long a replica of execution may use a credential that it was handed."""
