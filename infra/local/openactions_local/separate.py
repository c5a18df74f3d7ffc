"""Services in processes of their own, `replicas` of each."""

import asyncio
from functools import partial
from pathlib import Path

from openactions import OpenActions
from openactions_local.child import Child, Say, all_ready
from openactions_local.folder import DataFolder
from openactions_local.owners import SERVICES, first_segments
from openactions_local.servers import LOOPBACK, accepts, free_port
from openactions_local.services import Environment, Platform
from openactions_local.supervise import Supervisor, service_child


class SeparateServices:
    """`replicas` processes of each service, each on a port of its own."""

    def __init__(self, platform: Platform, folder: DataFolder, replicas: int = 1) -> None:
        self._platform = platform
        self._logs = folder.path / "logs"
        self._token_file = folder.path / "keys" / "owner-token"
        self._link_file = folder.path / "keys" / "sign-in-link"
        self._children: list[tuple[Child, int]] = []
        self.ports = {service: [free_port() for _ in range(replicas)] for service in SERVICES}

    def start(self, supervisor: Supervisor) -> None:
        for service, ports in self.ports.items():
            for number, port in enumerate(ports, 1):
                name = service if len(ports) == 1 else f"{service}-{number}"
                environment = self._environment(service, first=number == 1)
                child = service_child(name, service, port, environment, self._logs)
                supervisor.start(child)
                self._children.append((child, port))

    async def all_ready(self, say: Say) -> dict[str, dict[str, str]]:
        """The health of each process by its name, once all of them are ready."""
        await all_ready([(child, partial(_is_ready, port)) for child, port in self._children], say)
        return {child.name: {"ready": "ok"} for child, _ in self._children}

    async def paths(self) -> dict[str, list[str]]:
        """The first segments of each process's own routes."""

        def read(port: int) -> list[str]:
            with OpenActions(f"http://{LOOPBACK}:{port}") as client:
                return first_segments(client.get("/openapi.json")["paths"])

        read_all = (asyncio.to_thread(read, port) for _, port in self._children)
        names = [child.name for child, _ in self._children]
        return dict(zip(names, await asyncio.gather(*read_all), strict=True))

    @property
    def addresses(self) -> dict[str, str]:
        """Where each process listens, by its name."""
        return {child.name: f"{LOOPBACK}:{port}" for child, port in self._children}

    def owner_token(self) -> str | None:
        """The token that identity has just announced, if it did; it stays nowhere."""
        return _taken_away(self._token_file)

    def sign_in_link(self) -> str | None:
        """The address by which the first owner signs in, once."""
        return _taken_away(self._link_file)

    def _environment(self, service: str, *, first: bool) -> Environment:
        environment = self._platform.environment(service)
        if service == "identity":
            environment["IDENTITY_OWNER_TOKEN_FILE"] = str(self._token_file)
            if first:
                environment["IDENTITY_SIGN_IN_LINK_FILE"] = str(self._link_file)
            else:  # two replicas would each revoke the token that the other has issued
                environment.pop("IDENTITY_RESET_OWNER_TOKEN", None)
        return environment


def _taken_away(file: Path) -> str | None:
    if not file.exists():
        return None
    text = file.read_text().strip()
    file.unlink()
    return text


def _is_ready(port: int) -> bool:
    """A service listens once it is ready: until then a question costs a refused connection."""
    if not accepts(port):
        return False
    with OpenActions(f"http://{LOOPBACK}:{port}") as client:
        return client.is_ready()
