"""What a model sees of an operation as it is compiled from a document."""

import jsonschema_rs

from contracts.json_schema import names_in
from contracts.tool_forms.definition import Flavour, tool_for
from schema_service.domain.examination import examine
from schema_service.domain.reading.reading import Reading, Syntax


def tool_of(schema=None, flavour=Flavour.OPENAI, *, method="post", components=None, **members):
    """Of an operation with that body, in strict form where that is possible."""
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
    return tool_for(detected.operation.name, detected.operation, flavour, strict=True)


def parameters_of(tool):
    return tool.definition["function"]["parameters"]


def test_a_consequential_get_is_not_read_only():
    marked = {"x-openai-isConsequential": True}
    tool = tool_of(None, Flavour.MCP, method="get", **marked)
    assert not tool.definition["annotations"]["readOnlyHint"]


def test_constants_of_a_document_are_not_asked_for():
    schema = {"required": ["kind", "name"], "properties": {"kind": {"const": "pet"}, "name": {}}}
    shown = parameters_of(tool_of(schema))
    assert shown["properties"] == {"name": {}}
    assert shown["required"] == ["name"]


def test_only_components_still_used_are_shown():
    schema = {
        "required": ["kind"],
        "properties": {
            "kind": {"$ref": "#/components/schemas/Kind"},
            "owner": {"type": "array", "items": {"$ref": "#/components/schemas/Node"}},
        },
    }
    node = {"properties": {"next": {"$ref": "#/components/schemas/Node"}}}
    components = {"Kind": {"const": 1}, "Owner": {"type": "string"}, "Node": node}
    shown = parameters_of(tool_of(schema, components=components))
    assert set(names_in(shown)) == set(shown["$defs"]) == {"Node"}


def test_a_recursive_document_has_a_strict_form():
    node = {
        "type": "object",
        "properties": {
            "next": {"$ref": "#/components/schemas/Node"},
            "value": {"oneOf": [{"type": "string"}, {"type": "integer"}]},
        },
    }
    tool = tool_of({"$ref": "#/components/schemas/Node"}, components={"Node": node})
    assert tool.strict
    jsonschema_rs.Draft202012Validator(parameters_of(tool))


def test_what_a_component_adds_to_is_not_strict():
    components = {"A": {"type": "object", "properties": {"a": {"type": "string"}}}}
    added = {"allOf": [{"$ref": "#/components/schemas/A"}], "properties": {"b": {"type": "string"}}}
    assert not tool_of({"properties": {"a": added}}, components=components).strict
