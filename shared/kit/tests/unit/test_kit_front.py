"""What stands before every route: limits, trace ids, headers."""

import re

import pytest
from fastapi import FastAPI, Request
from pydantic import BaseModel
from starlette.responses import Response
from starlette.routing import Route

from kit import problems, trace
from kit.front import Front
from kit.testing import running

LIMIT = 1_000
LONG = 5_000
TRACE = "0af7651916cd43dd8448eb211c80319c"


class Note(BaseModel):
    text: str


def plain(request: Request):
    return Response(trace.trace_id())


async def counted(request: Request):
    return Response(str(len(await request.body())))


@pytest.fixture
async def api():
    api = FastAPI()
    problems.install(api)
    api.add_middleware(Front, service="test", max_body_bytes=LIMIT, long_bodies={"/long": LONG})
    api.router.routes += [
        Route("/plain", plain),
        Route("/counted", counted, methods=["POST"]),
        Route("/long", counted, methods=["POST"]),
    ]

    @api.post("/note")
    async def note(body: Note):
        return len(body.text)

    @api.delete("/note", status_code=204)
    async def remove_note() -> None:
        pass

    async with running(api) as client:
        yield client


def declared(size):
    return {"content": b"a" * size, "headers": {"content-type": "text/plain"}}


def chunked(size):
    """Without a Content-Length, as `Transfer-Encoding: chunked` arrives."""

    async def chunks():
        for _ in range(0, size, 100):
            yield b"a" * 100

    return {"content": chunks(), "headers": {"content-type": "application/json"}}


@pytest.mark.parametrize("sent", [declared, chunked])
@pytest.mark.parametrize("path", ["/counted", "/note"])
async def test_a_body_over_the_limit_is_a_413_however_it_arrives(api, path, sent):
    answer = await api.post(path, **sent(LIMIT + 100))

    assert answer.status_code == 413
    assert answer.json()["status"] == 413
    assert answer.json()["code"] == "platform.body_too_large"
    assert answer.json()["detail"] == "The request body is larger than 1,000 bytes."


@pytest.mark.parametrize("sent", [declared, chunked])
async def test_a_body_of_exactly_the_limit_is_read(api, sent):
    assert (await api.post("/counted", **sent(LIMIT))).text == str(LIMIT)


@pytest.mark.parametrize("sent", [declared, chunked])
async def test_a_route_may_read_longer_bodies_and_has_its_own_limit(api, sent):
    assert (await api.post("/long", **sent(LONG))).text == str(LONG)
    assert (await api.post("/long", **sent(LONG + 100))).status_code == 413


async def test_every_answer_has_the_security_headers_and_a_request_id(api):
    for answer in [await api.get("/plain"), await api.get("/nowhere")]:
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cache-control"] == "no-store"
        assert re.fullmatch("[0-9a-f]{32}", answer.headers["x-request-id"])


async def test_an_answer_without_a_body_names_no_type_of_one(api):
    answer = await api.delete("/note")

    assert answer.status_code == 204
    assert "content-type" not in answer.headers


async def test_a_callers_trace_goes_on(api):
    headers = {"traceparent": f"00-{TRACE}-b7ad6b7169203331-01"}

    answer = await api.get("/plain", headers=headers)

    assert answer.text == answer.headers["x-request-id"] == TRACE


@pytest.mark.parametrize(
    "header",
    [
        "",
        TRACE,
        f"00-{TRACE}-b7ad6b7169203331-01\n",
        f"00-{'0' * 32}-b7ad6b7169203331-01",
        f"00-{TRACE.upper()}-b7ad6b7169203331-01",
        "00-" + "\xe9" * 32 + "-b7ad6b7169203331-01",
    ],
)
def test_a_malformed_trace_starts_a_new_one(header):
    trace.begin(header)

    assert trace.trace_id() != TRACE
    assert re.fullmatch("[0-9a-f]{32}", trace.trace_id())
    assert trace.trace_id() != "0" * 32


async def test_an_answer_that_has_begun_is_broken_off_rather_than_contradicted():
    sent = []

    async def app(scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})
        raise RuntimeError("too late")

    async def send(message):
        sent.append(message["type"])

    front = Front(app, service="test", max_body_bytes=LIMIT, long_bodies={})
    scope = {"type": "http", "method": "GET", "path": "/", "headers": []}

    with pytest.raises(Exception, match="unexpected"):
        await front(scope, None, send)
    assert sent == ["http.response.start"]


async def test_n11_head_is_what_get_would_answer_without_its_body(api):
    got, head = await api.get("/plain"), await api.head("/plain")
    refused, none = await api.head("/counted"), await api.head("/nowhere")

    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == got.headers["content-length"] == "32"
    assert (refused.status_code, none.status_code) == (405, 404)
    assert refused.content == none.content == b""


async def test_n11_head_waits_for_no_end_of_a_stream():
    sent = []

    async def endless(scope, receive, send):
        assert scope["method"] == "GET"
        await send({"type": "http.response.start", "status": 200, "headers": []})
        for _ in range(3):
            await send({"type": "http.response.body", "body": b"more", "more_body": True})

    async def send(message):
        sent.append(message)

    front = Front(endless, service="test", max_body_bytes=LIMIT, long_bodies={})
    await front({"type": "http", "method": "HEAD", "path": "/", "headers": []}, None, send)

    assert [each["type"] for each in sent] == ["http.response.start", "http.response.body"]
    assert sent[1] == {"type": "http.response.body", "body": b"", "more_body": False}
