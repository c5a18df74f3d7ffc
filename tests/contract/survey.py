"""Who publishes, answers, receives and asks what, read off the services as they are built."""

import ast
import base64
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from faststream.nats import NatsBroker

from contracts.fact import FACTS, Fact
from contracts.request import REQUESTS, Request
from kit.caller import Requires
from kit.service import Subscriptions
from openactions_local.owners import CONSOLE
from openactions_local.services import Platform, build_all

ROOT = Path(__file__).parents[2]
REQUEST_OF_CLASS = {request.__name__: request for request in REQUESTS.values()}


@dataclass(frozen=True)
class Service:
    """`api` is built and never started: nothing is connected."""

    name: str
    api: FastAPI
    subjects: frozenset[str]
    """What it subscribes to. Read at once: a router belongs to the broker it was last given to."""

    @property
    def folder(self) -> Path:
        return ROOT / "services" / self.name

    @property
    def subscriptions(self) -> Subscriptions:
        subscriptions: Subscriptions = self.api.state.subscriptions
        return subscriptions

    @property
    def states(self) -> list[type[Fact]]:
        return [fact for fact in FACTS.values() if fact.publisher == self.name]

    @property
    def answers(self) -> list[type[Request[Any]]]:
        return [request for subject, request in REQUESTS.items() if subject in self.subjects]

    @cached_property
    def asks(self) -> list[type[Request[Any]]]:
        """The requests that its code makes, and those that the chassis makes for every service."""
        package = self.folder / f"{self.name}_service"
        made = {*_made_in(package), *_made_in(ROOT / "shared/kit/kit", without="testing")}
        known = (request for name, request in REQUEST_OF_CLASS.items() if name in made)
        return [request for request in known if request.owner != self.name]


def subscribed(broker: NatsBroker) -> set[str]:
    """The subjects that a broker's routers subscribe to."""
    return {one.subject.broker_address for one in broker.subscribers}


def _made_in(folder: Path, without: str = "tests") -> Iterator[str]:
    for path in sorted(folder.rglob("*.py")):
        if without not in path.relative_to(folder).parts:
            yield from made_by(ast.parse(path.read_text()))


def made_by(module: ast.Module) -> Iterator[str]:
    """Names of the requests that a module makes: what it calls and has from there.

    A use case may be called as a request is.
    """
    nodes = [*ast.walk(module)]
    froms = [each for each in nodes if isinstance(each, ast.ImportFrom)]
    requests = [each for each in froms if (each.module or "").startswith("contracts.requests")]
    theirs = {name.asname or name.name: name.name for each in requests for name in each.names}
    for node in nodes:
        called = node.func if isinstance(node, ast.Call) else None
        if isinstance(called, ast.Name) and called.id in theirs:
            yield theirs[called.id]


def scopes_of(dependant: Dependant) -> list[str]:
    """The scopes that a route demands, its dependencies' included."""
    own = [dependant.call.scope] if isinstance(dependant.call, Requires) else []
    return own + [scope for each in dependant.dependencies for scope in scopes_of(each)]


PLAIN = frozenset({CONSOLE})
"""Services of files alone: no contract of theirs is generated (decision 43)."""


def folders_of_services() -> list[str]:
    """All but those that serve files alone."""
    found = {path.parent.name for path in ROOT.glob("services/*/pyproject.toml")}
    return sorted(found - PLAIN)


PUBLIC_URL = "https://actions.example.com"
"""Under which the surveyed services think that people open them."""


def services() -> list[Service]:
    """With the operator's routes, which an installation has where it has an operator's token.

    Without those that serve files alone.
    """
    return [
        Service(name, api, frozenset(subscribed(api.state.broker)))
        for name, api in sorted(everything_built().items())
        if name not in PLAIN
    ]


def everything_built() -> dict[str, FastAPI]:
    """Each service by name, none of them started."""
    keys = f"unused:{base64.b64encode(secrets.token_bytes(32)).decode()}"
    settings = {
        "IDENTITY_OPERATOR_TOKEN": secrets.token_hex(32),
        "BLOBS_URL": "s3://unused",
        "BLOBS_ACCESS_KEY_ID": "unused",
        "BLOBS_SECRET_ACCESS_KEY": secrets.token_hex(16),
    }
    servers = ("mongodb://mongo:27017", "nats://nats:4222")
    platform = Platform(
        *servers, lambda _: keys, allowed_origins="", settings=settings, public_url=PUBLIC_URL
    )
    return build_all(platform, announce_owner_token=lambda _: None)
