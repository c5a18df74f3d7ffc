"""T19: what is no HTTP is refused with a problem document, before any application is asked."""

import asyncio
import io
import json
import logging

import pytest
import uvicorn

from kit import access_log
from kit.http_protocol import protocol_of

pytestmark = pytest.mark.integration
MALFORMED = {
    "a control character in a header": b"GET / HTTP/1.1\r\nHost: x\r\nX-Bad: a\x01b\r\n\r\n",
    "a space in the path": b"GET /a b HTTP/1.1\r\nHost: x\r\n\r\n",
    "a method that there is not": b"FROB / HTTP/1.1\r\nHost: x\r\n\r\n",
    "no HTTP at all": b"\x16\x03\x01\x02\x00\r\n\r\n",
}


@pytest.fixture
async def port():
    async def never(scope, receive, send):
        raise AssertionError

    config = uvicorn.Config(
        never, host="127.0.0.1", port=0, http=protocol_of("sample"), lifespan="off", log_config=None
    )
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - it says so by nothing else
        await asyncio.sleep(0.01)
    yield server.servers[0].sockets[0].getsockname()[1]
    server.should_exit = True
    await serving


@pytest.fixture
def lines():
    stream = io.StringIO()
    access_log.ACCESS.open(logging.StreamHandler(stream), "json")
    yield stream
    access_log.ACCESS.close()


@pytest.mark.parametrize("request_", MALFORMED.values(), ids=MALFORMED)
async def test_t19_what_is_no_http_is_refused_with_a_problem_document(port, lines, request_):
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request_)
    answer = await asyncio.wait_for(reader.read(), 10)
    writer.close()

    head, _, body = answer.partition(b"\r\n\r\n")
    problem = json.loads(body)
    assert head.startswith(b"HTTP/1.1 400 ")
    assert b"content-type: application/problem+json" in head
    assert b"connection: close" in head
    assert (problem["status"], problem["code"]) == (400, "platform.bad_request")
    assert f"x-request-id: {problem['trace_id']}".encode() in head
    access_log.ACCESS.flush()
    line = json.loads(lines.getvalue())
    assert (line["trace_id"], line["status"]) == (problem["trace_id"], 400)
    assert (line["service"], line["method"], line["route"]) == ("sample", None, None)
    assert (line["workspace_id"], line["event"]) == (None, "request")
    assert 0 <= line["ms"] < 1_000
