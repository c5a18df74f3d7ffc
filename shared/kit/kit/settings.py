"""What every service must be told. A missing or malformed variable stops the process."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from kit.redelivery import Redelivery
from kit.streams import StreamSettings

MIB = 1024 * 1024
DEFAULT_REDELIVERY = Redelivery().delays_seconds


class Environment(StrEnum):
    PRODUCTION = "production"
    DEVELOPMENT = "development"


class ServiceSettings(BaseSettings):
    """Subclasses set `env_prefix`, such as `POLICY_`, and add what only they need.

    Values may also come from files of the same name in `/run/secrets`, as container platforms
    mount them.
    """

    model_config = SettingsConfigDict(
        frozen=True,
        extra="ignore",
        hide_input_in_errors=True,  # what is malformed may be a key or a URL with a password
    )

    mongodb_url: SecretStr = Field(min_length=1)
    mongodb_database: str = Field(min_length=1)
    nats_url: SecretStr = Field(min_length=1)
    environment: Environment = Environment.PRODUCTION
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=0, le=65_535)
    log_format: Literal["json", "console"] = "json"
    stream_replicas: int = Field(default=3, ge=1, le=5)
    """How many nodes of the NATS cluster keep each fact."""
    redelivery_seconds: tuple[Annotated[float, Field(gt=0)], ...] = DEFAULT_REDELIVERY
    """Delays before a fact that could not be taken comes again; then it is dead-lettered."""
    max_body_bytes: int = Field(default=1024 * 1024, ge=1024)
    streams: StreamSettings = Field(default_factory=StreamSettings)
    shutdown_grace_seconds: float = Field(default=50, gt=0)
    """Longer than the longest call, which egress ends after 45 s."""
    max_cached_tokens: int = Field(default=50_000, ge=1)
    """Verified tokens that a replica remembers, for a minute at most."""
    max_cached_token_bytes: int = Field(default=128 * MIB, ge=MIB)
