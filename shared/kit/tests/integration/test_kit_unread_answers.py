"""B7: a caller that does not read its answer does not hold it for ever."""

import asyncio
import io
import json
import logging
import socket  # noqa: TID251 - a caller of the service, which does not read
from contextlib import asynccontextmanager

import pytest
import uvicorn

from kit import access_log
from kit.front import Front
from kit.hot import send_json
from kit.http_protocol import READ_BYTES, protocol_of
from kit.testing import eventually

pytestmark = pytest.mark.integration
LARGE = b'"%b"' % (b"a" * 32_000_000)
SECONDS = 0.3
KEEP_ALIVE_SECONDS = 0.2


class Sample(protocol_of("sample")):
    read_seconds = SECONDS


@pytest.fixture
def lines():
    stream = io.StringIO()
    access_log.ACCESS.open(logging.StreamHandler(stream), "json")

    def written():
        access_log.ACCESS.flush()
        return [json.loads(line) for line in stream.getvalue().splitlines()]

    yield written
    access_log.ACCESS.close()


async def answer(scope, receive, send):
    await send_json(send, LARGE)


async def answer_at_once(scope, receive, send):
    """As the framework's routes do: it ends before anything is read."""
    headers = [(b"content-length", b"%d" % len(LARGE))]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": LARGE})


@asynccontextmanager
async def serving(answer):
    api = Front(answer, service="sample", max_body_bytes=0, long_bodies={})
    config = uvicorn.Config(
        api,
        host="127.0.0.1",
        port=0,
        http=Sample,
        lifespan="off",
        log_config=None,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
    )
    server = uvicorn.Server(config)
    running = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - it says so by nothing else
        await asyncio.sleep(0.01)
    try:
        yield server
    finally:
        server.should_exit = True
        await running


@pytest.fixture
async def server():
    async with serving(answer) as server:
        yield server


async def asking(server, *, close):
    """A connection that asks and does not read."""
    calling = socket.socket()
    calling.setblocking(False)
    loop = asyncio.get_running_loop()
    await loop.sock_connect(calling, server.servers[0].sockets[0].getsockname())
    closing = b"Connection: close\r\n" if close else b""
    await loop.sock_sendall(calling, b"GET / HTTP/1.1\r\nHost: x\r\n%b\r\n" % closing)
    return calling


def answered(server, lines):
    async def nobody_is_connected_any_more():
        return lines() and not server.server_state.connections

    return nobody_is_connected_any_more


@pytest.mark.parametrize("close", [True, False])
async def test_b7_an_answer_that_nobody_reads_ends_the_connection_and_its_line_says_so(
    server, lines, close
):
    began = asyncio.get_running_loop().time()
    with await asking(server, close=close):
        await eventually(answered(server, lines))

    assert asyncio.get_running_loop().time() - began < 10 * SECONDS
    [line] = lines()
    assert (line["status"], line["service"]) == (200, "sample")
    assert line["unread_bytes"] > READ_BYTES


async def test_b7_who_reads_slowly_gets_all_of_it(server, lines):
    """Much slower than the deadline, and faster than 64 KiB in each of its spans."""
    with await asking(server, close=True) as calling:
        loop, read = asyncio.get_running_loop(), 0
        while chunk := await loop.sock_recv(calling, 500_000):
            read += len(chunk)
            await asyncio.sleep(0.02)

    assert read > len(LARGE)
    assert "unread_bytes" not in lines()[0]


@pytest.mark.parametrize("close", [True, False])
async def test_b7_who_reads_slowly_gets_all_of_it_also_where_the_route_has_ended(lines, close):
    """Longer than the server keeps an idle connection open."""
    async with serving(answer_at_once) as server:
        with await asking(server, close=close) as calling:
            loop, read, began = asyncio.get_running_loop(), 0, asyncio.get_running_loop().time()
            while read < len(LARGE) and (chunk := await loop.sock_recv(calling, 500_000)):
                read += len(chunk)
                await asyncio.sleep(0.02)

    assert loop.time() - began > 2 * KEEP_ALIVE_SECONDS
    assert read > len(LARGE)
