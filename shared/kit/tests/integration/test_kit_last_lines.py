"""T7: a service that stops has written the lines of all its requests."""

import io
import json
import logging

import pytest

from kit import access_log
from kit.testing import running
from shared.kit.tests.kit_service import service

pytestmark = pytest.mark.integration


async def test_t7_lines_are_written_when_the_service_stops(nats, mongodb_url):
    stream = io.StringIO()
    an_hour = 3_600.0
    access_log.ACCESS.open(logging.StreamHandler(stream), "json", an_hour)
    try:
        async with running(service(nats.url, mongodb_url).api) as client:
            answer = await client.get("/v1/nothing")
            assert stream.getvalue() == ""
        line = json.loads(stream.getvalue())
    finally:
        access_log.ACCESS.close()

    assert (line["trace_id"], line["status"]) == (answer.headers["x-request-id"], 404)
