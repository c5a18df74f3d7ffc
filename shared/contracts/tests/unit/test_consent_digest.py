"""What a person agrees to when a call is approved, and what may change without asking again."""

import pytest

from contracts.json_schema import ANNOTATIONS, without_annotations
from contracts.operation import Operation

ARGUMENTS = {
    "type": "object",
    "title": "Arguments",
    "properties": {
        "title": {"type": "string", "description": "Of the book", "examples": ["Momo"]},
        "kind": {"enum": [{"title": "A"}, "b"], "default": "b"},
        "sequel": {"$ref": "#/$defs/Book"},
    },
    "required": ["title", "kind"],
    "additionalProperties": False,
    "$defs": {"Book": {"type": "object", "description": "A book", "properties": {"examples": {}}}},
}


def operation(**changes):
    plain = {
        "operation_id": "addBook",
        "name": "addBook",
        "method": "POST",
        "path": "/books",
        "server": "https://api.example.com/v1",
        "summary": "Add a book",
        "consequential": True,
        "arguments": ARGUMENTS,
        "digest": "d",
    }
    return Operation.model_validate({**plain, **changes})


def arguments(**changes):
    return operation(arguments={**ARGUMENTS, **changes})


AGREED = operation().consent_digest


@pytest.mark.parametrize(
    "other",
    [
        operation(name="add_book", operation_id="add_book", digest="other"),
        operation(summary="Other words", description="More words", response_media_types=("a/b",)),
        operation(server="https://API.example.com:443/v1/"),
        arguments(title="Other", description="New"),
        arguments(required=["kind", "title"]),
        arguments(
            properties={
                **ARGUMENTS["properties"],
                "title": {"type": "string", "deprecated": True, "readOnly": False, "title": "T"},
            }
        ),
        arguments(**{"$defs": {"Book": {"type": "object", "properties": {"examples": {}}}}}),
    ],
    ids=["names", "words", "spelling", "annotations", "order", "within", "in definitions"],
)
def test_what_only_describes_asks_nobody_again(other):
    assert other.consent_digest == AGREED


@pytest.mark.parametrize(
    "other",
    [
        operation(method="PUT"),
        operation(server="https://other.example.com/v1"),
        operation(server="https://api.example.com:8443/v1"),
        operation(server="http://api.example.com/v1"),
        operation(server="https://api.example.com/v2"),
        operation(path="/books/all"),
        operation(consequential=False),
        arguments(required=["title"]),
        arguments(additionalProperties=True),
        arguments(maxProperties=2),
        arguments(properties={"title": {"type": "string"}}),
        arguments(properties={**ARGUMENTS["properties"], "kind": {"enum": [{"title": "B"}, "b"]}}),
        arguments(**{"$defs": {"Book": {"type": "object", "properties": {}}}}),
    ],
    ids=[
        "method",
        "host",
        "port",
        "scheme",
        "base path",
        "path",
        "consequential",
        "required",
        "additional",
        "limit",
        "properties",
        "a value called title",
        "a property called examples",
    ],
)
def test_what_changes_the_call_is_asked_about_again(other):
    assert other.consent_digest != AGREED


def test_the_digest_is_stable_across_releases():
    """Stored permissions name it."""
    assert AGREED == "ed746e6c083e1826b64379710d88278918eceb1016a1c22353e59be48ac22516"


def test_annotations_go_wherever_a_schema_stands_and_nowhere_else():
    annotated = {"type": "string", **dict.fromkeys(ANNOTATIONS, "x")}
    everywhere = {
        **dict.fromkeys(("items", "not", "if", "then", "else", "contains"), annotated),
        **dict.fromkeys(("additionalProperties", "propertyNames"), annotated),
        **dict.fromkeys(("unevaluatedItems", "unevaluatedProperties"), annotated),
        **{each: [annotated] for each in ("allOf", "anyOf", "oneOf", "prefixItems")},
        **{each: {"title": annotated} for each in ("properties", "$defs", "patternProperties")},
        "const": {"title": "x"},
        "enum": [{"title": "x"}],
    }

    bare = without_annotations(everywhere)

    assert bare.pop("const") == {"title": "x"}
    assert bare.pop("enum") == [{"title": "x"}]
    plain = {"type": "string"}
    assert all(each in (plain, [plain], {"title": plain}) for each in bare.values())


def test_schemas_that_are_true_or_false_stay():
    assert without_annotations({"items": True, "properties": {"a": False}}) == {
        "items": True,
        "properties": {"a": False},
    }


@pytest.mark.parametrize(
    "swapped",
    [
        operation(server="https://evil.example/v1"),
        operation(server="https://api.example.com.evil.example/v1"),
        operation(server="http://api.example.com/v1"),
        operation(server="https://api.example.com:8443/v1"),
        operation(path="/users/{title}"),
        arguments(properties={**ARGUMENTS["properties"], "password": {"type": "string"}}),
    ],
)
def test_h76_what_was_agreed_to_does_not_hold_for_a_swapped_document(swapped):
    """Names, words and digests may be the old ones: host and arguments say what is agreed to."""
    same = swapped.model_copy(update={"digest": operation().digest})

    assert (same.name, same.summary) == (operation().name, operation().summary)
    assert same.consent_digest != AGREED


def xml_body(name="user", tag="a", media_type="application/xml"):
    inner = {"a": {"type": "string", "xml": {"name": tag}}}
    body = {"media_type": media_type, "members": {"a": "a"}, "xml": {"name": name}}
    return operation(body=body, arguments={"type": "object", "properties": inner})


def test_what_is_sent_without_being_given_is_agreed_to():
    staging = operation(defaults={"kind": "staging"}).consent_digest
    assert len({AGREED, staging, operation(defaults={"kind": "prod"}).consent_digest}) == 3


def test_the_names_in_an_xml_body_are_agreed_to():
    namespaced = xml_body().model_copy(deep=True, update={"name": "other"})
    assert namespaced.consent_digest == xml_body().consent_digest
    others = [xml_body(), xml_body(name="admin"), xml_body(tag="b")]
    assert len({each.consent_digest for each in others}) == 3
