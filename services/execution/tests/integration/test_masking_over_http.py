"""A3 over HTTP: a real API that echoes the key it got tells it to nobody."""

import asyncio
import base64
import json
from contextlib import asynccontextmanager
from urllib.parse import quote

import pytest

from services.execution.tests.execution_platform import OWNER
from services.execution.tests.upstream import Upstream

pytestmark = pytest.mark.integration
KEY = 'sk-live/4f+9d=Q7z"&<~'
SPELLINGS = (
    KEY,
    quote(KEY, safe=""),
    json.dumps(KEY)[1:-1],
    base64.b64encode(KEY.encode()).decode().rstrip("=")[:-1],
    base64.urlsafe_b64encode(KEY.encode()).decode().rstrip("=")[:-1],
)


def answer(status, content_type, body, *headers):
    head = [f"HTTP/1.1 {status} X", f"content-type: {content_type}", *headers]
    return "\r\n".join([*head, f"content-length: {len(body)}", "", ""]).encode() + body


class EchoingApi(Upstream):
    """Repeats the key of the request, as the last step of the path says."""

    async def _reply(self, request, writer):
        key = request[2]["x-api-key"]
        path = request[1].partition("?")[0].rpartition("/")[2]
        if path == "chunks":
            await self._in_chunks(writer, f"before {key} after".encode())
            return
        if path == "lost":
            writer.write(answer(200, "text/plain", f"{key} {key}".encode())[:-9])
            writer.close()
            return
        writer.write(self._echoes(key)[path])
        await writer.drain()

    def _echoes(self, key):
        as_json = json.dumps({"headers": {"X-Api-Key": key}, "key": [key, 1.50]}).encode()
        encoded = base64.b64encode(f"X-Api-Key: {key}".encode())
        return {
            "json": answer(200, "application/json", as_json),
            "text": answer(200, "text/plain", f"You sent {key}.".encode()),
            "failing": answer(500, "application/problem+json", as_json),
            "denied": answer(401, "text/html", f"<p>{key}</p>".encode()),
            "moved": answer(
                302,
                "text/plain",
                f"Go to /?k={quote(key, safe='')}".encode(),
                f"location: /?k={quote(key, safe='')}",
            ),
            "base64": answer(200, "text/plain", encoded),
            "wide": answer(200, "text/plain; charset=utf-16", key.encode("utf-16")),
            "type": answer(200, f"text/{quote(key, safe='')}", b"ok"),
            "header": b"HTTP/1.1 200 X\r\nbroken " + key.encode() + b"\r\n\r\n",
            "status": f"HTTP/1.1 {key} X\r\n\r\n".encode(),
        }

    async def _in_chunks(self, writer, body):
        """One byte each, and time between them."""
        writer.write(
            b"HTTP/1.1 200 X\r\ncontent-type: text/plain\r\ntransfer-encoding: chunked\r\n\r\n"
        )
        for byte in body:
            writer.write(b"1\r\n%c\r\n" % byte)
            await writer.drain()
            await asyncio.sleep(0.001)
        writer.write(b"0\r\n\r\n")
        await writer.drain()


@asynccontextmanager
async def echoing_api():
    api = EchoingApi()
    server = await asyncio.start_server(api.take, "127.0.0.1", 0)
    api.port = server.sockets[0].getsockname()[1]
    try:
        yield api
    finally:
        server.close()


@pytest.fixture
async def api():
    async with echoing_api() as api:
        yield api


@pytest.fixture
def masking(platform):
    platform.api_key = KEY
    return platform


def tells_nothing(text):
    return not any(spelling in text or json.dumps(spelling) in text for spelling in SPELLINGS)


ECHOES = [
    ("json", "succeeded", 2),
    ("text", "succeeded", 1),
    ("failing", "failed", 2),
    ("denied", "failed", 1),
    ("moved", "succeeded", 1),
    ("base64", "succeeded", 1),
    ("wide", "succeeded", 1),
    ("type", "succeeded", 1),
    ("chunks", "succeeded", 1),
]


@pytest.mark.parametrize(("path", "outcome", "times"), ECHOES)
async def test_a3_an_answer_that_repeats_the_key_is_masked(masking, path, outcome, times):
    answered = await masking.invoke(id=path)

    assert masking.api.requests[0][2]["x-api-key"] == KEY
    found = answered.json()
    assert (found["outcome"], found["masked"]) == (outcome, times)
    assert tells_nothing(answered.text)
    assert "********" in answered.text


async def test_a3_the_trail_counts_what_was_masked(masking):
    answered = await masking.invoke(id="json")
    path = f"/v1/invocations/{answered.json()['id']}"

    record = await masking.client.get(path, headers={**OWNER, "prefer": "wait=10"})
    records = await masking.client.get("/v1/invocations", headers=OWNER)

    assert (record.status_code, record.json()["masked"]) == (200, 2)
    assert [each["masked"] for each in records.json()["items"]] == [2]


async def test_a3_the_rest_of_an_answer_is_as_it_was(masking):
    answered = await masking.invoke(id="json")

    body = {"headers": {"X-Api-Key": "********"}, "key": ["********", 1.5]}
    assert answered.json()["body"] == body


@pytest.mark.parametrize("path", ["header", "status", "lost"])
async def test_a3_an_answer_that_breaks_http_tells_nothing(masking, path):
    answered = await masking.invoke(id=path)

    assert answered.json()["outcome"] == "failed"
    assert tells_nothing(answered.text)


@pytest.mark.parametrize(
    "headers", [{"prefer": "respond-async"}, {"idempotency-key": "order-66"}], ids=str
)
async def test_a3_a_stored_result_is_masked(masking, headers):
    body = {"gpt_id": "gpt_1", "operation": "getPet", "arguments": {"id": "json"}}
    asked = {"json": body, "headers": {**OWNER, **headers}}
    first = await masking.client.post("/v1/invocations", **asked)
    path = first.headers.get("location", f"/v1/invocations/{first.json()['id']}")

    found = await masking.client.get(path, headers={**OWNER, "prefer": "wait=10"})

    assert (found.json()["state"], found.json()["result"]["masked"]) == ("succeeded", 2)
    assert tells_nothing(first.text + found.text)


async def test_a3_what_the_caller_sent_himself_comes_back(masking):
    masking.api_key = "another-key"
    answered = await masking.invoke(id="text", limit=12_345_678)

    assert "limit=12345678" in masking.api.requests[0][1]
    assert answered.json()["body"] == "You sent ********."


async def test_a3_a_short_key_is_not_masked(masking):
    masking.api_key = "1234567"
    answered = await masking.invoke(id="text")

    assert (answered.json()["body"], answered.json()["masked"]) == ("You sent 1234567.", 0)
