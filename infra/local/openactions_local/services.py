"""Every service of the embedded platform: what it owns of the paths, and its settings."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from fastapi import FastAPI
from pydantic_settings import BaseSettings

import auth_service.main
import auth_service.settings
import catalog_service.main
import catalog_service.settings
import execution_service.main
import execution_service.settings
import identity_service.main
import identity_service.settings
import policy_service.main
import policy_service.settings
import schema_service.main
import schema_service.settings
from egress import EgressSettings
from kit.settings import ServiceSettings, variable
from kit.streams import StreamSettings
from openactions_local.load_settings import load_settings

OWNED_SEGMENTS: dict[str, tuple[str, ...]] = {
    "identity": ("workspace", "workspaces", "members", "tokens", "session"),
    "catalog": ("gpts", "models"),
    "schema": ("schemas",),
    "auth": ("credentials", "connections"),
    "policy": ("domains", "settings", "permissions", "approvals"),
    "execution": ("invocations", "tools"),
}
"""First path segment after `/v1/` → service, as in `infra/edge/nginx.conf`."""

MEBIBYTE = 1024 * 1024
EMBEDDED_LIMITS = {
    "facts_max_bytes": 128 * MEBIBYTE,
    "invocations_max_bytes": 512 * MEBIBYTE,
    "dead_letters_max_bytes": 128 * MEBIBYTE,
}

Environment = dict[str, str]


def service_of(process: str) -> str:
    """The service that a process belongs to: `policy`, or `policy-2` for its second replica."""
    return process.partition("-")[0]


@dataclass(frozen=True, slots=True)
class Platform:
    """Where the servers are, and the secrets that this installation made for itself."""

    mongodb_url: str
    nats_url: str
    root_keys: Callable[[str], str]
    """The keys with which a service seals what it stores, by the service's name."""
    let_through: str
    new_owner_token: bool = False
    settings: Environment = field(default_factory=dict)
    """The operator's own for services, such as `EXECUTION_KEEP_DAYS`. What is above goes first."""

    @property
    def all_let_through(self) -> str:
        """The demo's, and what the operator's own EGRESS_LET_THROUGH names."""
        own = self.settings.get("EGRESS_LET_THROUGH", "")
        return ",".join(filter(None, (self.let_through, own)))

    def environment(self, service: str) -> Environment:
        """What `python -m <service>_service` reads. Embedded services read the same."""
        prefix = service.upper()
        read = (f"{prefix}_", "EGRESS_")
        own = {name: it for name, it in self.settings.items() if name.startswith(read)}
        environment = {
            **own,
            f"{prefix}_MONGODB_URL": self.mongodb_url,
            f"{prefix}_NATS_URL": self.nats_url,
            f"{prefix}_STREAM_REPLICAS": "1",
            f"{prefix}_ENVIRONMENT": "development",
            f"{prefix}_LOG_FORMAT": "console",
            "EGRESS_LET_THROUGH": self.all_let_through,
            **_as_environment(embedded_streams()),
        }
        if "keys" in SETTINGS[service].model_fields:
            environment[f"{prefix}_KEYS"] = self.root_keys(service)
        if service == "identity" and self.new_owner_token:
            environment["IDENTITY_RESET_OWNER_TOKEN"] = "true"  # noqa: S105 - a switch, no secret
        return environment


def embedded_streams() -> StreamSettings:
    """A developer's disk reserves less than a cluster's; what is set in the environment wins."""
    named = load_settings(StreamSettings).model_dump(exclude_unset=True)
    return load_settings(StreamSettings, EMBEDDED_LIMITS | named)


def _as_environment(settings: StreamSettings) -> Environment:
    return {f"STREAMS_{name.upper()}": str(value) for name, value in settings}


SETTINGS: dict[str, type[ServiceSettings]] = {
    "identity": identity_service.settings.IdentitySettings,
    "catalog": catalog_service.settings.CatalogSettings,
    "schema": schema_service.settings.SchemaSettings,
    "auth": auth_service.settings.AuthSettings,
    "policy": policy_service.settings.PolicySettings,
    "execution": execution_service.settings.ExecutionSettings,
}


EMBEDDED_DATABASE: Environment = {
    "EXECUTION_PAGES_BY_TIME": "true",
    **{f"{service.upper()}_MAX_LISTS": "4" for service in SETTINGS},
    **{f"{service.upper()}_DELETES_EXPIRED": "true" for service in SETTINGS},
}
"""It reads all that a filter matches, however few are wanted, one list after the other; and its own
clean-up stops it for minutes (`kit.expiry`)."""


def settings_of(platform: Platform, service: str) -> Any:
    """Raises typer's `BadParameter` where the operator's own settings for it are wrong."""
    streams = {"streams": embedded_streams()}
    return load_settings(SETTINGS[service], streams, platform.environment(service))


def egress_of(platform: Platform) -> EgressSettings:
    """Raises typer's `BadParameter` where the operator's `EGRESS_…` are wrong."""
    return load_settings(EgressSettings, {"let_through": platform.all_let_through})


def check_settings(platform: Platform) -> None:
    """Raises typer's `BadParameter` where any of them is wrong, before anything is started."""
    for service in SETTINGS:
        settings_of(platform, service)
    egress_of(platform)


ONLY_FOR_COMPOSE = {"SCHEMA_MEMORY"}
"""What `docker-compose.yml` reads itself, and that begins as a service's setting does."""


def unknown_settings(names: Iterable[str]) -> list[str]:
    """Those that begin as settings of the platform do, and are none."""
    classes: list[type[BaseSettings]] = [*SETTINGS.values(), StreamSettings, EgressSettings]
    known = {variable(each, member) for each in classes for member in each.model_fields}
    prefixes = tuple(variable(each, "") for each in classes)
    known |= ONLY_FOR_COMPOSE
    return sorted(name for name in names if name.startswith(prefixes) and name not in known)


def build_all(
    platform: Platform, announce_owner_token: Callable[[str], None]
) -> dict[str, FastAPI]:
    """Each service with settings, database, broker connection and lifespan of its own."""
    settings = {service: settings_of(platform, service) for service in SETTINGS}
    egress = egress_of(platform)
    return {
        "identity": identity_service.main.build(settings["identity"], announce_owner_token),
        "catalog": catalog_service.main.build(settings["catalog"]),
        "schema": schema_service.main.build(settings["schema"], egress),
        "auth": auth_service.main.build(settings["auth"]),
        "policy": policy_service.main.build(settings["policy"]),
        "execution": execution_service.main.build(settings["execution"], egress),
    }
