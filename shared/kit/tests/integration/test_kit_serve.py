"""How a stopping server treats connections that a proxy keeps."""

import asyncio
from contextlib import asynccontextmanager

import pytest
import uvicorn

from kit.serve import DrainingServer
from kit.testing import eventually
from openactions_local.servers import free_port

pytestmark = pytest.mark.integration

REQUEST = b"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 0\r\n\r\n"


class Served:
    """A server in this loop; each request is answered once `go_on` is set."""

    def __init__(self):
        self.arrived, self.go_on, self.stopping = asyncio.Event(), asyncio.Event(), False
        self.go_on.set()
        config = uvicorn.Config(
            self._app, port=0, interface="asgi3", lifespan="off", log_config=None, http="httptools"
        )
        self.ready = asyncio.Event()
        self.health_port = free_port()
        self.server = DrainingServer(
            config,
            ready=self.ready,
            on_stop=self._stop,
            linger_seconds=10,
            health_port=self.health_port,
        )
        self._listener = config.bind_socket()
        self.port = self._listener.getsockname()[1]

    def _stop(self):
        self.stopping = True

    async def _app(self, scope, receive, send):
        self.arrived.set()
        await self.go_on.wait()
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body"})

    async def run(self):
        await self.server.serve([self._listener])

    async def until_stopping(self):
        async def stopping():
            return self.stopping

        self.server.should_exit = True
        await eventually(stopping)


@asynccontextmanager
async def served(*, ready=True):
    one = Served()
    running = asyncio.create_task(one.run())
    if ready:
        one.ready.set()

    async def started():
        return one.server.started and (one.server.servers or not ready)

    await eventually(started)
    yield one, running
    one.go_on.set()
    one.server.should_exit = one.server.force_exit = True
    await running


async def connected(one):
    return await asyncio.open_connection("127.0.0.1", one.port)


async def answer_on(reader):
    return (await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 10)).decode()


async def test_r4_a_service_that_is_not_ready_refuses_connections_and_is_alive_elsewhere():
    """A proxy asks another replica then, also with a POST: nothing of it was sent."""
    async with served(ready=False) as (one, _):
        with pytest.raises(ConnectionRefusedError):
            await connected(one)
        reader, writer = await asyncio.open_connection("127.0.0.1", one.health_port)
        writer.write(REQUEST)
        assert (await answer_on(reader)).startswith("HTTP/1.1 204")
        writer.close()

        one.ready.set()

        async def answers():
            try:
                return await connected(one)
            except ConnectionRefusedError:
                return None

        reader, writer = await eventually(answers)
        writer.write(REQUEST)
        assert (await answer_on(reader)).startswith("HTTP/1.1 204")
        writer.close()


async def test_r3_a_service_that_never_got_ready_stops_when_told():
    async with served(ready=False) as (one, running):
        await one.until_stopping()
        await asyncio.wait_for(running, 10)

        assert one.server._listening.cancelled(), "it would listen once the service is ready"


async def test_r4_a_post_on_a_kept_connection_is_answered_while_the_service_stops():
    async with served() as (one, running):
        reader, writer = await connected(one)
        writer.write(REQUEST)
        assert "connection: close" not in await answer_on(reader)

        await one.until_stopping()
        writer.write(REQUEST)
        answer = await answer_on(reader)

        assert answer.startswith("HTTP/1.1 204")
        assert "connection: close" in answer
        assert await reader.read() == b""
        writer.close()
        await asyncio.wait_for(running, 10)


async def test_r4_a_connection_nobody_had_accepted_is_answered_and_a_later_one_is_refused():
    async with served() as (one, running):
        one.server.should_exit = True
        reader, writer = await connected(one)  # in the kernel's queue or just taken
        writer.write(REQUEST)
        assert (await answer_on(reader)).startswith("HTTP/1.1 204")
        writer.close()

        await asyncio.wait_for(running, 10)
        with pytest.raises(ConnectionRefusedError):
            await connected(one)


async def test_r5_what_is_under_way_is_answered_and_told_that_its_connection_ends():
    async with served() as (one, running):
        one.go_on.clear()
        reader, writer = await connected(one)
        writer.write(REQUEST)
        await asyncio.wait_for(one.arrived.wait(), 10)

        await one.until_stopping()
        with pytest.raises(ConnectionRefusedError):
            await connected(one)
        one.go_on.set()

        assert "connection: close" in await answer_on(reader)
        writer.close()
        await asyncio.wait_for(running, 10)
