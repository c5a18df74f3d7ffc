"""A caller chooses one of the media types that a body has; and where defaults are not sent."""

import pytest

from contracts.operation import Body, Location
from execution_service.domain.admission import Admitted, admit
from execution_service.domain.errors import MediaTypeNotOffered
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
