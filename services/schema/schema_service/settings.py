from pydantic import Field
from pydantic_settings import SettingsConfigDict

from kit.blob_settings import BlobsSettings
from kit.settings import ServiceSettings
from kit.sizes import MIB


class SchemaSettings(ServiceSettings):
    """Read once, in `main`. A missing or malformed variable stops the process."""

    model_config = SettingsConfigDict(env_prefix="SCHEMA_")

    mongodb_database: str = "schema"
    blobs: BlobsSettings = Field(default_factory=BlobsSettings)
    """Where compiled operations above 64 KiB wait for whoever asked for them."""
    examining_processes: int = Field(default=1, ge=1, le=16)
    """Worker processes for documents beyond 256 kB; short ones have one more."""
    examining_seconds: float = Field(default=30, gt=0)
    """Of processor time, for a document of 16 MB; `main` says what others may take."""
    max_bytes_in_flight: int = Field(default=256 * MIB, ge=64 * MIB)
    """What documents handed in and fetched may take until they are answered, shared fairly."""
