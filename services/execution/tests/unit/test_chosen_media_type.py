"""A caller chooses a media type of a body, or of an answer; and where defaults are not sent."""

import orjson
import pytest

from contracts.operation import Body, Location
from execution_service.domain.admission import Admitted, admit
from execution_service.domain.chosen import NOTHING_CHOSEN
from execution_service.domain.errors import (
    AnswerTypeFixed,
    AnswerTypeNotOffered,
    MediaTypeNotOffered,
    MediaTypeOfOtherArguments,
)
from execution_service.entrypoints.invoke import InvocationInvalid, _media_type
from execution_service.entrypoints.stored import stored_request
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
    assert hashed(operation) != hashed(operation, FORM)


@pytest.mark.parametrize("spelled", ["application/json", "Application/JSON", "application/json "])
def test_the_media_type_that_is_sent_anyway_is_no_choice(operation, spelled):
    assert hashed(operation, spelled) == hashed(operation)


def test_an_approval_is_of_the_answer_that_is_asked_for(calls):
    operation = calls.compiled(response_media_types=("application/json", "text/csv"))
    body = Body(media_type="text/xml", alternatives=(Body(media_type="text/csv"),))
    both = calls.compiled(method="POST", body=body, response_media_types=("text/csv",))

    assert len({hashed(operation, None, each) for each in (None, *operation.answer_types)}) == 3
    assert hashed(both, "text/csv", None) != hashed(both, None, "text/csv")


def hashed(operation, content_type=None, accept=None):
    given = {"id": 1} if operation.body is not None and operation.body.body.members else {}
    admitted = admit(operation, given, chosen=operation.chosen(content_type, accept))
    assert isinstance(admitted, Admitted), admitted
    return admitted.arguments_hash


ACCEPT = {"properties": {"accept": {"const": "application/vnd.x+json"}}}


@pytest.fixture
def fixed(calls):
    """Its document permits one value of the header Accept."""
    return calls.compiled(
        calls.parameter("Accept", "header", argument="accept", required=True),
        schema=ACCEPT,
        constants={"accept": "application/vnd.x+json"},
        response_media_types=("text/csv", "application/vnd.x+json"),
    )


@pytest.mark.parametrize("chosen", [None, "application/vnd.x+json", "application/vnd.X+JSON"])
async def test_w4_a_constant_accept_is_sent(fixed, chosen):
    world = World(callable_of(fixed))
    await invoke(world, wanted_call({}, accept=chosen))

    [sent] = world.sent
    accepts = [value for name, value in sent.headers if name.lower() == "accept"]
    assert accepts == ["application/vnd.x+json"]


async def test_w4_another_answer_than_the_constant_accept_is_refused(fixed):
    world = World(callable_of(fixed))
    error = await refused(world, AnswerTypeFixed, wanted_call({}, accept="text/csv"))

    assert error.code == "execution.accept_fixed"
    assert world.sent == []


def test_w4_json_comes_first_wherever_the_document_names_it(calls):
    names = tuple(f"text/x-{number}" for number in range(12))
    operation = calls.compiled(response_media_types=(*names, "application/json"))

    accepted = operation.accept(NOTHING_CHOSEN).split(", ")
    assert accepted[:10] == ["application/json", *names[:9]]
    assert operation.accept(operation.chosen(None, "text/x-11")) == "text/x-11"


@pytest.mark.parametrize("spelled", ["text/csv;charset=utf-8", "TEXT/CSV; Charset=utf-8"])
def test_a_choice_is_sent_as_the_document_spells_it(calls, spelled):
    declared = "text/csv; charset=utf-8"
    operation = calls.compiled(response_media_types=(declared,))

    assert operation.accept(operation.chosen(None, spelled)) == declared


async def test_a_media_type_of_which_the_document_has_another_body_is_refused_so(calls):
    body = Body(media_type="application/json", members={"a": "a"}, other_media_types=(FORM,))
    world = World(callable_of(calls.compiled(method="POST", body=body)))
    wanted = wanted_call({"a": 1}, content_type=FORM)
    error = await refused(world, MediaTypeOfOtherArguments, wanted)

    assert error.code == "execution.media_type_of_other_arguments"
    assert "application/json as `content_type`" in error.hint


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


@pytest.mark.parametrize("member", ["accept", "content_type"])
def test_a_key_is_of_the_media_types_that_are_chosen(member):
    def digest(**chosen):
        body = orjson.dumps({"gpt_id": "gpt_1", "operation": "a", **chosen})
        scope = {"headers": [(b"idempotency-key", b"order-66")]}
        asked = stored_request(scope, body, wanted_call({}, **chosen), token_digest="t")
        return asked.key.request_digest

    assert digest(**{member: "text/csv"}) != digest(**{member: "text/xml"})
    assert digest(**{member: "text/csv"}) != digest()


def test_a_media_type_has_as_many_characters_as_the_document_says():
    longest = "a/" + "b" * 198
    assert _media_type({"accept": longest}, "accept") == longest
    with pytest.raises(InvocationInvalid, match="200 characters"):
        _media_type({"accept": f"{longest}b"}, "accept")


@pytest.mark.parametrize(
    "written", [" application/json", "application/json ", "\tAPPLICATION/json "]
)
def test_a10_spaces_around_a_media_type_do_not_matter(written):
    read = _media_type({"accept": written}, "accept")

    assert read is not None
    assert read.lower() == "application/json"
