"""`RateLimit-Policy` and `RateLimit`, and that every answer of a request may have headers."""

import pytest

from contracts.errors import NotFound
from kit.front import ANSWER_HEADERS, Front
from kit.quota import Limit, Quota
from kit.rate_headers import rate_limit_headers
from kit.rate_limits import RateLimited

WORKSPACE = Limit("workspace", "This workspace", ("ws_1",), Quota(6_000))
MEMBER = Limit("member", "You", ("ws_1", "mem_1"), Quota(60))


def test_each_limit_says_what_is_left_and_when_there_is_more():
    assert rate_limit_headers([(WORKSPACE, 49, 0.01), (MEMBER, 2, 3.2)]) == (
        (b"ratelimit-policy", b'"workspace";q=100;w=1, "member";q=6;w=6'),
        (b"ratelimit", b'"workspace";r=49;t=1, "member";r=2;t=4'),
    )


def test_of_the_limit_that_refuses_it_is_the_time_of_retry_after():
    refused = RateLimited(MEMBER, 0.4)

    headers = dict(rate_limit_headers([(WORKSPACE, 49, 0.01), (MEMBER, 0, 5.8)], refused))

    assert headers[b"ratelimit"] == b'"workspace";r=49;t=1, "member";r=0;t=1'


def test_without_limits_there_are_no_headers():
    assert rate_limit_headers([]) == ()


@pytest.mark.parametrize("fails", [False, True])
async def test_headers_in_the_scope_come_with_answers_and_refusals(fails):
    async def route(scope, receive, send):
        scope[ANSWER_HEADERS] = ((b"ratelimit", b"x"),)
        if fails:
            raise NotFound("There is none.")
        await send({"type": "http.response.start", "status": 200})
        await send({"type": "http.response.body"})

    sent = []

    async def send(message):
        sent.append(message)

    scope = {"type": "http", "method": "GET", "path": "/", "headers": []}
    front = Front(route, service="test", max_body_bytes=1, long_bodies={})
    await front(scope, None, send)

    assert sent[0]["status"] == (404 if fails else 200)
    assert (b"ratelimit", b"x") in sent[0]["headers"]
