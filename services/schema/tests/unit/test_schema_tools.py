import jsonschema_rs
import pytest

from schema_service.domain.compiling.json_schema.schemas import names_in
from schema_service.domain.examination import examine
from schema_service.domain.reading.reading import Reading, Syntax
from schema_service.domain.tools.definition import Flavour, tool_for
from schema_service.domain.tools.placeholders import without_placeholders


def operation(schema=None, *, method="post", components=None, **members):
    node = {"operationId": "addPet", **members}
    if schema is not None:
        node["requestBody"] = {"content": {"application/json": {"schema": schema}}}
    document = {
        "openapi": "3.1.0",
        "servers": [{"url": "https://a.example"}],
        "paths": {"/pets": {method: node}},
        "components": {"schemas": components or {}},
    }
    [detected] = examine(Reading(b"{}", Syntax.JSON, document)).operations
    assert detected.operation is not None
    return detected.operation


def parameters_of(tool):
    return tool.definition["function"]["parameters"]


def strictly(schema, **more):
    return tool_for(operation(schema, **more), Flavour.OPENAI, strict=True)


PET = {
    "type": "object",
    "required": ["name"],
    "properties": {"name": {"type": "string", "title": "Name"}, "age": {"type": "integer"}},
}


def test_openai_gets_a_function():
    tool = tool_for(operation(PET, summary="Adds a pet"), Flavour.OPENAI)
    assert tool.definition == {
        "type": "function",
        "function": {
            "name": "addPet",
            "description": "Adds a pet",
            "parameters": {
                "type": "object",
                "properties": {"name": {"type": "string"}, "age": {"type": "integer"}},
                "required": ["name"],
                "additionalProperties": False,
            },
        },
    }


def test_anthropic_gets_an_input_schema():
    tool = tool_for(operation(PET), Flavour.ANTHROPIC)
    assert set(tool.definition) == {"name", "description", "input_schema"}


@pytest.mark.parametrize(
    ("method", "expected"),
    [
        ("get", (True, False, True)),
        ("post", (False, False, False)),
        ("put", (False, True, True)),
        ("delete", (False, True, True)),
    ],
)
def test_mcp_gets_hints_about_what_a_call_does(method, expected):
    hints = tool_for(operation(method=method), Flavour.MCP).definition["annotations"]
    assert (hints["readOnlyHint"], hints["destructiveHint"], hints["idempotentHint"]) == expected


def test_a_consequential_get_is_not_read_only():
    tool = tool_for(operation(method="get", **{"x-openai-isConsequential": True}), Flavour.MCP)
    assert not tool.definition["annotations"]["readOnlyHint"]


def test_summary_and_description_are_joined_and_cut_for_the_model_only():
    long = operation(summary="Adds a pet", description="It is " + "very " * 100 + "good.")
    about = tool_for(long, Flavour.OPENAI).definition["function"]["description"]
    assert about.startswith("Adds a pet. It is very")
    assert about.endswith("very…")
    assert len(about) <= 300
    assert len(long.description) > 300


def test_a_parameter_description_is_cut_at_700():
    schema = {"properties": {"a": {"type": "string", "description": "x" * 701}}}
    shown = parameters_of(tool_for(operation(schema), Flavour.OPENAI))
    assert shown["properties"]["a"]["description"] == "x" * 699 + "…"


def test_hidden_characters_do_not_reach_the_model():
    tool = tool_for(operation(summary="Adds\u202e a\U000e0041 pet"), Flavour.OPENAI)
    assert tool.definition["function"]["description"] == "Adds a pet"


def test_constants_are_not_asked_for():
    schema = {"required": ["kind", "name"], "properties": {"kind": {"const": "pet"}, "name": {}}}
    shown = parameters_of(tool_for(operation(schema), Flavour.OPENAI))
    assert shown["properties"] == {"name": {}}
    assert shown["required"] == ["name"]


def test_a_property_named_title_stays():
    schema = {"properties": {"title": {"type": "string", "title": "The title"}}}
    shown = parameters_of(tool_for(operation(schema), Flavour.OPENAI))
    assert shown["properties"] == {"title": {"type": "string"}}


def test_only_definitions_still_used_are_shown():
    components = {"Kind": {"const": 1}, "Owner": {"properties": {"pet": {"$ref": "#/x"}}}}
    schema = {
        "required": ["kind"],
        "properties": {
            "kind": {"$ref": "#/components/schemas/Kind"},
            "owner": {"type": "array", "items": {"$ref": "#/components/schemas/Node"}},
        },
    }
    node = {"properties": {"next": {"$ref": "#/components/schemas/Node"}}}
    components["Owner"] = {"type": "string"}
    shown = parameters_of(
        tool_for(operation(schema, components={**components, "Node": node}), Flavour.OPENAI)
    )
    assert set(names_in(shown)) == set(shown["$defs"])
    assert "Owner" not in shown["$defs"]


def test_an_array_always_says_what_its_items_are():
    schema = {"properties": {"a": {"type": "array"}}}
    shown = parameters_of(tool_for(operation(schema), Flavour.OPENAI))
    assert shown["properties"]["a"] == {"type": "array", "items": {}}


def test_the_estimate_grows_with_the_definition():
    small = tool_for(operation(), Flavour.OPENAI).tokens
    large = tool_for(operation(PET, summary="Adds a pet"), Flavour.OPENAI).tokens
    assert 0 < small < large < 100


def test_strict_makes_optional_members_nullable_and_closes_objects():
    tool = strictly(PET)
    assert tool.strict
    assert tool.definition["function"]["strict"] is True
    assert parameters_of(tool) == {
        "type": "object",
        "properties": {"name": {"type": "string"}, "age": {"type": ["integer", "null"]}},
        "required": ["name", "age"],
        "additionalProperties": False,
    }


def test_strict_keeps_recursion_and_alternatives():
    node = {
        "type": "object",
        "properties": {
            "next": {"$ref": "#/components/schemas/Node"},
            "value": {"oneOf": [{"type": "string"}, {"type": "integer"}]},
        },
    }
    tool = strictly({"$ref": "#/components/schemas/Node"}, components={"Node": node})
    assert tool.strict
    jsonschema_rs.Draft202012Validator(parameters_of(tool))
    assert parameters_of(tool)["$defs"]["Node"]["required"] == ["next", "value"]


@pytest.mark.parametrize(
    "member",
    [
        {},
        {"type": "object"},
        {"type": "object", "additionalProperties": {"type": "string"}},
        {"allOf": [{"type": "string"}, {"minLength": 1}]},
        {"type": "object", "patternProperties": {"a": {}}},
        {"not": {"type": "string"}},
        {"type": "array"},
        {"allOf": [{"$ref": "#/components/schemas/A"}], "properties": {"b": {"type": "string"}}},
        {"enum": [str(i) for i in range(1_001)]},
    ],
)
def test_what_strict_mode_cannot_say_is_not_strict(member):
    components = {"A": {"type": "object", "properties": {"a": {"type": "string"}}}}
    tool = strictly({"properties": {"a": member}}, components=components)
    assert not tool.strict
    assert "strict" not in tool.definition["function"]


def test_placeholders_of_a_strict_model_are_taken_away():
    schema = {
        "type": "object",
        "required": ["must"],
        "properties": {
            "must": {"type": ["string", "null"]},
            "may": {"type": "string"},
            "null": {"type": ["string", "null"]},
            "either": {"anyOf": [{"type": "string"}, {"type": "null"}]},
            "deep": {"$ref": "#/$defs/Deep"},
            "list": {"type": "array", "items": {"$ref": "#/$defs/Deep"}},
        },
        "$defs": {"Deep": {"type": "object", "properties": {"may": {"type": "integer"}}}},
    }
    given = {
        "must": None,
        "may": None,
        "null": None,
        "either": None,
        "deep": {"may": None},
        "list": [{"may": None}, {"may": 1}],
    }
    assert without_placeholders(given, schema) == {
        "must": None,
        "null": None,
        "either": None,
        "deep": {},
        "list": [{}, {"may": 1}],
    }
