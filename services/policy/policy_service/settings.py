from pydantic import Field
from pydantic_settings import SettingsConfigDict

from kit.settings import ServiceSettings


class PolicySettings(ServiceSettings):
    """Read once, in `main`. A missing or malformed variable stops the process."""

    model_config = SettingsConfigDict(env_prefix="POLICY_")

    mongodb_database: str = "policy"
    max_domains: int = Field(default=1_000, ge=1, le=10_000)
    """How many domains a workspace may list."""
    max_calls_per_minute: int | None = Field(default=None, ge=1)
    """What a workspace may allow itself and its members; None: any number, and no quota at all."""
