"""D3, D6, D7, D9, B09: schemas are read as their authors mean them, with a finding and a repair."""

import json

import jsonschema_rs
import pytest

from contracts.tool_forms.definition import Flavour, tool_for
from contracts.tool_forms.examples import MAX_EXAMPLES_LENGTH
from schema_service.domain.examination import examine
from schema_service.domain.reading.read_document import read_document
from schema_service.domain.repairing.repair import repair
from services.schema.tests.documents import answer, codes, get, only, post

ID = {"type": "integer", "readOnly": True}


def with_schemas(document, **schemas):
    return {**document, "components": {"schemas": schemas}}


def admits(operation, **arguments):
    return jsonschema_rs.Draft202012Validator(operation.arguments).is_valid(arguments)


def parameter(schema, **members):
    return get(parameters=[{"name": "x", "in": "query", "schema": schema, **members}])


def of_x(document):
    return only(document).arguments["properties"]["x"]


READ_ONLY = {
    "beside": {
        "allOf": [
            {"properties": {"id": ID, "name": {"type": "string"}}},
            {"required": ["id", "name"]},
        ]
    },
    "around": {
        "allOf": [{"properties": {"id": ID, "name": {"type": "string"}}}],
        "required": ["id", "name"],
    },
    "referred": {"allOf": [{"$ref": "#/components/schemas/Base"}, {"required": ["id", "name"]}]},
    "of a component": {
        "allOf": [
            {"$ref": "#/components/schemas/Base"},
            {"$ref": "#/components/schemas/NeedsId"},
        ]
    },
    "in an alternative": {
        "properties": {"id": ID, "name": {"type": "string"}},
        "anyOf": [{"required": ["id", "name"]}, {"$ref": "#/components/schemas/NeedsId"}],
        "required": ["name"],
    },
    "of what the member refers to": {
        "properties": {"id": {"$ref": "#/components/schemas/Id"}, "name": {"type": "string"}},
        "required": ["id", "name"],
    },
    "deeper": {
        "allOf": [
            {"allOf": [{"$ref": "#/components/schemas/Base"}]},
            {"allOf": [{"allOf": [{"required": ["id", "name"]}]}]},
        ]
    },
}


@pytest.mark.parametrize("schema", READ_ONLY.values(), ids=READ_ONLY)
@pytest.mark.parametrize("version", ["3.0.3", "3.1.0"])
def test_d3_read_only_members_are_not_required_in_requests(version, schema):
    document = with_schemas(
        post({"type": "array", "items": schema}, required=True),
        Base={"type": "object", "properties": {"id": ID, "name": {"type": "string"}}},
        NeedsId={"type": "object", "required": ["id", "name"]},
        Id=ID,
    )
    operation = only({**document, "openapi": version})
    assert admits(operation, body=[{"name": "a"}])
    assert not admits(operation, body=[{}])


def test_d3_a_component_that_requires_itself_in_a_circle_still_compiles():
    loop = {
        "properties": {"id": ID},
        "allOf": [{"$ref": "#/components/schemas/Loop"}],
        "required": ["id", "a"],
    }
    document = with_schemas(post({"$ref": "#/components/schemas/Loop"}), Loop=loop)
    assert only(document).body is not None


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ({"type": "string", "enum": [2023, 2024]}, ["2023", "2024"]),
        ({"type": "string", "enum": [True, False]}, ["true", "false"]),
        ({"type": "string", "enum": ["1", 1, 1.5]}, ["1", "1.5"]),
        ({"type": "integer", "enum": ["1", "2"]}, [1, 2]),
        ({"type": "number", "enum": ["1.5", 2]}, [1.5, 2]),
        ({"type": "boolean", "enum": ["true", "false"]}, [True, False]),
        ({"type": ["string", "null"], "enum": [1, None]}, ["1", None]),
        ({"type": "integer", "enum": [1, "a"]}, [1]),
        ({"type": "string", "enum": ["a", "b", "a"]}, ["a", "b"]),
        ({"enum": [1, 1.0, True, "1", 1]}, [1, True, "1"]),
    ],
)
def test_d6_b09_values_are_read_as_the_declared_type_each_once(schema, expected):
    found = of_x(parameter(schema))["enum"]
    assert json.dumps(found) == json.dumps(expected)


YAML = """\
openapi: 3.0.1
info: {title: t, version: "1"}
servers: [{url: "https://api.example.com"}]
paths:
  /a:
    get:
      operationId: a
      summary: s
      parameters:
      - {name: year, in: query, required: true, schema: {type: string, enum: [2023, 2024]}} # years
      - name: flag
        in: query
        schema:
          type: string
          enum:
          - true   # yes
          - "no"
          - 1
      responses: {default: {description: d}}
"""


def test_b09_a_repair_puts_the_values_in_quotes():
    found = examine(read_document(YAML))
    wrong = [each for each in found.findings if each.code == "schema.enum_of_other_type"]
    assert len(wrong) == 2
    assert 'read as "2023"' in wrong[0].message
    text = repair(YAML, [each.repair for each in wrong]).text
    assert text == (
        YAML.replace("[2023, 2024]", '["2023", "2024"]')
        .replace("- true ", '- "true" ')
        .replace("- 1\n", '- "1"\n')
    )
    assert codes(examine(read_document(text))) == []


def test_d6_a_type_that_none_of_the_values_has_gives_way_to_them():
    document = parameter({"type": "integer", "enum": ["a", "b"]})
    assert of_x(document) == {"enum": ["a", "b"]}
    assert codes(answer(document)) == ["schema.enum_type_ignored"]


def test_d6_values_of_a_lists_items_are_theirs():
    document = parameter({"type": "array", "items": {"type": "string"}, "enum": ["a", "b"]})
    assert of_x(document) == {"type": "array", "items": {"type": "string", "enum": ["a", "b"]}}
    [finding] = answer(document).findings
    text = repair(json.dumps(document), [finding.repair]).text
    assert of_x(json.loads(text)) == of_x(document)
    assert codes(answer(json.loads(text))) == []


def test_d6_constants_and_defaults_are_read_as_the_type_too():
    assert of_x(parameter({"type": "string", "const": 5}))["const"] == "5"
    assert of_x(parameter({"type": "string", "default": 5}))["default"] == "5"
    assert of_x(parameter({"type": "integer", "default": "5"}))["default"] == 5


def moved(document):
    text = json.dumps(document)
    repairs = [each.repair for each in examine(read_document(text)).findings if each.repair]
    outcome = repair(text, repairs)
    assert outcome.skipped == ()
    return json.loads(outcome.text)


@pytest.mark.parametrize("listed", [None, ["c"], ["a"], []])
def test_d9_required_of_a_member_moves_to_the_object(listed):
    members = {"a": {"type": "string", "required": True}, "b": {"required": True}, "c": {}}
    schema = {"type": "object", "properties": members}
    if listed is not None:
        schema["required"] = listed
    document = post({"type": "array", "items": schema})
    document["paths"]["/pets"]["post"]["responses"] = {"default": {"description": "d"}}
    document["paths"]["/pets"]["post"]["summary"] = "s"
    found = [each.code for each in answer(document).findings]
    assert found == ["schema.required_misplaced"] * 2
    content = moved(document)["paths"]["/pets"]["post"]["requestBody"]["content"]
    repaired = content["application/json"]["schema"]["items"]
    assert sorted(repaired["required"]) == sorted({"a", "b", *(listed or ())})
    assert repaired["properties"] == {"a": {"type": "string"}, "b": {}, "c": {}}


def test_d9_one_of_several_repairs_moves_them_all():
    members = {"a": {"required": True}, "b": {"required": True}}
    document = post({"type": "array", "items": {"properties": members}})
    first = next(each for each in answer(document).findings if "misplaced" in each.code)
    text = repair(json.dumps(document), [first.repair]).text
    assert '"required": ["a", "b"]' in text.replace('["a","b"]', '["a", "b"]')


def test_d9_required_false_of_a_member_is_taken_away():
    found = answer(post({"properties": {"a": {"required": False}}})).findings
    assert [each.repair.title for each in found] == ["Remove required"]


def test_d9_required_in_a_parameters_schema_moves_to_the_parameter():
    document = parameter({"type": "string", "required": True})
    [finding] = answer(document).findings
    text = repair(json.dumps(document), [finding.repair]).text
    assert only(json.loads(text)).arguments["required"] == ["x"]


@pytest.mark.parametrize(
    ("schema", "members", "expected"),
    [
        ({"type": "string", "example": "a"}, {}, ["a"]),
        ({"type": "string", "examples": ["a", "b"]}, {}, ["a", "b"]),
        ({"type": "string"}, {"example": "a"}, ["a"]),
        ({"type": "string"}, {"examples": {"x": {"value": "a"}, "y": {"value": "b"}}}, ["a", "b"]),
        ({"type": "string"}, {"examples": {"x": {"$ref": "#/components/examples/E"}}}, ["e"]),
        ({"type": "string", "example": "b"}, {"example": "a"}, ["a", "b"]),
        ({"type": "string", "example": 2024}, {}, ["2024"]),
        ({"type": "string", "examples": ["x" * 300, "a"]}, {}, ["a"]),
        ({"$ref": "#/components/schemas/S"}, {"example": "a"}, ["a"]),
        ({"type": "object", "example": {"a": 1}}, {}, [{"a": 1}]),
        ({"type": "boolean", "example": False}, {}, [False]),
    ],
)
def test_d7_examples_reach_the_model(schema, members, expected):
    document = parameter(schema, **members)
    document["components"] = {
        "schemas": {"S": {"type": "string"}},
        "examples": {"E": {"value": "e"}},
    }
    tool = tool_for("a", only(document), Flavour.ANTHROPIC).definition
    assert tool["input_schema"]["properties"]["x"]["examples"] == expected


def test_d7_examples_keep_within_the_limit():
    long = parameter({"type": "string", "examples": ["x" * 90, "y" * 90, "z" * 90]})
    assert len(json.dumps(of_x(long)["examples"])) <= MAX_EXAMPLES_LENGTH + 10
    assert "examples" not in of_x(parameter({"type": "string", "example": "x" * 300}))


@pytest.mark.parametrize("place", ["media", "named", "schema"])
def test_d7_an_example_of_a_body_is_one_of_each_of_its_members(place):
    whole = {"a": "x", "b": 2}
    schema = {"properties": {"a": {"type": "string"}, "b": {"type": "integer"}}}
    document = post({**schema, "example": whole} if place == "schema" else schema)
    media = document["paths"]["/pets"]["post"]["requestBody"]["content"]["application/json"]
    if place == "media":
        media["example"] = whole
    elif place == "named":
        media["examples"] = {"one": {"value": whole}}
    properties = only(document).arguments["properties"]
    assert [properties[name]["examples"] for name in "ab"] == [["x"], [2]]


def test_d7_an_example_of_a_body_that_is_one_argument_is_its_own():
    document = post({"type": "array", "items": {"type": "string"}})
    media = document["paths"]["/pets"]["post"]["requestBody"]["content"]["application/json"]
    media["example"] = ["a"]
    assert only(document).arguments["properties"]["body"]["examples"] == [["a"]]


def test_d7_strict_tools_have_examples_and_defaults_in_their_descriptions():
    schema = {"type": "integer", "format": "int32", "default": 10, "example": 20}
    tool = tool_for("a", only(parameter(schema)), Flavour.OPENAI, strict=True).definition
    described = tool["function"]["parameters"]["properties"]["x"]["description"]
    assert described == "Format: int32. Default: 10. Such as: 20."


def test_d3_components_that_require_each_other_in_a_circle_still_compile():
    document = with_schemas(
        post({"properties": {"id": ID, "a": {}}, "allOf": [{"$ref": "#/components/schemas/A"}]}),
        A={"allOf": [{"$ref": "#/components/schemas/B"}], "required": ["id"]},
        B={"allOf": [{"$ref": "#/components/schemas/A"}]},
    )
    assert only(document).body is not None


def test_d3_components_that_double_each_other_stay_small():
    chain = {
        f"S{i}": {"allOf": [{"$ref": f"#/components/schemas/S{i + 1}"}] * 2} for i in range(30)
    }
    top = {"properties": {"id": ID}, "allOf": [{"$ref": "#/components/schemas/S0"}]}
    document = with_schemas(post({"properties": {"a": top}}), **chain, S30={"required": ["id"]})
    assert len(json.dumps(only(document).arguments)) < 300_000
