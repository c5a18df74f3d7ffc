from pydantic import Field
from pydantic_settings import SettingsConfigDict

from kit.settings import MIB, ServiceSettings


class ExecutionSettings(ServiceSettings):
    """Read once, in `main`. A missing or malformed variable stops the process."""

    model_config = SettingsConfigDict(env_prefix="EXECUTION_")

    mongodb_database: str = "execution"
    max_cached_operations: int = Field(default=20_000, ge=1)
    """Compiled operations that a replica keeps; those of one schema are kept once."""
    max_cached_operation_bytes: int = Field(default=256 * MIB, ge=MIB)
    max_cached_verdicts: int = Field(default=100_000, ge=1)
    max_cached_credentials: int = Field(default=50_000, ge=1)
    max_cached_bytes: int = Field(default=128 * MIB, ge=MIB)
    """What each of the other caches may take: verdicts, credentials, what GPTs offer."""
    verdict_seconds: float = Field(default=30, gt=0, le=300)
    """How long a verdict may be reused where no fact voids it earlier."""
    orphaned_after_seconds: float = Field(default=120, ge=60)
    """When a call that was started and never finished is declared *unknown*."""
    max_in_flight: int = Field(default=512, ge=1)
    """Calls under way at once in a replica; more are refused with Retry-After."""
