"""Every service's settings. A missing or malformed variable stops the process."""

import re
from enum import StrEnum
from typing import Annotated, Any, Literal, Self
from urllib.parse import unquote, urlsplit

from pydantic import Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict, SettingsError

from kit.public_address import OpenActionsSettings
from kit.redelivery import Redelivery
from kit.sizes import MIB
from kit.streams import StreamSettings

DEFAULT_REDELIVERY = Redelivery().delays_seconds


EXAMPLE_PASSWORDS = frozenset(
    {"admin", "change-me", "changeme", "default", "example", "guest", "password", "root", "secret"}
)
"""What stands in documentation, and in the lists that attackers try first (H101)."""


class Environment(StrEnum):
    PRODUCTION = "production"
    DEVELOPMENT = "development"


class ProcessSettings(BaseSettings):
    """Of everything that answers HTTP. Subclasses set `env_prefix`, such as `POLICY_`.

    Values may also come from files of the same name in `/run/secrets`, as container platforms
    mount them.
    """

    model_config = SettingsConfigDict(
        frozen=True,
        extra="ignore",
        hide_input_in_errors=True,  # what is malformed may be a key or a URL with a password
    )

    environment: Environment = Environment.PRODUCTION
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=0, le=65_535)
    health_port: int = Field(default=0, ge=0, le=65_535)
    """Where `/livez` answers already while the service starts; `port` listens once it is ready."""
    log_format: Literal["json", "console"] = "json"
    access_log_share: float = Field(default=1, ge=0, le=1)
    """Of the successful requests, how many get an access line; refusals always do."""
    max_body_bytes: int = Field(default=MIB, ge=1024)
    shutdown_grace_seconds: float = Field(default=50, gt=0)
    """How long a stopping service waits for what is under way: longer than the longest call."""
    shutdown_linger_seconds: float = Field(default=5, ge=0)
    """How long it keeps idle connections: longer than the edge does (`kit.serve`)."""
    watchdog_seconds: float = Field(default=10, ge=0)
    """After how long a blocked event loop ends the process (`kit.watchdog`); 0: never."""


class ServiceSettings(ProcessSettings):
    """Of services with a database and a broker; they add what only they need."""

    mongodb_url: SecretStr = Field(min_length=1)
    mongodb_database: str = Field(min_length=1)
    nats_url: SecretStr = Field(min_length=1)
    stream_replicas: int = Field(default=3, ge=1, le=5)
    """How many nodes of the NATS cluster keep each fact."""
    redelivery_seconds: tuple[Annotated[float, Field(gt=0)], ...] = Field(
        default=DEFAULT_REDELIVERY, min_length=1
    )
    """Delays before a fact that could not be taken comes again; then it is dead-lettered."""
    streams: StreamSettings = Field(default_factory=StreamSettings)
    openactions: OpenActionsSettings = Field(default_factory=OpenActionsSettings)
    max_cached_tokens: int = Field(default=50_000, ge=1)
    """Verified tokens that a replica remembers, for a minute at most."""
    max_cached_token_bytes: int = Field(default=128 * MIB, ge=MIB)
    max_lists: int = Field(default=16, ge=2)
    """Pages of lists that a replica reads at once, shared fairly by workspaces."""
    deletes_expired: bool = False
    """For a database that does not delete by TTL index: the service does (`kit.expiry`)."""

    @model_validator(mode="after")
    def _no_example_password(self) -> Self:
        """Production starts with no password of an example."""
        if self.environment is Environment.PRODUCTION:
            named = (name for name in type(self).model_fields if name.endswith("_url"))
            members = {name: getattr(self, name) for name in named}
            urls = {name: one for name, one in members.items() if isinstance(one, SecretStr)}
            for name, url in urls.items():
                if any(_is_example(each) for each in url.get_secret_value().split(",")):
                    raise ValueError(
                        f"{name} holds an example password; draw one at random, such as"
                        " `python3 infra/fill_env.py` writes"
                    )
        return self


def _is_example(url: str) -> bool:
    parts = urlsplit(url)
    password = unquote(parts.password or "").lower()
    return bool(password) and password in EXAMPLE_PASSWORDS | {(parts.username or "").lower()}


def variable(settings: type[BaseSettings], member: str) -> str:
    """What a member of the settings is called in the environment."""
    return f"{settings.model_config.get('env_prefix', '')}{member}".upper()


def unreadable(settings: type[BaseSettings], error: SettingsError) -> str:
    """A sentence that names the variable whose list or object is no JSON."""
    member = re.search(r'field "(\w+)"', str(error))
    return f"{variable(settings, member[1] if member else '')}: Input should be valid JSON."


def refusals_of(settings: type[BaseSettings]) -> list[ValidationError]:
    """All that is wrong at once: with the settings, and with those shared by all services that are
    members of them, of which the first error would hide the others. What the last
    error repeats of these, `what_to_set` leaves out.
    """
    found: list[ValidationError] = []
    members: dict[str, Any] = {}
    for name, field in settings.model_fields.items():
        shared = field.default_factory
        if isinstance(shared, type) and issubclass(shared, BaseSettings):
            try:
                members[name] = shared()
            except ValidationError as error:
                found.append(error)
                members[name] = {}
    try:
        settings(**members)
    except ValidationError as error:
        found.append(error)
    return found
