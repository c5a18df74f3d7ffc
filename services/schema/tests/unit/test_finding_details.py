"""Small things that documents say and findings did not, or said wrongly."""

import json

import pytest

from contracts.tool_forms import text as texts
from egress import EgressSettings
from schema_service.adapters.egress_origins import EgressOrigins
from schema_service.domain.examination import Verdict, examine
from schema_service.domain.examined import examine_text
from schema_service.domain.operator_rules import with_operator_rules
from schema_service.domain.reading.read_document import read_document
from schema_service.domain.repairing.repair import repair
from services.schema.tests.documents import answer, api, codes, get, only, post

NOTHING_ALLOWED = EgressOrigins(EgressSettings())


def cookie(schema, **more):
    return {"name": "c", "in": "cookie", "style": "cookie", "schema": schema, **more}


def of_cookie(schema, **more):
    return {**get(parameters=[cookie(schema, **more)]), "openapi": "3.2.0"}


@pytest.mark.parametrize("value", ["a b", "a;b", "a,b", 'a"b', "a\\b", "é"])
def test_z9_5_values_that_a_cookie_cannot_hold_as_they_are_are_left_out_or_block(value):
    found = answer(of_cookie({"enum": ["a", value]}))
    assert found.operations[0].operation.arguments["properties"]["c"] == {"enum": ["a"]}
    assert codes(found) == ["schema.values_unsendable"]
    needed = answer(of_cookie({"enum": [value]}, required=True))
    assert needed.operations[0].verdict is Verdict.BLOCKED
    assert codes(needed) == ["schema.parameter_unsendable"]
    default = answer(of_cookie({"type": "string", "default": value}))
    assert codes(default) == ["schema.default_refused"]


def test_z9_5_a_cookie_that_is_escaped_holds_any_value():
    found = answer(get(parameters=[{**cookie({"enum": ["a b"]}), "style": "form"}]))
    assert not codes(found)


@pytest.mark.parametrize("holder", ["parameter", "media type"])
def test_z9_5_a_reference_to_an_example_that_is_nowhere_is_said(holder):
    examples = {"a": {"$ref": "#/components/examples/Gone"}}
    query = {"name": "q", "in": "query", "schema": {"type": "string"}}
    document = post({"type": "object", "properties": {"b": {}}})
    if holder == "parameter":
        document["paths"]["/pets"]["post"]["parameters"] = [{**query, "examples": examples}]
    else:
        body = document["paths"]["/pets"]["post"]["requestBody"]
        body["content"]["application/json"]["examples"] = examples
    document["paths"]["/pets"]["post"]["responses"] = {"204": {"description": "d"}}
    found = examine(read_document(json.dumps(document)))
    [finding] = [each for each in found.findings if "/examples/a" in each.pointer]
    assert finding.code == "schema.reference_broken_elsewhere"
    assert finding.pointer.endswith("/examples/a/$ref")
    assert "#/components/examples/Gone" in finding.message
    assert found.operations[0].verdict is not Verdict.BLOCKED


def test_z9_5_a_value_among_the_examples_of_a_schema_may_have_a_member_called_ref():
    schema = {"type": "object", "properties": {"b": {}}, "examples": [{"$ref": "#/nowhere"}]}
    found = examine(read_document(json.dumps(post(schema))))
    assert not [each for each in found.findings if "examples" in each.pointer]


def test_z9_5_findings_about_the_grammar_keep_empty_names_in_their_pointers():
    response = {"description": "d", "headers": {"": {"odd": 1}}}
    document = api({"/pets": {"get": {"operationId": "a", "responses": {"200": response}}}})
    document["components"] = {"responses": {"": {"descripton": "d"}}}
    document["info"][""] = 1
    places = {each.pointer for each in answer(document).findings}
    at_header = "/paths/~1pets/get/responses/200/headers/"
    assert {at_header, f"{at_header}/odd", "/components/responses//descripton", "/info/"} <= places
    assert "/components/responses/descripton" not in places
    [unnamed] = [each for each in answer(document).findings if each.pointer == "/info/"]
    assert unnamed.message == "The specification has no member without a name here"


def test_z9_5_a_default_mapping_that_leads_nowhere_has_a_sentence_of_its_own():
    cat = {"type": "object", "properties": {"kind": {"const": "cat"}}}
    whole = {"oneOf": [{"$ref": "#/components/schemas/Cat"}]}
    whole["discriminator"] = {"propertyName": "kind", "defaultMapping": "Gone"}
    document = {**post({"$ref": "#/components/schemas/Pet"}), "openapi": "3.2.0"}
    document["components"] = {"schemas": {"Pet": whole, "Cat": cat}}
    [finding] = [e for e in answer(document).findings if e.code == "schema.discriminator_default"]
    assert finding.message.startswith("defaultMapping, for values that the mapping does not have")


@pytest.mark.parametrize(
    ("said", "expected"),
    [("The photo", "The photo. Give"), ("The photo.", "The photo. Give"), ("", "Give")],
)
def test_z9_5_a_full_stop_ends_the_description_of_a_file(said, expected):
    photo = {"type": "string", "format": "binary", "description": said}
    body = post({"type": "object", "properties": {"photo": photo}}, "multipart/form-data")
    argument = only(body).arguments["properties"]["photo"]
    assert argument["description"].startswith(f"{expected} the file's bytes in base64")


def test_z9_5_sentences_are_separated():
    assert texts.sentences("How?", "So", "x") == "How? So. x"
    assert texts.sentences("", " ") == ""


TEXT = """openapi: 3.1.0
info:
  title: t
  description: |
  # A heading
  Some text
  # a comment
  version: '1'
servers: [{url: https://api.pets.dev}]
paths:
  /pets:
    get: {operationId: a, summary: s, responses: {'200': {description: d}}}
"""


def test_z9_5_a_comment_behind_a_text_that_is_not_indented_stays_one():
    [error] = [e for e in examine(read_document(TEXT)).findings if e.severity == "error"]
    mended = repair(TEXT, [error.repair]).text
    assert "    # A heading\n    Some text\n  # a comment\n  version" in mended
    assert read_document(mended).document["info"]["description"] == "# A heading\nSome text\n"


METHOD_INSIDE = """openapi: 3.1.0
info: {title: t, version: '1'}
servers: [{url: https://api.pets.dev}]
paths:
  /pets:
    get:
      operationId: listPets
      summary: s
      responses: {'200': {description: d}}
      post:
"""
BELOW = """        operationId: addPet
        summary: s
        responses: {'200': {description: d}}
"""
BESIDE = """      deprecated: true
"""


def test_z9_5_a_method_at_the_column_of_another_ones_members_is_named_and_moved():
    text = METHOD_INSIDE + BELOW
    [error] = [e for e in examine(read_document(text)).findings if e.severity == "error"]
    assert (error.code, error.line) == ("schema.operation_misplaced", 10)
    assert error.pointer == "/paths/~1pets/get/post"
    mended = examine(read_document(repair(text, [error.repair]).text))
    assert {each.method for each in mended.operations} == {"GET", "POST"}


def test_z9_5_a_method_whose_lines_cannot_be_told_is_named_and_not_moved():
    found = examine(read_document(METHOD_INSIDE + BESIDE))
    [error] = [each for each in found.findings if each.severity == "error"]
    assert error.code == "schema.operation_misplaced"
    assert error.repair is None


@pytest.mark.parametrize("allowed", [None, NOTHING_ALLOWED])
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_z9_5_the_reason_against_localhost_is_its_name_whatever_the_scheme(scheme, allowed):
    urls = [f"{scheme}://localhost:3000", "https://api.pets.dev"]
    found = answer({**get(), "servers": [{"url": url} for url in urls]}, origins=allowed)
    [note] = [each for each in found.findings if each.code == "schema.servers_several"]
    assert f"because {urls[0]} cannot be called: This host cannot be called: localhost" in (
        note.message
    )
    assert note.message.startswith("Multiple servers found, using https://api.pets.dev")


def test_z9_5_the_reason_is_the_same_where_the_operator_allows_the_other_server():
    ours = "http://ours.acme.io:8123"
    rules = EgressOrigins(EgressSettings(allowed_origins={ours: "127.0.0.1"}))
    document = {**get(), "servers": [{"url": "http://localhost:3000"}, {"url": ours}]}
    found = examine_text(json.dumps(document).encode(), source_url=None)
    messages = [each["message"] for each in with_operator_rules(found, rules).findings.items()]
    [note] = [each for each in messages if each.startswith("Multiple servers")]
    assert f"using {ours}" in note
    assert "because http://localhost:3000 cannot be called: This host cannot be called" in note
