"""Starting a scripted peer, and calling it."""

import asyncio
import contextlib

import pytest
import uvloop

from egress import Egress
from shared.egress.tests.peer import Authority, Peer


@pytest.fixture
async def serve():
    """Starts peers, each with a script, and stops them all."""
    async with contextlib.AsyncExitStack() as stack:

        async def start(script, *, tls=None, host="peer.local"):
            peer = Peer(script, scheme="https" if tls else "http", host=host)
            server = await asyncio.start_server(peer.accept, "127.0.0.1", 0, ssl=tls)
            peer.port = server.sockets[0].getsockname()[1]
            stack.push_async_callback(stop, server, peer)
            return peer

        async def stop(server, peer):
            server.close()
            for _ in range(5):  # connections just accepted still become tasks
                await asyncio.sleep(0)
            for task in list(peer.tasks):
                task.cancel()
            await asyncio.gather(*peer.tasks, return_exceptions=True)
            for writer in peer.writers:
                writer.transport.abort()
            await asyncio.sleep(0)

        yield start


@pytest.fixture
async def call():
    """Sends one request to a peer through an Egress of its own."""

    async def send(peer, *, method="GET", path="/", settings=None, **request):
        rules = settings or peer.settings()
        async with Egress(rules) as egress:
            return await egress.send(peer.request(method, path, rules, **request))

    return send


@pytest.fixture(scope="session")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("authority"))


def pytest_asyncio_loop_factories():
    """Everything runs on asyncio's own loop and on the one that services run on."""
    return {"asyncio": asyncio.new_event_loop, "uvloop": uvloop.new_event_loop}
