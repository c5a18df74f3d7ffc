"""A server of a test's own, to be killed, frozen and started again on the same port and folder."""

import asyncio
import os
import shutil
import signal
from collections.abc import Callable
from pathlib import Path

from openactions_local.child import Child
from openactions_local.servers import LOOPBACK, accepts, free_port


class Server:
    """One child process; `url` stays the same over its deaths."""

    def __init__(self, make: Callable[[Path, int], Child], folder: Path, scheme: str) -> None:
        self.port = free_port()
        self.url = f"{scheme}://{LOOPBACK}:{self.port}"
        self._make = make
        self._folder = folder
        self._child = make(folder, self.port)

    @property
    def pid(self) -> int:
        return self._child.pid

    async def start(self) -> None:
        """Return once it accepts connections."""
        self._child.start()
        await self._child.ready(lambda: accepts(self.port))

    async def kill(self) -> None:
        """As a crash, also where it is frozen; what it has on disk stays."""
        await asyncio.to_thread(self._child.kill)

    async def restart(self) -> None:
        """Killed, and started on the same data."""
        await self.kill()
        await self.start()

    async def restart_empty(self) -> None:
        """Killed, and started with an empty folder, as after the loss of its disk."""
        await self.kill()
        shutil.rmtree(self._folder)
        self._child = self._make(self._folder, self.port)
        await self.start()

    def freeze(self) -> None:
        os.kill(self.pid, signal.SIGSTOP)

    def thaw(self) -> None:
        os.kill(self.pid, signal.SIGCONT)
