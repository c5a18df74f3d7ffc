"""B18: how many members children may have together, and what several of them have in common."""

import json

import jsonschema_rs
import pytest

from schema_service.domain.compiling.json_schema.subtypes import MAX_MEMBERS
from services.schema.tests.documents import only, post

REF = {"$ref": "#/components/schemas/Pet"}
PET = {
    "type": "object",
    "required": ["petType"],
    "properties": {"petType": {"type": "string"}},
    "discriminator": {
        "propertyName": "petType",
        "mapping": {"cat": "#/components/schemas/Cat", "dog": "#/components/schemas/Dog"},
    },
}


def pets(schema, **children):
    schemas = {"Pet": PET, **{name.title(): each for name, each in children.items()}}
    return only({**post(schema, required=True), "components": {"schemas": schemas}})


def admits(operation, **arguments):
    return jsonschema_rs.Draft202012Validator(operation.arguments).is_valid(arguments)


@pytest.mark.parametrize(("members", "merged"), [(MAX_MEMBERS, True), (MAX_MEMBERS + 1, False)])
def test_b18_children_are_merged_up_to_so_many_members_and_are_alternatives_beyond(members, merged):
    """Those that several children have count once, and those of the parent not at all."""
    own = {f"m{number}": {"type": "string"} for number in range(members - 1)}
    shared = {"petType": {"type": "string"}, "shared": {"type": "string"}}
    cat = {"allOf": [REF, {"properties": {**own, **shared}}]}
    dog = {"allOf": [REF, {"properties": shared}]}

    operation = pets(REF, cat=cat, dog=dog)

    if merged:
        assert operation.body.members.keys() == {"petType", "shared", *own}
    else:
        assert "m0" not in (operation.body.members or {})
        assert "m0" in json.dumps(operation.arguments["$defs"])


def test_b18_a_member_that_children_describe_differently_may_be_either():
    cat = {"allOf": [REF, {"properties": {"n": {"type": "integer"}}}]}
    dog = {"allOf": [REF, {"properties": {"n": {"type": "boolean"}}}]}
    operation = pets(REF, cat=cat, dog=dog)
    assert admits(operation, petType="cat", n=1)
    assert admits(operation, petType="dog", n=True)
    assert not admits(operation, petType="dog", n="x")
    assert operation.arguments["properties"]["n"]["description"] == "Where petType is cat or dog."
