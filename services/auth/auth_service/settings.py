from pydantic import Field
from pydantic_settings import SettingsConfigDict

from kit.key_services.settings import KeysSettings
from kit.root_keys import RootKeys
from kit.settings import ServiceSettings


class AuthSettings(ServiceSettings):
    """Read once, in `main`. A missing or malformed variable stops the process."""

    model_config = SettingsConfigDict(env_prefix="AUTH_")

    mongodb_database: str = "auth"
    keys: RootKeys
    """`id:base64(32 random bytes)`, several with commas between; the first one writes."""
    key_services: KeysSettings = Field(default_factory=KeysSettings)
    release_seconds: float = Field(default=60, ge=1, le=60)
    """How long a replica of execution may use a credential that it was handed."""
