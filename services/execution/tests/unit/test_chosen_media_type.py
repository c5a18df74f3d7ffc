"""A caller chooses a media type of a body, or of an answer; and where defaults are not sent."""

import pytest

from contracts.operation import Body, Location
from execution_service.domain.admission import Admitted, admit
from execution_service.domain.errors import AnswerTypeNotOffered, MediaTypeNotOffered
from services.execution.tests.calling import invoke, refused
from services.execution.tests.fakes import World, callable_of, wanted_call

FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def operation(calls):
    members = {"id": "id"}
    other = Body(media_type=FORM, members=members)
    body = Body(media_type="application/json", members=members, alternatives=(other,))
    return calls.compiled(method="POST", body=body)


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [(None, b'{"id":1}'), ("application/json", b'{"id":1}'), (FORM, b"id=1")],
)
async def test_a_body_is_sent_in_the_media_type_that_was_chosen(operation, chosen, expected):
    world = World(callable_of(operation))
    await invoke(world, wanted_call({"id": 1}, content_type=chosen))

    [sent] = world.sent
    assert sent.body == expected
    assert dict(sent.headers)["content-type"] == (chosen or "application/json")


async def test_a_media_type_that_the_body_does_not_have_is_refused(operation):
    wanted = wanted_call({"id": 1}, content_type="text/plain")
    error = await refused(World(callable_of(operation)), MediaTypeNotOffered, wanted)

    assert error.code == "execution.media_type_not_offered"
    assert "application/json, application/x-www-form-urlencoded" in error.hint


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [(None, "application/json, text/csv, text/*;q=0.9, */*;q=0.1"), ("text/csv", "text/csv")],
)
async def test_w4_an_answer_is_asked_for_in_the_media_type_that_was_chosen(calls, chosen, expected):
    operation = calls.compiled(response_media_types=("text/csv", "application/json"))
    world = World(callable_of(operation))
    await invoke(world, wanted_call({}, accept=chosen))

    [sent] = world.sent
    assert dict(sent.headers)["accept"] == expected


@pytest.mark.parametrize(
    ("declared", "hint"), [(("text/csv",), "text/csv as `accept`"), ((), "Leave `accept` out")]
)
async def test_w4_an_answer_that_is_not_declared_is_refused(calls, declared, hint):
    world = World(callable_of(calls.compiled(response_media_types=declared)))
    error = await refused(world, AnswerTypeNotOffered, wanted_call({}, accept="image/png"))

    assert error.code == "execution.accept_not_offered"
    assert hint in error.hint
    assert world.sent == []


def test_an_approval_is_of_the_chosen_media_type(operation):
    plain, chosen = (admit(operation, {"id": 1}, content_type=each) for each in (None, FORM))

    assert plain.arguments_hash != chosen.arguments_hash


def test_a_default_is_not_sent_where_the_credential_goes(calls):
    key = calls.parameter("X-Key", "header", required=True)
    compiled = calls.compiled(
        key,
        calls.parameter("page"),
        schema={"required": ["X-Key"]},
        defaults={"X-Key": "public", "page": 1},
    )
    admitted = admit(compiled, {}, frozenset({(Location.HEADER, "X-Key")}))

    assert isinstance(admitted, Admitted)
    assert admitted.arguments == {"page": 1}


def test_an_argument_wins_over_its_default(calls):
    compiled = calls.compiled(calls.parameter("page"), defaults={"page": 1})

    assert calls.request(compiled, page=2).raw_path_and_query == "/pets?page=2"
    assert calls.request(compiled).raw_path_and_query == "/pets?page=1"
