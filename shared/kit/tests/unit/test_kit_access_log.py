"""T7: the trace id of every answer is found in the log, on one line, with nothing secret in it."""

import asyncio
import io
import json
import logging

import pytest
from fastapi import APIRouter

from contracts.errors import Conflict
from kit import access_log, problems
from kit.access_log import AccessLog, is_logged
from kit.front import Front
from kit.hot import ServiceApi, send_json
from kit.testing import running


@pytest.fixture
def written():
    """The lines so far."""
    stream = io.StringIO()
    access_log.ACCESS.open(logging.StreamHandler(stream), "json")

    def lines():
        access_log.ACCESS.flush()
        return [json.loads(line) for line in stream.getvalue().splitlines()]

    yield lines
    access_log.ACCESS.close()


def service(log_share=1):
    limits = {"service": "test", "max_body_bytes": 1_000, "long_bodies": {}, "log_share": log_share}

    async def hot(scope, receive, send):
        access_log.workspace.set("ws_hot")
        await send_json(send, b'"hot"')

    api = ServiceApi(hot={("POST", "/hot"): Front(hot, **limits)})
    problems.install(api)
    router = APIRouter(prefix="/things")

    @router.get("/{thing_id}")
    async def read_thing(thing_id: str):
        access_log.workspace.set("ws_1")
        return thing_id

    @router.delete("/{thing_id}")
    async def remove_thing(thing_id: str):
        raise Conflict(f"{thing_id} stays.", code="test.stays")

    @router.put("/{thing_id}")
    async def break_thing(thing_id: str):
        raise RuntimeError(thing_id)

    api.include_router(router)
    api.get("/readyz")(lambda: "ok")
    api.add_middleware(Front, **limits)
    return api


@pytest.mark.parametrize(
    ("method", "path", "status", "route", "workspace"),
    [
        ("GET", "/things/1?key=planted-secret", 200, "/things/{thing_id}", "ws_1"),
        ("DELETE", "/things/planted-secret", 409, "/things/{thing_id}", None),
        ("PUT", "/things/planted-secret", 500, "/things/{thing_id}", None),
        ("POST", "/hot", 200, "/hot", "ws_hot"),
        ("GET", "/planted-secret", 404, None, None),
        ("PATCH", "/things/1", 405, "/things/{thing_id}", None),
    ],
)
async def test_t7_a_request_has_one_line_with_the_trace_id_of_its_answer(
    written, method, path, status, route, workspace
):
    headers = {"authorization": "Bearer planted-secret"}
    async with running(service()) as client:
        answer = await client.request(method, path, headers=headers)

    [line] = written()
    assert line["trace_id"] == answer.headers["x-request-id"]
    assert (line["method"], line["route"], line["status"]) == (method, route, status)
    assert line["workspace_id"] == workspace
    assert line["service"] == "test"
    assert 0 < line["ms"] < 10_000
    assert (line["event"], line["level"]) == ("request", "info")
    assert "planted" not in json.dumps(line)


async def test_t7_one_request_does_not_have_the_workspace_of_the_one_before(written):
    async with running(service()) as client:
        await client.get("/things/1")
        await client.get("/nowhere")

    assert [line["workspace_id"] for line in written()] == ["ws_1", None]


async def test_t7_lines_may_be_left_out_but_for_refusals_which_are_quoted(written):
    async with running(service(log_share=0)) as client:
        await client.get("/things/1")
        await client.delete("/things/1")

    assert [line["status"] for line in written()] == [409]


async def test_t7_probes_write_no_lines(written):
    async with running(service()) as client:
        await client.get("/readyz")

    assert written() == []


@pytest.mark.parametrize(
    ("path", "status", "share", "logged"),
    [
        ("/a", 200, 1, True),
        ("/a", 200, 0, False),
        ("/a", 400, 0, True),
        ("/a", 503, 0, True),
        ("/readyz", 503, 1, False),
    ],
)
def test_which_requests_have_a_line(path, status, share, logged):
    assert is_logged(path, status, share) is logged


def test_a_share_of_successful_requests_is_drawn_at_random():
    drawn = sum(is_logged("/a", 200, 0.5) for _ in range(1_000))

    assert 350 < drawn < 650


async def test_lines_are_written_together_and_none_is_forgotten():
    class Counting(logging.Handler):
        written: list[str] = []  # noqa: RUF012 - one test's

        def emit(self, record):
            self.written.append(record.getMessage())

    handler, log = Counting(), AccessLog()
    log.open(handler, "console")
    for number in range(access_log.MAX_LINES + 1):
        log.add({"trace_id": number, "route": None})
    assert len(handler.written) == 1
    log.close()

    [many, last] = handler.written
    assert len(many.splitlines()) == access_log.MAX_LINES
    assert last.endswith(f"[info] request trace_id={access_log.MAX_LINES}")


async def test_a_flush_after_the_output_is_closed_writes_nothing_and_is_no_error(capsys):
    """As at the exit of a process whose standard output is closed by then."""
    stream, log = io.StringIO(), AccessLog()
    log.open(logging.StreamHandler(stream), "json")
    log.add({"trace_id": "1"})
    stream.close()

    log.flush()
    log.close()

    assert capsys.readouterr().err == ""


async def test_before_a_process_says_where_to_lines_go_nowhere():
    AccessLog().add({"trace_id": "1"})


def test_lines_of_a_loop_that_ended_do_not_keep_those_of_the_next_one_waiting():
    stream, log = io.StringIO(), AccessLog()
    log.open(logging.StreamHandler(stream), "json", flush_seconds=0.01)

    async def adding(route, seconds):
        log.add(access_log.line("test", "GET", route, 200, 0))
        await asyncio.sleep(seconds)

    asyncio.run(adding("/first", 0))
    asyncio.run(adding("/second", 1))

    assert [json.loads(line)["route"] for line in stream.getvalue().splitlines()] == [
        "/first",
        "/second",
    ]
