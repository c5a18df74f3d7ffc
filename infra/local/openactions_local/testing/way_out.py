"""What tests watch: of our own code, only egress and the libraries of operator endpoints connect.

An audit hook (PEP 578) looks at every connect and every name that is resolved in this process, and
at who asks for it: the nearest caller that is egress, a listed library, or code of a service. It
does not see what connects outside Python: uvloop, which no test's loop is, obstore
(`kit.obstore_blobs`), and child processes.
"""

import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from types import FrameType
from typing import Any

ROOT = Path(__file__).parents[4]
RESOLVES = frozenset({"socket.getaddrinfo", "socket.gethostbyname"})
CONNECTS = frozenset({"socket.connect", "socket.sendto", "socket.sendmsg"})
SHARED = frozenset({"contracts", "kit"})
NOT_SHIPPED = "kit.testing"
EGRESS = "egress"


class NoWayOut(RuntimeError):
    """Code of ours connects past egress; the sentence says which."""


def libraries_of_operator_endpoints() -> frozenset[str]:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())
    endpoints = settings["tool"]["openactions"]["operator-endpoints"].values()
    return frozenset(name for endpoint in endpoints for name in endpoint["libraries"])


@dataclass
class WayOut:
    libraries: frozenset[str] = field(default_factory=libraries_of_operator_endpoints)
    found: list[str] = field(default_factory=list)
    """What went past egress since it was last taken, also where the error was swallowed."""

    def taken(self) -> list[str]:
        """What was found, each once."""
        found = self.found[:]
        del self.found[: len(found)]
        return found

    def install(self) -> None:
        """For the rest of this process: hooks are never removed."""
        sys.addaudithook(self._hook)

    def _hook(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event in CONNECTS or event in RESOLVES:
            self.check(event, arguments, modules_of(sys._getframe(1)))  # noqa: SLF001

    def check(self, event: str, arguments: tuple[Any, ...], modules: Iterator[str]) -> None:
        """Raises `NoWayOut` where code of ours connects, or resolves a name, by itself.

        Where no caller is known, as in a task or a thread of the standard library, only
        loopback may be connected to.
        """
        host = _host(event, arguments)
        if host is None:
            return
        asker = next((name for name in modules if self._is_known(name)), None)
        if asker is None:
            refused = event in CONNECTS and not _is_loopback(host)
        else:
            refused = _package(asker) != EGRESS and _package(asker) not in self.libraries
        if refused:
            self.found.append(f"{asker or 'a task or thread'}: {event} {host}")
            raise NoWayOut(f"{self.found[-1]}: only egress and operator endpoints are connected to")

    def _is_known(self, module: str) -> bool:
        package = _package(module)
        if package == EGRESS or package in self.libraries or package.endswith("_service"):
            return True
        return package in SHARED and not module.startswith(NOT_SHIPPED)


def modules_of(frame: FrameType | None) -> Iterator[str]:
    """The module of each caller, nearest first."""
    while frame is not None:
        yield frame.f_globals.get("__name__", "")
        frame = frame.f_back


def _package(module: str) -> str:
    return module.partition(".")[0]


def _host(event: str, arguments: tuple[Any, ...]) -> str | None:
    """None for sockets of this machine alone (AF_UNIX)."""
    address = arguments[0] if event in RESOLVES else arguments[1]
    if event in CONNECTS:
        if not isinstance(address, tuple):
            return None
        address = address[0]
    return address.decode() if isinstance(address, bytes) else address


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return host == "localhost"
