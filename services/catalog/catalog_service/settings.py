from pydantic import Field
from pydantic_settings import SettingsConfigDict

from kit.settings import ServiceSettings


class CatalogSettings(ServiceSettings):
    """Read once, in `main`. A missing or malformed variable stops the process."""

    model_config = SettingsConfigDict(env_prefix="CATALOG_")

    mongodb_database: str = "catalog"
    max_actions: int = Field(default=10, ge=1, le=100)
    """How many actions a GPT may have."""
    max_operations: int = Field(default=128, ge=1, le=128)
    """How many operations a GPT may offer in all; the schema service lists no more at once."""
    kept_versions: int = Field(default=50, ge=1, le=200)
    """How many of a GPT's last published versions are kept, the one in use included."""
