"""A merge patch (RFC 7396) takes null where the member's schema does not: that removes it."""

import json

import pytest

from contracts.operation import Body
from execution_service.domain.admission import Admitted, Refused, admit

PATCH = "application/merge-patch+json"
SCHEMA = {
    "properties": {
        "id": {"type": "string"},
        "page": {"type": "integer"},
        "name": {"type": "string"},
        "owner": {"$ref": "#/$defs/Owner"},
        "tags": {"type": "array", "items": {"type": "string"}},
        "kind": {"type": "string"},
        "notes": {"type": "object", "additionalProperties": {"$ref": "#/$defs/Owner"}},
        "born": {"type": ["string", "null"]},
    },
    "required": ["id", "kind", "born"],
    "$defs": {
        "Owner": {
            "type": "object",
            "properties": {"name": {"type": "string"}, "age": {"type": "integer"}},
        }
    },
}
GIVEN = {"id": "1", "kind": "cat", "born": None}


@pytest.fixture
def patch(calls):
    members = {name: name for name in ("name", "owner", "tags", "kind", "notes", "born")}
    parameters = calls.parameter("id", "path", required=True), calls.parameter("page")
    return calls.compiled(
        *parameters,
        path="/pets/{id}",
        method="PATCH",
        body=Body(media_type=PATCH, members=members),
        schema=SCHEMA,
    )


def body(calls, patch, arguments):
    return json.loads(calls.request(patch, **GIVEN, **arguments).body)


@pytest.mark.parametrize(
    "removed",
    [
        {"name": None},
        {"owner": None},
        {"owner": {"name": None}},
        {"notes": {"a": None, "b": {"age": None}}},
    ],
)
def test_a_null_of_a_member_is_sent(calls, patch, removed):
    assert body(calls, patch, removed) == {"kind": "cat", "born": None, **removed}


def test_a_null_that_is_sent_is_no_coercion(patch):
    admitted = admit(patch, {**GIVEN, "name": None}, tolerant=True)

    assert admitted.coerced == ()
    assert admitted.arguments["name"] is None


def test_nulls_stay_where_another_value_is_coerced(patch):
    given = {**GIVEN, "name": None, "owner": {"name": None, "age": "3"}, "page": None}
    admitted = admit(patch, given, tolerant=True)

    assert isinstance(admitted, Admitted)
    assert admitted.arguments == {**GIVEN, "name": None, "owner": {"name": None, "age": 3}}


@pytest.mark.parametrize("refused", [{"kind": None}, {"tags": [None]}])
def test_a_null_that_removes_nothing_is_refused(patch, refused):
    assert isinstance(admit(patch, {**GIVEN, **refused}), Refused)


def test_a_null_beside_the_patch_is_left_out(patch):
    assert admit(patch, {**GIVEN, "page": None}).arguments == GIVEN


def test_in_other_bodies_a_null_removes_nothing_and_is_left_out(calls, patch):
    plain = calls.compiled(
        calls.parameter("id", "path", required=True),
        path="/pets/{id}",
        method="PATCH",
        body=Body(
            media_type="application/json", members={"name": "name", "kind": "kind", "born": "born"}
        ),
        schema=SCHEMA,
    )
    assert admit(plain, {**GIVEN, "name": None}).arguments == GIVEN


LISTED = {
    "properties": {
        "pets": {"type": "array", "items": {"$ref": "#/$defs/Pet"}},
        "owner": {"$ref": "#/$defs/Pet"},
        "kind": {"const": "cat"},
        "any": {},
    },
    "$defs": {
        "Pet": {
            "type": "object",
            "properties": {"name": {"type": "string"}, "pets": {"type": "array"}},
        }
    },
}


@pytest.fixture
def listing(calls):
    """With a list of objects, a constant, and a member of any kind."""
    members = {name: name for name in LISTED["properties"]}
    body = Body(media_type=PATCH, members=members)
    return calls.compiled(method="PATCH", body=body, schema=LISTED, constants={"kind": "cat"})


@pytest.mark.parametrize("kept", [{"any": [None, {"a": None}]}, {"owner": {"pets": [None]}}])
def test_a_null_within_a_list_is_a_value_and_stays(calls, listing, kept):
    sent = calls.request(listing, **kept)

    assert json.loads(sent.body) == {**kept, "kind": "cat"}


def test_a_null_within_a_list_removes_nothing(listing):
    """RFC 7396, section 2: a list replaces the one that is there, as it is."""
    given = {"pets": [{"name": None}], "owner": {"name": None}}
    meant = admit(listing, given)

    assert meant.arguments == {"pets": [{}], "owner": {"name": None}, "kind": "cat"}
    assert [each.pointer for each in meant.coerced] == ["/pets/0/name"]


def test_nulls_of_a_member_that_is_json_text_remove_too(listing):
    admitted = admit(listing, {"owner": '{"name": null}'}, tolerant=True)

    assert admitted.arguments == {"owner": {"name": None}, "kind": "cat"}
    assert [(each.pointer, each.change) for each in admitted.coerced] == [
        ("/owner", "text_to_object")
    ]


def test_nulls_of_arguments_that_are_json_text_remove_too(listing):
    admitted = admit(listing, '{"owner": {"name": null}}', tolerant=True)

    assert admitted.arguments == {"owner": {"name": None}, "kind": "cat"}


def test_a_constant_is_not_removed(listing):
    admitted = admit(listing, {"kind": None})

    assert admitted.arguments == {"kind": "cat"}
    assert [each.change for each in admitted.coerced] == ["null_left_out"]


@pytest.fixture
def whole(calls):
    """The patch is one argument, in JSON or as a merge patch."""
    schema = {"properties": {"body": {"$ref": "#/$defs/Pet"}}, "$defs": LISTED["$defs"]}

    def with_media_type(media_type, *others):
        alternatives = tuple(Body(media_type=each) for each in others)
        body = Body(media_type=media_type, alternatives=alternatives)
        return calls.compiled(method="PATCH", body=body, schema=schema)

    return with_media_type


def test_a_null_in_place_of_a_patch_is_left_out(whole):
    admitted = admit(whole(PATCH), {"body": None})

    assert admitted.arguments == {}


def test_a_null_of_a_patch_that_is_one_argument_is_sent(whole):
    assert admit(whole(PATCH), {"body": {"name": None}}).arguments == {"body": {"name": None}}


@pytest.mark.parametrize(
    ("main", "chosen", "sent"),
    [
        ("application/json", PATCH, {"name": None}),
        (PATCH, "application/json", {}),
        ("application/json", None, {}),
        (PATCH, None, {"name": None}),
    ],
)
def test_the_media_type_that_is_chosen_says_whether_nulls_remove(whole, main, chosen, sent):
    other = PATCH if main != PATCH else "application/json"
    call = whole(main, other)
    admitted = admit(call, {"body": {"name": None}}, chosen=call.chosen(chosen, None))

    assert admitted.arguments == {"body": sent}
