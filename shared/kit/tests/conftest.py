"""Servers of a test's own, to be killed, frozen and started again on the same port and folder."""

import asyncio
import os
import signal

import pytest

from openactions_local.servers import accepts, free_port, mongodb_server, nats_server


class Server:
    """One child process; `url` stays the same over its deaths."""

    def __init__(self, make, folder, scheme):
        self.port = free_port()
        self.url = f"{scheme}://127.0.0.1:{self.port}"
        self._child = make(folder, self.port)

    async def start(self):
        self._child.start()
        await self._child.ready(lambda: accepts(self.port))

    async def kill(self):
        await asyncio.to_thread(self._child.kill)

    def freeze(self):
        os.kill(self._child.pid, signal.SIGSTOP)

    def thaw(self):
        os.kill(self._child.pid, signal.SIGCONT)


@pytest.fixture
async def nats(tmp_path):
    """A broker of the test's own: nobody else's facts are in its streams."""
    server = Server(nats_server, tmp_path / "nats", "nats")
    await server.start()
    yield server
    await server.kill()


@pytest.fixture
async def mongodb(tmp_path):
    server = Server(mongodb_server, tmp_path / "mongodb", "mongodb")
    await server.start()
    yield server
    await server.kill()
