"""Operations of one body, and of almost the same one: what each has is its own."""

import pytest

from schema_service.domain.compiling.inputs.arguments import Arguments
from schema_service.domain.compiling.kept import Kept
from schema_service.domain.examination import Verdict
from services.schema.tests.documents import answer, api, codes

REFERENCE = {"$ref": "#/components/schemas/S"}
S = {
    "type": "object",
    "xml": {"namespace": "urn:s"},
    "properties": {"a": {"type": "string"}, "b": {"type": "string"}},
}
FORM, MULTIPART = "application/x-www-form-urlencoded", "multipart/form-data"


def document(*contents, schemas=None, **members):
    """One operation for each: `/0`, `/1` and so on."""
    paths = {
        f"/{index}": {"post": {"operationId": f"o{index}", "requestBody": {"content": content}}}
        for index, content in enumerate(contents)
    }
    return api(paths, components={"schemas": {"S": S, **(schemas or {})}}, **members)


def compiled(*contents, **members):
    return [each.operation for each in answer(document(*contents, **members)).operations]


def as_json(schema=REFERENCE, **members):
    return {"application/json": {"schema": schema, **members}}


def body(operation):
    return operation.body.model_dump(), operation.arguments


def alone(content, **members):
    [operation] = compiled(content, **members)
    return body(operation)


ALMOST = {
    "another media type besides": (as_json() | {FORM: {"schema": REFERENCE}}, as_json()),
    "a part of another type": (
        {MULTIPART: {"schema": REFERENCE, "encoding": {"a": {"contentType": "text/csv"}}}},
        {MULTIPART: {"schema": REFERENCE}},
    ),
    "members that are needed": (as_json({**REFERENCE, "required": ["a"]}), as_json()),
    "an example": (as_json(example={"a": "x"}), as_json()),
    "another name for the same": (
        {"application/xml": {"schema": {"$ref": "#/components/schemas/Again"}}},
        {"application/xml": {"schema": REFERENCE}},
    ),
}
AGAIN = {"Again": REFERENCE}


@pytest.mark.parametrize("contents", ALMOST.values(), ids=ALMOST)
def test_a_body_that_is_almost_that_of_another_operation_has_what_it_has_alone(contents):
    one, other = (alone(each, schemas=AGAIN) for each in contents)
    assert one != other
    for first, second in ((0, 1), (1, 0)):
        both = compiled(contents[first], contents[second], schemas=AGAIN)
        assert [*map(body, both)] == [(one, other)[first], (one, other)[second]]


@pytest.mark.parametrize("renamed", ["o0", "o1"])
def test_names_that_callers_know_are_those_of_one_operation(renamed):
    before = answer(document(as_json(), as_json())).operations
    known = Kept.of(before_as_stored(before), {renamed: {("body", "a"): "letter"}})
    again = answer(document(as_json(), as_json()), known=known).operations
    names = {each.name: [*each.operation.body.members] for each in again}
    assert names.pop(renamed) == ["letter", "b"]
    assert [*names.values()] == [["a", "b"]]


def before_as_stored(operations):
    class Stored:
        def __init__(self, each):
            self.operation_id, self.name, self.origin = each.operation_id, each.name, each.origin
            self.method, self.path, self.pointer = each.method, each.path, each.pointer

    return [Stored(each) for each in operations]


def test_a_form_that_cannot_be_sent_blocks_every_operation_that_has_it():
    form = {MULTIPART: {"schema": REFERENCE}}
    found = document(form, form, schemas={"S": {"type": "array", "items": {"type": "string"}}})
    for item in found["paths"].values():
        item["post"]["requestBody"]["required"] = True
    examination = answer(found)
    assert [each.verdict for each in examination.operations] == [Verdict.BLOCKED] * 2
    assert codes(examination).count("schema.form_of_no_object") == 2


def test_the_same_parameter_is_another_argument_where_a_path_calls_it_otherwise():
    shared = {"name": "petID", "in": "path", "required": True, "schema": {"type": "string"}}
    paths = {
        path: {"get": {"parameters": [{"$ref": "#/components/parameters/P"}]}}
        for path in ("/a/{petId}", "/b/{petid}", "/c?petID={petID}", "/d?pet={petID}", "/e/{petID}")
    }
    found = answer(api(paths, components={"parameters": {"P": shared}})).operations
    sent = [
        [(each.location, each.name) for each in detected.operation.parameters] for detected in found
    ]
    assert sent == [
        [("path", "petId")],
        [("path", "petid")],
        [("query", "petID")],
        [("query", "pet")],
        [("path", "petID")],
    ]


def test_a_body_stays_one_argument_once_a_document_has_enough_of_them():
    members = {f"m{number}": True for number in range(1_000)}
    found = compiled(*[as_json()] * 62, schemas={"S": {"type": "object", "properties": members}})
    assert [len(each.arguments["properties"]) for each in found] == [1_000] * 60 + [1, 1]


def test_arguments_that_were_taken_over_may_grow_alone():
    first, second = Arguments(None, 0, {}), Arguments(None, 0, {})
    first.required.append("a")
    first.properties["a"] = True
    second.take_over(first)
    second.required.append("b")
    second.properties["b"] = True
    assert (first.required, [*first.properties]) == (["a"], ["a"])
    assert (second.required, [*second.properties]) == (["a", "b"], ["a", "b"])
