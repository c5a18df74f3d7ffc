"""Annotations cost memory in a validator and refuse nothing: they are left out before."""

import pytest

from execution_service.domain.arguments.argument_schema import ArgumentSchema
from execution_service.domain.arguments.assertions import assertions

TEXT = {"type": "string"}
DESCRIBED = {**TEXT, "title": "T", "description": "D", "examples": ["e"], "format": "email"}


@pytest.mark.parametrize(
    ("schema", "left"),
    [
        (DESCRIBED, TEXT),
        (True, True),
        ({"items": DESCRIBED}, {"items": TEXT}),
        ({"anyOf": [DESCRIBED, True]}, {"anyOf": [TEXT, True]}),
        ({"$defs": {"title": DESCRIBED}}, {"$defs": {"title": TEXT}}),
        ({"properties": {"description": DESCRIBED}}, {"properties": {"description": TEXT}}),
        ({"required": ["title"]}, {"required": ["title"]}),
        ({"const": {"title": "kept"}}, {"const": {"title": "kept"}}),
        ({"enum": [{"description": "kept"}]}, {"enum": [{"description": "kept"}]}),
        ({"properties": "broken"}, {"properties": "broken"}),
    ],
    ids=repr,
)
def test_a11_annotations_go_and_everything_that_refuses_stays(schema, left):
    assert assertions(schema) == left


def test_a11_an_operation_takes_less_where_it_is_described_at_length():
    plain = {"type": "object", "properties": {"a": TEXT}}
    at_length = {"type": "object", "properties": {"a": {**TEXT, "description": "long " * 1_000}}}

    assert ArgumentSchema.of(at_length).bytes == ArgumentSchema.of(plain).bytes
