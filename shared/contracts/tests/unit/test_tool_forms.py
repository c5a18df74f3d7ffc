"""What models are given of a compiled operation."""

import pytest

from contracts.json_schema import names_in
from contracts.operation import Body, Operation
from contracts.tool_forms.definition import Flavour, tool_for
from contracts.tool_forms.text import MAX_DESCRIPTION

CLOSED = {"type": "object", "additionalProperties": False}


def operation(schema=None, **members):
    """With the schema's members as arguments, closed unless it says otherwise."""
    fields = {"method": "POST", "consequential": False, **members}
    return Operation(
        operation_id="addPet",
        name="addPet",
        path="/pets",
        server="https://a.example",
        arguments={**CLOSED, "properties": {}, **(schema or {})},
        digest="0" * 64,
        **fields,
    )


def form(flavour=Flavour.OPENAI, schema=None, **members):
    return tool_for("addPet", operation(schema, **members), flavour)


def parameters_of(tool):
    return tool.definition["function"]["parameters"]


def strictly(schema):
    return tool_for("addPet", operation(schema), Flavour.OPENAI, strict=True)


PET = {
    "type": "object",
    "required": ["name"],
    "properties": {"name": {"type": "string", "title": "Name"}, "age": {"type": "integer"}},
}


@pytest.mark.parametrize("flavour", Flavour)
def test_a_tool_has_the_name_that_its_caller_gives_it(flavour):
    tool = tool_for("addPet_2", operation(PET), flavour, strict=True)
    definition = tool.definition.get("function", tool.definition)
    assert tool.name == definition["name"] == "addPet_2"


def test_openai_gets_a_function():
    tool = form(schema=PET, summary="Adds a pet")
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
    tool = form(Flavour.ANTHROPIC, PET)
    assert set(tool.definition) == {"name", "description", "input_schema"}


@pytest.mark.parametrize(
    ("method", "expected"),
    [
        ("GET", (True, False, True)),
        ("POST", (False, False, False)),
        ("PUT", (False, True, True)),
        ("DELETE", (False, True, True)),
    ],
)
def test_mcp_gets_hints_about_what_a_call_does(method, expected):
    hints = form(Flavour.MCP, method=method).definition["annotations"]
    assert (hints["readOnlyHint"], hints["destructiveHint"], hints["idempotentHint"]) == expected


def test_a_consequential_get_is_not_read_only():
    tool = form(Flavour.MCP, method="GET", consequential=True)
    assert not tool.definition["annotations"]["readOnlyHint"]


def test_summary_and_description_are_joined_and_cut_for_the_model_only():
    long = operation(summary="Adds a pet", description="It is " + "very " * 100 + "good.")
    about = tool_for("addPet", long, Flavour.OPENAI).definition["function"]["description"]
    assert about.startswith("Adds a pet. It is very")
    assert about.endswith("very…")
    assert len(about) <= 300
    assert len(long.description) > 300


def test_a_parameter_description_is_cut_at_700():
    schema = {"properties": {"a": {"type": "string", "description": "x" * 701}}}
    shown = parameters_of(form(schema=schema))
    assert shown["properties"]["a"]["description"] == "x" * 699 + "…"


def test_hidden_characters_do_not_reach_the_model():
    tool = form(summary="Adds\u202e a\U000e0041 pet")
    assert tool.definition["function"]["description"] == "Adds a pet"


def test_constants_are_not_asked_for():
    schema = {"required": ["name"], "properties": {"kind": {"const": "pet"}, "name": {}}}
    shown = parameters_of(form(schema=schema, constants={"kind": "pet"}))
    assert shown["properties"] == {"name": {}}


def test_what_is_hidden_is_neither_shown_nor_required():
    schema = {"required": ["key"], "properties": {"key": {"type": "string"}, "name": {}}}
    tool = tool_for("addPet", operation(schema), Flavour.OPENAI, hidden=["key"])
    assert parameters_of(tool)["properties"] == {"name": {}}
    assert "required" not in parameters_of(tool)


def test_a_property_named_title_stays():
    schema = {"properties": {"title": {"type": "string", "title": "The title"}}}
    shown = parameters_of(form(schema=schema))
    assert shown["properties"] == {"title": {"type": "string"}}


def test_only_definitions_still_used_are_shown():
    schema = {
        "properties": {
            "kind": {"$ref": "#/$defs/Kind"},
            "owner": {"type": "array", "items": {"$ref": "#/$defs/Node"}},
        },
        "$defs": {
            "Kind": {"const": 1},
            "Node": {"properties": {"next": {"$ref": "#/$defs/Node"}, "of": {"$ref": "#/$defs/A"}}},
            "A": {"type": "string"},
        },
    }
    shown = parameters_of(form(schema=schema, constants={"kind": 1}))
    assert set(names_in(shown)) == set(shown["$defs"]) == {"Node", "A"}


def test_an_array_always_says_what_its_items_are():
    schema = {"properties": {"a": {"type": "array"}}}
    shown = parameters_of(form(schema=schema))
    assert shown["properties"]["a"] == {"type": "array", "items": {}}


def test_the_estimate_grows_with_the_definition():
    small = form().tokens
    large = form(schema=PET, summary="Adds a pet").tokens
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
            "next": {"$ref": "#/$defs/Node"},
            "value": {"oneOf": [{"type": "string"}, {"type": "integer"}]},
        },
        "additionalProperties": False,
    }
    tool = strictly({"properties": {"node": {"$ref": "#/$defs/Node"}}, "$defs": {"Node": node}})
    assert tool.strict
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
        {"enum": [str(i) for i in range(1_001)]},
    ],
)
def test_what_strict_mode_cannot_say_is_not_strict(member):
    tool = strictly({"properties": {"a": member}})
    assert not tool.strict
    assert "strict" not in tool.definition["function"]


def test_a_merge_patch_has_no_strict_form_and_says_what_null_does():
    body = Body(media_type="application/merge-patch+json", members={"name": "name"})
    patch = operation({"properties": {"name": {"type": "string"}}}, body=body, summary="x" * 400)
    tool = tool_for("patchPet", patch, Flavour.OPENAI, strict=True)

    assert not tool.strict
    assert tool.definition["function"]["description"].endswith("left out stays as it is.")
    assert len(tool.definition["function"]["description"]) <= MAX_DESCRIPTION


@pytest.mark.parametrize(
    ("member", "said"),
    [
        (
            {"type": "string", "minLength": 2, "maxLength": 3},
            "2. Characters, at most: 3.",
        ),
        ({"type": "array", "items": {"type": "string"}, "uniqueItems": True}, "No item twice."),
        ({"properties": {"a": {"type": "string"}}, "minProperties": 1}, "Members, at least: 1."),
    ],
)
def test_property_4_strict_tools_say_in_words_what_strict_mode_has_no_keyword_for(member, said):
    schema = {"properties": {"m": member}, "required": ["m"]}
    strict = tool_for("a", operation(schema), Flavour.OPENAI, strict=True)
    assert strict.strict
    assert said in strict.definition["function"]["parameters"]["properties"]["m"]["description"]


@pytest.mark.parametrize("nothing", [{"minLength": 0}, {"uniqueItems": False}, {}])
def test_strict_tools_say_nothing_of_limits_that_limit_nothing(nothing):
    schema = {"properties": {"m": {"type": "string", **nothing}}}
    strict = tool_for("a", operation(schema), Flavour.OPENAI, strict=True).definition
    assert "description" not in strict["function"]["parameters"]["properties"]["m"]
