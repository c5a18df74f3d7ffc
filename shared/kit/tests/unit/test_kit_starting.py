"""Refusals while a service starts have shape, trace id and access line of all others."""

import io
import json
import logging
from contextlib import nullcontext

import httpx
import pytest

from kit import access_log
from kit.starting import ServeWhileStarting

TRACE = "0af7651916cd43dd8448eb211c80319c"
PROBLEM = {"type", "title", "status", "detail", "code", "hint", "trace_id"}


async def nobody(*_):
    raise AssertionError("It has not started.")


@pytest.fixture
async def client():
    starting = ServeWhileStarting(nobody, nullcontext(), service="policy")
    transport = httpx.ASGITransport(starting)
    async with httpx.AsyncClient(transport=transport, base_url="http://policy") as client:  # noqa: TID251 - to an application of our own
        yield client


@pytest.fixture
def lines():
    """The access lines, once they are all written."""
    stream = io.StringIO()
    access_log.ACCESS.open(logging.StreamHandler(stream), "json")

    def read():
        access_log.ACCESS.flush()
        return [json.loads(line) for line in stream.getvalue().splitlines()]

    yield read
    access_log.ACCESS.close()


@pytest.mark.parametrize("length", [0, 20_000_000])
async def test_t7_t19_a_refusal_while_a_service_starts_is_as_any_other(client, lines, length):
    headers = {"traceparent": f"00-{TRACE}-b7ad6b7169203331-01", "content-length": str(length)}

    refused = await client.post("/v1/domains", headers=headers)

    assert (refused.status_code, refused.json()["code"]) == (503, "platform.starting")
    assert refused.json().keys() == PROBLEM
    assert refused.json()["trace_id"] == refused.headers["x-request-id"] == TRACE
    assert refused.headers["content-type"] == "application/problem+json"
    assert refused.headers["x-content-type-options"] == "nosniff"
    [line] = lines()
    assert (line["service"], line["status"], line["trace_id"]) == ("policy", 503, TRACE)


@pytest.mark.parametrize("path", ["/livez", "/healthz"])
async def test_it_is_alive_meanwhile_without_a_line_for_each_probe(client, lines, path):
    assert (await client.get(path)).json() == {"status": "ok"}
    assert (await client.post(path)).status_code == 503
    assert lines() == []
