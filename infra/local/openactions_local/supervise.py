"""Servers and, with `--separate`, services as child processes: started, watched, started again."""

import asyncio
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from openactions_local.child import Child

RESTART_SECONDS = 0.5


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
        """A child that ended is started again, and said so: nothing fails silently."""
        while not self._stopping:
            for child in self.children:
                if not child.running and not self._stopping:
                    child.start()
                    self.say(f"{child.name} ended; started again as pid {child.pid}")
            await asyncio.sleep(RESTART_SECONDS)

    async def stop(self) -> None:
        """In reverse order: services before the servers that they use."""
        self._stopping = True
        for child in reversed(self.children):
            await child.stop()


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
    )
