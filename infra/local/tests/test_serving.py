"""What the platform cannot be without ends it where it ends, with a sentence."""

import asyncio
import socket  # noqa: TID251 - a port to listen at

import pytest
import uvicorn

from openactions_local.serving import EndedEarly, ends_with, serving


class Failing(uvicorn.Server):
    """An HTTP server that fails when `fail` is set."""

    def __init__(self):
        super().__init__(uvicorn.Config(None, lifespan="off"))
        self.fail = asyncio.Event()

    async def serve(self, sockets=None):
        await self.fail.wait()
        raise ValueError("out of file descriptors")


class Stopping(Failing):
    """One that ends without an error."""

    async def serve(self, sockets=None):
        await self.fail.wait()


class Obedient(Failing):
    """One that ends when it is asked to."""

    async def serve(self, sockets=None):
        while not self.should_exit:  # noqa: ASYNC110 - as uvicorn does
            await asyncio.sleep(0.01)


@pytest.mark.enable_socket
@pytest.mark.parametrize(
    ("server", "why"),
    [(Failing, " (ValueError: out of file descriptors)"), (Stopping, "")],
)
async def test_a_platform_whose_http_server_ended_ends_with_a_sentence(server, why):
    async def platform():
        failing = server()
        with socket.socket() as listener:
            async with serving(failing, listener):
                failing.fail.set()
                await asyncio.sleep(10)

    with pytest.raises(EndedEarly) as ended:
        await platform()

    assert str(ended.value).startswith(f"The HTTP server ended by itself{why}, so the platform")


@pytest.mark.enable_socket
async def test_a_server_that_is_asked_to_end_is_no_error():
    stopping = Obedient()
    with socket.socket() as listener:
        async with serving(stopping, listener):
            await asyncio.sleep(0)

    assert stopping.should_exit


async def test_a_stop_that_was_asked_for_stays_one_where_the_work_ends_as_well():
    ended = asyncio.Event()
    work = asyncio.create_task(ended.wait())

    async def block():
        async with ends_with(work, "It"):
            await asyncio.sleep(10)

    running = asyncio.create_task(block())
    await asyncio.sleep(0)
    ended.set()
    await work
    running.cancel()

    with pytest.raises(asyncio.CancelledError):
        await running
