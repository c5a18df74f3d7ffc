"""What OpenAPI 3.1 and 3.2 say of values and methods reaches operations, or has a finding."""

import json

import jsonschema_rs
import pytest

from contracts.tool_forms.definition import Flavour, tool_for
from schema_service.domain.examination import Verdict, examine
from schema_service.domain.finding import MAX_SHOWN
from schema_service.domain.reading.read_document import read_document
from schema_service.domain.repairing.repair import repair
from services.schema.tests.documents import answer, api, codes, get, only, post

COPY = {"operationId": "copyPet", "responses": {"204": {"description": "d"}}}
DELETE = {"operationId": "deletePet", "responses": {"204": {"description": "d"}}}


def with_additional(**methods):
    item = {"get": {"operationId": "listPets"}, "additionalOperations": methods}
    return {**api({"/pets": item}), "openapi": "3.2.0"}


def test_w9_1_a_method_below_additional_operations_that_has_a_member_of_its_own_is_moved_there():
    text = json.dumps(with_additional(COPY=COPY, delete=DELETE))
    found = examine(read_document(text))
    [error] = [each for each in found.findings if each.severity == "error"]
    assert error.code == "schema.method_in_additional"
    assert error.pointer == "/paths/~1pets/additionalOperations/delete"

    mended = examine(read_document(repair(text, [error.repair]).text))

    assert mended.valid
    assert {each.method for each in mended.operations} == {"GET", "COPY", "DELETE"}


def test_w9_1_the_only_method_below_additional_operations_moves_in_yaml_too():
    text = """openapi: 3.2.0
info: {title: t, version: '1'}
servers: [{url: https://api.pets.dev}]
paths:
  /pets:
    additionalOperations:
      get:
        operationId: listPets
        summary: s
        responses: {'200': {description: d}}
"""
    [error] = examine(read_document(text)).findings
    mended = repair(text, [error.repair]).text
    assert "additionalOperations" not in mended
    assert [each.method for each in examine(read_document(mended)).operations] == ["GET"]


@pytest.mark.parametrize("method", ["get", "GET"])
def test_w9_1_a_method_that_the_path_has_already_is_an_error(method):
    found = answer(with_additional(**{method: DELETE}))
    assert "schema.method_repeated" in codes(found)
    assert not found.valid


def test_w9_2_the_hint_about_methods_is_shown_to_its_end():
    found = answer(api({"/pets": {"get": {}, "fetch": {"responses": {}}}}))
    [finding] = [each for each in found.findings if each.code == "schema.method_unknown"]
    assert len(finding.hint) > MAX_SHOWN
    assert finding.hint.endswith("begins with x-.")


def test_w9_3_the_description_beside_a_reference_to_a_parameter_wins():
    parameter = {"name": "q", "in": "query", "description": "General", "schema": {}}
    components = {"parameters": {"Q": parameter}}
    reference = {"$ref": "#/components/parameters/Q"}
    paths = {
        "/a": {"get": {"operationId": "a", "parameters": [{**reference, "description": "Own"}]}},
        "/b": {"get": {"operationId": "b", "parameters": [reference]}},
    }
    found = answer(api(paths, components=components))
    said = [o.operation.arguments["properties"]["q"]["description"] for o in found.operations]
    assert said == ["Own", "General"]


def test_w9_4_the_schema_of_a_text_that_is_json_reaches_the_model():
    inner = {"type": "object", "properties": {"size": {"$ref": "#/components/schemas/Size"}}}
    text = {"type": "string", "contentMediaType": "application/json", "contentSchema": inner}
    document = post({"type": "object", "properties": {"options": text}})
    document["components"] = {"schemas": {"Size": {"enum": ["s", "l"]}}}
    arguments = only(document).arguments
    assert "contentSchema" in arguments["properties"]["options"]
    assert arguments["$defs"]["Size"] == {"enum": ["s", "l"]}


def test_w9_5_an_example_that_stands_there_as_json_text_reaches_the_model():
    document = {**post({"type": "object", "properties": {"size": {"type": "integer"}}})}
    media = document["paths"]["/pets"]["post"]["requestBody"]["content"]["application/json"]
    media["examples"] = {"a": {"serializedValue": '{"size": "9"}'}, "b": {"serializedValue": "{"}}
    found = answer({**document, "openapi": "3.2.0"})
    [detected] = found.operations
    assert detected.operation.arguments["properties"]["size"]["examples"] == [9]
    assert not [each for each in found.findings if "serializedValue" in each.pointer]


def union(**discriminator):
    cat = {"type": "object", "required": ["kind"], "properties": {"kind": {"type": "string"}}}
    other = {"type": "object", "properties": {"kind": {"type": "string"}, "n": {"const": 1}}}
    document = post({"$ref": "#/components/schemas/Pet"}, required=True)
    whole = {
        "oneOf": [{"$ref": "#/components/schemas/Cat"}, {"$ref": "#/components/schemas/Other"}]
    }
    whole["discriminator"] = {"propertyName": "kind", "mapping": {"cat": "Cat"}, **discriminator}
    document["components"] = {"schemas": {"Pet": whole, "Cat": cat, "Other": other}}
    return {**document, "openapi": "3.2.0"}


@pytest.mark.parametrize("value", [{"n": 1}, {"kind": "dog", "n": 1}, {"kind": "Other"}])
def test_w9_6_the_default_branch_of_a_discriminator_takes_what_no_other_branch_does(value):
    arguments = only(union(defaultMapping="Other")).arguments
    validator = jsonschema_rs.Draft202012Validator(arguments)
    assert validator.is_valid({"body": value})
    assert not validator.is_valid({"body": {"kind": "cat", "n": 2} | {"kind": 5}})


def test_w9_6_a_default_branch_that_is_nowhere_is_said():
    found = answer(union(defaultMapping="Nothing"))
    [finding] = [each for each in found.findings if each.code == "schema.discriminator_default"]
    assert finding.pointer.endswith("/discriminator/defaultMapping")


def test_w9_7_a_dynamic_reference_to_nothing_is_reported_where_it_stands():
    found = answer(post({"type": "object", "$dynamicRef": "#gone"}))
    [finding] = [each for each in found.findings if each.code == "schema.reference_dangling"]
    assert finding.pointer.endswith("/schema/$dynamicRef")


@pytest.mark.parametrize(
    ("path", "location", "value"),
    [("/pets", "header", "é"), ("/pets/{x}", "path", ".."), ("/pets/{x}", "path", "")],
)
def test_w9_8_a_needed_parameter_none_of_whose_values_can_be_sent_blocks(path, location, value):
    parameter = {"name": "x", "in": location, "required": True, "schema": {"enum": [value]}}
    found = answer(api({path: {"get": {"operationId": "a", "parameters": [parameter]}}}))
    assert [each.verdict for each in found.operations] == [Verdict.BLOCKED]
    [finding] = found.findings
    assert finding.code == "schema.parameter_unsendable"


def test_w9_8_values_that_can_not_be_sent_are_left_out_with_a_warning():
    parameter = {"name": "x", "in": "header", "schema": {"enum": ["a", "é"]}}
    found = answer(
        get(parameters=[parameter, {**parameter, "name": "y", "schema": {"const": "é"}}])
    )
    [detected] = found.operations
    assert detected.operation.arguments["properties"] == {"x": {"enum": ["a"]}}
    assert codes(found) == ["schema.values_unsendable"] * 2


CLOSED = {"type": "object", "properties": {"a": {}}, "additionalProperties": False}
MORE = {"type": "object", "properties": {"b": {}}, "required": ["b"]}


@pytest.mark.parametrize(
    ("parts", "is_blocked"),
    [
        ([CLOSED, MORE], True),
        ([{"$ref": "#/components/schemas/Closed"}, MORE], True),
        ([{**CLOSED, "patternProperties": {"b": {}}}, MORE], False),
        ([{**CLOSED, "additionalProperties": True}, MORE], False),
        ([CLOSED, {**MORE, "required": ["a"]}], False),
        ([{"additionalProperties": False}, {"required": ["b"]}], False),
    ],
)
def test_w9_9_a_body_whose_parts_refuse_what_others_require_blocks(parts, is_blocked):
    """No object fits, whatever a call gives; a value that is no object fits where none is asked."""
    document = post({"allOf": parts}, required=True)
    document["components"] = {"schemas": {"Closed": CLOSED}}
    found = answer(document)
    assert [each.verdict is Verdict.BLOCKED for each in found.operations] == [is_blocked]
    errors = [each.code for each in found.findings if each.severity == "error"]
    assert errors == ["schema.argument_impossible"] * is_blocked


def described_bodies(schema, *descriptions):
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/Sizes"}}}
    paths = {
        f"/{number}": {"post": {"requestBody": {"content": content, "description": each}}}
        for number, each in enumerate(descriptions)
    }
    found = answer(api(paths, components={"schemas": {"Sizes": schema}}))
    bodies = (each.operation.arguments["properties"].get("body") for each in found.operations)
    return [each and each.get("description") for each in bodies]


def test_w9_14_the_description_of_a_body_that_is_one_argument_reaches_the_model():
    """Each its own, also where bodies share a schema; that of the schema wins."""
    sizes = {"type": "array", "items": {"type": "integer"}}
    assert described_bodies(sizes, "In inches", "In cm") == ["In inches", "In cm"]
    assert described_bodies({**sizes, "description": "All"}, "In inches") == [None]


def test_w9_14_bodies_whose_members_are_arguments_are_made_once_whatever_their_descriptions():
    assert described_bodies({"type": "object", "properties": {"a": {}}}, "One", "Two") == [None] * 2


def tool_text(operation, **body):
    document = post({"type": "object", "properties": {"a": {}}}, **body)
    document["paths"]["/pets"]["post"] |= operation
    return tool_for("addPet", only(document), Flavour.MCP).definition["description"]


def test_z9_3_the_description_of_a_body_whose_members_are_arguments_reaches_the_tool():
    words = {"summary": "Add a pet", "description": "It is shown at once."}
    assert tool_text(words, description="The pet,\nwith its name") == (
        "Add a pet. It is shown at once. Request body: The pet, with its name"
    )
    assert tool_text({}, description="The pet") == "s. Request body: The pet"


@pytest.mark.parametrize("said", ["", "It is shown", "Add a pet"])
def test_z9_3_what_the_operation_says_already_is_not_said_twice(said):
    words = {"summary": "Add a pet", "description": "It is shown at once."}
    assert tool_text(words, description=said) == "Add a pet. It is shown at once."


def test_z9_3_a_long_description_of_a_body_is_cut():
    assert len(tool_text({}, description="word " * 10_000)) < 300


def test_z9_3_the_body_that_is_one_argument_has_its_description_alone():
    document = post({"type": "array", "items": {}}, description="The pets")
    operation = only(document)
    assert operation.description == ""
    assert operation.arguments["properties"]["body"]["description"] == "The pets"


def test_w9_15_a_reference_from_the_root_of_a_schema_has_a_repair_where_one_schema_has_its_target():
    inner = {"$defs": {"Size": {"enum": ["s"]}}, "properties": {"a": {"$ref": "#/$defs/Size"}}}
    document = post({"$ref": "#/components/schemas/Pet"})
    document["components"] = {"schemas": {"Pet": {"type": "object", **inner}}}
    text = json.dumps(document)
    [error] = [e for e in examine(read_document(text)).findings if e.severity == "error"]
    assert error.code == "schema.reference_misspelt"

    [mended] = examine(read_document(repair(text, [error.repair]).text)).operations

    assert mended.verdict is not Verdict.BLOCKED
    two = {"Pet": document["components"]["schemas"]["Pet"], "Dog": inner}
    found = answer({**document, "components": {"schemas": two}})
    assert "schema.reference_dangling" in codes(found)


def test_w9_16_a_repair_of_lines_in_block_style_writes_lines_in_block_style():
    text = """openapi: 3.1.0
info: {title: t, version: '1'}
servers: [{url: https://api.pets.dev}]
paths:
  /pets:
    post:
      operationId: addPet
      summary: s
      requestBody:
        type: object
        properties:
          name:
            type: string
      responses: {'201': {description: d}}
"""
    [finding] = examine(read_document(text)).findings
    mended = repair(text, [finding.repair]).text
    assert "        content:\n          application/json:\n            schema:\n" in mended
    assert "{" not in mended.partition("requestBody")[2].partition("responses")[0]
    assert examine(read_document(mended)).findings == ()
