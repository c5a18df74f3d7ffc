"""Every service of the embedded platform, and its settings.

The services themselves are imported once they are built: a refusal of settings, and processes of
their own (`--separate`), need none of them here.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from importlib import import_module
from typing import TYPE_CHECKING, Any

from pydantic_settings import BaseSettings

import auth_service.settings
import catalog_service.settings
import console_service.settings
import execution_service.settings
import identity_service.settings
import policy_service.settings
import schema_service.settings
from egress import EgressSettings
from kit.blob_settings import BlobsSettings, BlobsUnusable
from kit.key_services.settings import KeysSettings, KeysUnusable
from kit.public_address import OpenActionsSettings
from kit.settings import ProcessSettings, ServiceSettings, variable
from kit.streams import StreamSettings
from openactions_local.allowed import load_egress
from openactions_local.embedded_streams import embedded_streams
from openactions_local.errors import StartFailed
from openactions_local.load_settings import load_settings
from openactions_local.loading import loading
from openactions_local.owners import OWNED_SEGMENTS, first_segments

if TYPE_CHECKING:
    from fastapi import FastAPI
    from starlette.routing import BaseRoute

Environment = dict[str, str]


@dataclass(frozen=True, slots=True)
class Platform:
    """Where the servers are, and the secrets that this installation made for itself."""

    mongodb_url: str
    nats_url: str
    root_keys: Callable[[str], str]
    """The keys with which a service seals what it stores, by the service's name."""
    allowed_origins: str
    new_owner_token: bool = False
    blobs_url: str = ""
    """Where blobs are, unless the operator's own BLOBS_URL says otherwise."""
    settings: Environment = field(default_factory=dict)
    """The operator's own for services, such as `EXECUTION_KEEP_DAYS`. What is above goes first."""
    public_url: str = ""
    """The address that people open."""
    operator_token: str = ""
    """The data folder's, unless the operator's own IDENTITY_OPERATOR_TOKEN says otherwise."""

    @property
    def all_allowed_origins(self) -> str:
        """The demo's, and what the operator's own EGRESS_ALLOWED_ORIGINS names, as JSON."""
        demo = load_egress({"allowed_origins": self.allowed_origins})
        origins = demo.allowed_origins | self._operators.allowed_origins
        return json.dumps({origin: str(address) for origin, address in origins.items()})

    @property
    def operators_origins(self) -> list[str]:
        return list(self._operators.allowed_origins)

    @property
    def _operators(self) -> EgressSettings:
        own = self.settings.get("EGRESS_ALLOWED_ORIGINS", "")
        return load_egress({"allowed_origins": own})

    def environment(self, service: str) -> Environment:
        """What `python -m <service>_service` reads. Embedded services read the same."""
        prefix = service.upper()
        read = (f"{prefix}_", "EGRESS_")
        own = {name: it for name, it in self.settings.items() if name.startswith(read)}
        environment = {
            **own,
            f"{prefix}_ENVIRONMENT": "development",
            f"{prefix}_LOG_FORMAT": "console",
        }
        if not has_servers(service):
            return environment
        environment |= {
            f"{prefix}_MONGODB_URL": self.mongodb_url,
            f"{prefix}_NATS_URL": self.nats_url,
            f"{prefix}_STREAM_REPLICAS": "1",
            "EGRESS_ALLOWED_ORIGINS": self.all_allowed_origins,
            "BLOBS_URL": self.blobs_url,
            "OPENACTIONS_PUBLIC_URL": self.public_url,
            **_own(self.settings, "BLOBS_"),
            **_own(self.settings, "KEYS_"),
            **_as_environment(embedded_streams()),
        }
        if "keys" in SETTINGS[service].model_fields:
            environment[f"{prefix}_KEYS"] = self.root_keys(service)
        if service == "identity" and self.operator_token:
            environment.setdefault("IDENTITY_OPERATOR_TOKEN", self.operator_token)
        if service == "identity" and self.new_owner_token:
            environment["IDENTITY_RESET_OWNER_TOKEN"] = "true"  # noqa: S105 - a switch, no secret
        return environment


def _own(settings: Environment, prefix: str) -> Environment:
    return {name: value for name, value in settings.items() if name.startswith(prefix)}


def _as_environment(settings: StreamSettings) -> Environment:
    return {f"STREAMS_{name.upper()}": str(value) for name, value in settings}


SETTINGS: dict[str, type[ProcessSettings]] = {
    "identity": identity_service.settings.IdentitySettings,
    "catalog": catalog_service.settings.CatalogSettings,
    "schema": schema_service.settings.SchemaSettings,
    "auth": auth_service.settings.AuthSettings,
    "policy": policy_service.settings.PolicySettings,
    "execution": execution_service.settings.ExecutionSettings,
    "console": console_service.settings.ConsoleSettings,
}


def has_servers(service: str) -> bool:
    """Whether it has a database and a broker; the console has neither (decision 43)."""
    return issubclass(SETTINGS[service], ServiceSettings)


EMBEDDED_DATABASE: Environment = {
    "EXECUTION_PAGES_BY_TIME": "true",
    "EXECUTION_MAX_STORED_CALLS": "1000",
    **{f"{service.upper()}_MAX_LISTS": "4" for service in OWNED_SEGMENTS},
    **{f"{service.upper()}_DELETES_EXPIRED": "true" for service in OWNED_SEGMENTS},
}
"""It reads all that a filter matches, however few are wanted, one list after the other; to find a
stored call by its key it reads all of them, 1,000 in some 60 ms; and its own clean-up stops it for
minutes (`kit.expiry`)."""


def settings_of(platform: Platform, service: str) -> Any:
    """Raises typer's `BadParameter` where the operator's own settings for it are wrong."""
    environment = platform.environment(service)
    if not has_servers(service):
        return load_settings(SETTINGS[service], None, environment)
    public = load_settings(OpenActionsSettings, {"public_url": platform.public_url})
    shared: dict[str, Any] = {"streams": embedded_streams(), "openactions": public}
    if "blobs" in SETTINGS[service].model_fields:
        shared["blobs"] = load_settings(BlobsSettings, None, environment)
    if "key_services" in SETTINGS[service].model_fields:
        shared["key_services"] = load_settings(KeysSettings, None, environment)
    return load_settings(SETTINGS[service], shared, environment)


def egress_of(platform: Platform) -> EgressSettings:
    """Raises typer's `BadParameter` where the operator's `EGRESS_…` are wrong."""
    return load_egress({"allowed_origins": platform.all_allowed_origins})


def check_settings(platform: Platform) -> None:
    """Raises typer's `BadParameter` where any of them is wrong, before anything is started."""
    for service in SETTINGS:
        settings_of(platform, service)
    egress_of(platform)


ONLY_FOR_COMPOSE = {"SCHEMA_MEMORY"}
"""What `docker-compose.yml` reads itself, and that begins as a service's setting does."""


def unknown_settings(names: Iterable[str]) -> list[str]:
    """Those that begin as settings of the platform do, and are none."""
    shared = (StreamSettings, EgressSettings, BlobsSettings, KeysSettings)
    classes: list[type[BaseSettings]] = [*SETTINGS.values(), *shared]
    known = {variable(each, member) for each in classes for member in each.model_fields}
    prefixes = tuple(variable(each, "") for each in classes)
    known |= ONLY_FOR_COMPOSE
    return sorted(name for name in names if name.startswith(prefixes) and name not in known)


def routed_segments(app: "FastAPI") -> list[str]:
    """What its routes begin with; its OpenAPI document says so, too, and takes longer to make."""
    return first_segments(_paths(app.routes))


def _paths(routes: "Iterable[BaseRoute]") -> Iterator[str]:
    for route in routes:
        included = getattr(route, "original_router", None)
        if included is not None:
            yield from _paths(included.routes)
        else:
            yield getattr(route, "path", None) or ""


def load_builders() -> dict[str, Any]:
    """Each service's `build`. The first call imports the services, which takes about a second."""
    with loading():
        return {service: import_module(f"{service}_service.main").build for service in SETTINGS}


def build_all(
    platform: Platform,
    announce_owner_token: Callable[[str], None],
    announce_sign_in_link: Callable[[str], None] | None = None,
) -> "dict[str, FastAPI]":
    """Each service with settings, database, broker connection and lifespan of its own."""
    try:
        built = _built(platform)
        built["identity"] = load_builders()["identity"](
            settings_of(platform, "identity"),
            announce_owner_token,
            announce_sign_in_link=announce_sign_in_link,
            egress_settings=egress_of(platform),
        )
    except (BlobsUnusable, KeysUnusable) as error:
        raise StartFailed(f"{str(error).rstrip('.')}.") from None
    return built


def _built(platform: Platform) -> "dict[str, FastAPI]":
    settings = {service: settings_of(platform, service) for service in SETTINGS}
    egress = egress_of(platform)
    build = load_builders()
    return {
        "catalog": build["catalog"](settings["catalog"]),
        "schema": build["schema"](settings["schema"], egress),
        "auth": build["auth"](settings["auth"], egress),
        "policy": build["policy"](settings["policy"], egress),
        "execution": build["execution"](settings["execution"], egress),
        "console": build["console"](settings["console"]),
    }
