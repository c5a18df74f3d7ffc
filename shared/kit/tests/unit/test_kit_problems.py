"""Refusals as callers see them: statuses, headers, problem documents (RFC 9457)."""

import pytest
from fastapi import FastAPI, HTTPException
from pydantic import BaseModel, ConfigDict

from contracts.errors import Conflict, Denied, Invalid, NotFound, Unavailable
from kit import problems
from kit.errors import (
    BusUnavailable,
    DatabaseUnavailable,
    NothingHere,
    NotInForce,
    Unauthenticated,
    headers_of,
    problem_of,
    status_of,
)
from kit.front import Front
from kit.testing import running


class Colour(BaseModel):
    model_config = ConfigDict(extra="forbid")

    red: int


@pytest.fixture
async def api():
    api = FastAPI()
    problems.install(api)
    api.add_middleware(Front, service="test", max_body_bytes=100, long_bodies={"/colour": 100_000})

    @api.get("/refused")
    async def refused():
        raise Conflict("Taken.", hint="Choose another.", code="test.taken", findings=[{"at": 1}])

    @api.get("/away")
    async def away():
        raise Unavailable("Away.", retry_after_seconds=0.4)

    @api.get("/broken")
    async def broken():
        raise RuntimeError("password=hunter2")

    @api.get("/framework/{status}")
    async def of_the_framework(status: int):
        raise HTTPException(status, "Said by a library.", {"content-type": "text/html"})

    @api.get("/many")
    async def many():
        raise Invalid("Many.", findings=[{"at": at} for at in range(250)])

    @api.post("/colour")
    async def colour(body: Colour):
        return body

    async with running(api) as client:
        yield client


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (Invalid("x"), 422),
        (Denied("x"), 403),
        (NotFound("x"), 404),
        (Conflict("x"), 409),
        (Unavailable("x"), 503),
        (Unauthenticated(), 401),
        (Denied("x", code="identity.token_invalid"), 401),
    ],
    ids=lambda value: getattr(value, "code", value),
)
def test_each_kind_has_its_status_whoever_raised_it(error, status):
    assert status_of(error) == status
    assert problem_of(error)["status"] == status


def test_what_is_away_says_when_to_come_back():
    assert headers_of(DatabaseUnavailable()) == {"retry-after": "2"}
    assert headers_of(Unavailable("x", retry_after_seconds=0.2)) == {"retry-after": "1"}
    assert headers_of(BusUnavailable()) == {"retry-after": "2"}
    assert headers_of(NothingHere()) == {}


def test_a_missing_token_names_the_scheme_that_is_wanted():
    assert headers_of(Unauthenticated()) == {"www-authenticate": "Bearer"}


async def test_a_refusal_reaches_the_caller_with_code_hint_findings_and_trace(api):
    answer = await api.get("/refused")

    assert answer.status_code == 409
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["code"] == "test.taken"
    assert problem["detail"] == "Taken."
    assert problem["hint"] == "Choose another."
    assert problem["findings"] == [{"at": 1}]
    assert problem["trace_id"] == answer.headers["x-request-id"]


async def test_a_wait_of_less_than_a_second_is_a_whole_second(api):
    assert (await api.get("/away")).headers["retry-after"] == "1"


async def test_what_nobody_expected_says_nothing_of_its_cause(api):
    answer = await api.get("/broken")

    assert answer.status_code == 500
    assert answer.json()["code"] == "platform.internal"
    assert "hunter2" not in answer.text
    assert answer.json()["trace_id"] == answer.headers["x-request-id"]
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_a_body_of_another_form_names_the_member(api):
    answer = await api.post("/colour", json={"red": "very"})

    assert answer.status_code == 422
    assert answer.json()["code"] == "platform.request_invalid"
    assert answer.json()["findings"][0]["pointer"] == "/body/red"


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/nowhere", 404, "platform.not_found"),
        ("DELETE", "/refused", 405, "platform.method_not_allowed"),
    ],
)
async def test_a_path_nobody_serves_is_a_problem_too(api, method, path, status, code):
    answer = await api.request(method, path)

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.headers.get("allow") == ("GET" if status == 405 else None)
    assert answer.json()["detail"] == DETAILS[status]


DETAILS = {404: "There is nothing here.", 405: "This path does not take this method."}


@pytest.mark.parametrize(("status", "answered"), [(400, 400), (404, 404), (401, 500), (503, 500)])
async def test_what_a_library_refuses_is_a_problem_or_a_fault_of_ours(api, status, answered):
    """Another status than the framework's own is nothing that a route here raises."""
    answer = await api.get(f"/framework/{status}")

    assert answer.status_code == answered
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_route_documents_its_codes_by_status():
    class NoRed(Invalid):
        code = "test.no_red"

    class NoBlue(Invalid):
        code = "test.no_blue"

    described = problems.problems(NoRed, NoBlue, NothingHere)

    assert described[422]["description"] == "`test.no_red`, `test.no_blue`"
    assert described[404]["description"] == "`platform.not_found`"


async def test_a6_of_many_findings_a_hundred_are_shown_and_the_others_counted(api):
    problem = (await api.get("/many")).json()

    assert [finding["at"] for finding in problem["findings"]] == [*range(100)]
    assert problem["more_findings"] == 150


async def test_a6_a_body_of_unknown_members_is_not_answered_with_all_of_them(api):
    refused = await api.post("/colour", json={f"m{number}": 0 for number in range(5_000)})

    problem = refused.json()
    assert (refused.status_code, len(problem["findings"])) == (422, 100)
    assert problem["more_findings"] == 4_901  # and `red` is missing
    assert len(refused.content) < 10_000


async def test_a6_few_findings_are_all_there_are(api):
    assert "more_findings" not in (await api.get("/refused")).json()


def test_a_problem_says_where_to_sign_in_only_where_that_is_the_next_step():
    error = Invalid("Sign in first.")
    assert "sign_in" not in problem_of(error)

    error.sign_in = "https://actions.example/aip/act_1/sign-in"

    assert problem_of(error)["sign_in"] == "https://actions.example/aip/act_1/sign-in"


def test_a6_what_came_counted_over_the_bus_stays_counted():
    error = Invalid("Many.", findings=[{"at": 1}] * 101, more_findings=7)

    assert (len(error.findings), error.more_findings) == (100, 8)


def test_any_refusal_that_knows_when_says_when():
    assert headers_of(NotFound("Not yet.", retry_after_seconds=0.5)) == {"retry-after": "1"}
    assert headers_of(NotFound("Never.")) == {}


def test_b5_a_change_that_is_not_in_force_carries_the_etag_of_what_is_stored():
    stored = NotInForce(7)

    assert headers_of(stored) == {"retry-after": "1", "etag": '"7"'}
    assert problem_of(stored)["revision"] == 7
    assert headers_of(NotInForce()) == {"retry-after": "1"}
    assert "revision" not in problem_of(NotInForce())
