from pydantic import Field, ValidationInfo, field_validator
from pydantic_settings import SettingsConfigDict

from execution_service.domain.answer import MAX_ANSWER_CHARACTERS
from kit.blob_settings import BlobsSettings
from kit.key_services.settings import KeysSettings
from kit.root_keys import RootKeys
from kit.settings import ServiceSettings
from kit.sizes import MIB

LEAST_ORPHANS_KEPT = 2
SECONDS_A_DAY = 86_400


class ExecutionSettings(ServiceSettings):
    """Read once, in `main`. A missing or malformed variable stops the process."""

    model_config = SettingsConfigDict(env_prefix="EXECUTION_")

    mongodb_database: str = "execution"
    keys: RootKeys
    """`id:base64(32 random bytes)`, several with commas between; the first one writes. Arguments
    and results of calls that outlive their requests are encrypted with them, for a day."""
    key_services: KeysSettings = Field(default_factory=KeysSettings)
    blobs: BlobsSettings = Field(default_factory=BlobsSettings)
    """Where what other services hand over is read: the same store as theirs."""
    max_cached_operations: int = Field(default=20_000, ge=1)
    """Compiled operations that a replica keeps; those of one schema are kept once."""
    max_cached_operation_bytes: int = Field(default=256 * MIB, ge=MIB)
    max_cached_verdicts: int = Field(default=100_000, ge=1)
    max_cached_credentials: int = Field(default=50_000, ge=1)
    max_cached_bytes: int = Field(default=128 * MIB, ge=MIB)
    """Of each other cache: verdicts, credentials, their descriptions, releases, access."""
    verdict_seconds: float = Field(default=30, gt=0, le=300)
    """How long a verdict may be reused where no fact voids it earlier."""
    orphaned_after_seconds: float = Field(default=120, ge=60)
    """When a call that was started and never finished is declared *unknown*."""
    max_in_flight: int = Field(default=512, ge=1)
    """Calls under way at once in a replica, shared fairly by workspaces."""
    max_bytes_in_flight: int = Field(default=128 * MIB, ge=MIB)
    """What the bodies of requests and answers under way may take, shared fairly by workspaces."""
    max_answer_bytes: int = Field(default=MAX_ANSWER_CHARACTERS * 4 + MIB, ge=1024)
    """What is read of an API's answer: all that is shown, in any charset, and 1 MiB beyond."""
    max_waits: int = Field(default=128, ge=1)
    """Reads that wait for a record at once (`Prefer: wait`), shared fairly by workspaces."""
    max_accepted: int = Field(default=1_024, ge=1)
    """Asynchronous calls that a replica runs, or that wait there to run, shared fairly by
    workspaces."""
    max_stored_calls: int = Field(default=10_000, ge=1)
    """Calls of a workspace that are kept for a day: asynchronous, or with an idempotency key."""
    starts_at_once: int = Field(default=2, ge=1)
    """Calls that start in one iteration of the event loop; beyond that workspaces take turns."""
    pages_by_time: bool = False
    """For a database that reads all that a filter matches, however few are wanted: the embedded."""
    keep_days: float = Field(default=365, gt=0, le=3_650)
    """How long the audit trail keeps an invocation; a new value holds for older ones, too."""

    @field_validator("keep_days")
    @classmethod
    def _longer_than_an_orphan_waits(cls, days: float, info: ValidationInfo) -> float:
        """A call that never finished must still be there when it is settled."""
        least = LEAST_ORPHANS_KEPT * info.data.get("orphaned_after_seconds", 0) / SECONDS_A_DAY
        if days < least:
            raise ValueError(
                f"must be at least {least:.4f}: {LEAST_ORPHANS_KEPT} times ORPHANED_AFTER_SECONDS"
            )
        return days
