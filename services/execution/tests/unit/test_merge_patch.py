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
