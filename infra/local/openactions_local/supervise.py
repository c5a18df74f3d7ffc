"""Servers and, with `--separate`, services as child processes: started, watched, started again."""

import asyncio
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

from kit.settings import ServiceSettings
from openactions_local.child import Child

RESTART_SECONDS = 0.5
SERVICE_START_SECONDS = 600.0
"""The first start after an upgrade may build indexes, for which the embedded database takes 3 s for
each 1,000 documents.
"""
BUS_SECONDS = 20.0
"""What a service may take to end its work on the bus, once HTTP is over; as in compose, it is given
75 s in all where nothing else is set.
"""


@dataclass
class Supervisor:
    """Starts children and starts them again when they end by themselves."""

    say: Callable[[str], None]
    children: list[Child] = field(default_factory=list)
    _stopping: bool = False

    def start(self, child: Child) -> None:
        child.start()
        self.children.append(child)

    async def watch(self) -> None:
        """Start a child that ended again, and report that."""
        while not self._stopping:
            for child in self.children:
                if not child.running and not self._stopping:
                    ending = child.ending
                    child.start()
                    self.say(
                        f"{child.name} ended ({ending}); started again as pid {child.pid}. "
                        f"Its log: {child.log_path}"
                    )
            await asyncio.sleep(RESTART_SECONDS)

    async def stop(self) -> None:
        """In reverse order, a group together: services before the servers that they use."""
        self._stopping = True
        for _, group in groupby(reversed(self.children), lambda child: child.group or child.name):
            await asyncio.gather(*(child.stop() for child in group))


def service_child(
    name: str, service: str, port: int, environment: dict[str, str], logs: Path
) -> Child:
    """`python -m <service>_service` on a port of its own; its log is called as it is."""
    prefix = service.upper()
    return Child(
        name,
        [sys.executable, "-m", f"{service}_service"],
        logs / f"{name}.log",
        {**environment, f"{prefix}_PORT": str(port), f"{prefix}_HOST": "127.0.0.1"},
        stop_seconds=_stop_seconds(prefix, environment),
        group="services",
        start_seconds=SERVICE_START_SECONDS,
        starts=1,
    )


def _stop_seconds(prefix: str, environment: Mapping[str, str]) -> float:
    """Longer than a service takes that drains for as long as its settings allow."""

    def setting(name: str) -> float:
        default = ServiceSettings.model_fields[name].default
        return float(environment.get(f"{prefix}_{name.upper()}", default))

    return setting("shutdown_grace_seconds") + setting("shutdown_linger_seconds") + BUS_SECONDS
