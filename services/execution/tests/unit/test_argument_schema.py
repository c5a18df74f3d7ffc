"""Schemas written by strangers: no reference leaves them, no pattern runs away (H70, H71, H73)."""

import pytest

from execution_service.domain.arguments.argument_schema import ArgumentSchema
from execution_service.domain.errors import OperationUnusable


def accepts(schema, value):
    return ArgumentSchema.of({"properties": {"a": schema}}).admits({"a": value})


@pytest.mark.parametrize(
    "reference",
    [
        "http://169.254.169.254/latest",
        "https://127.0.0.1:9/x.json",
        "file:///etc/passwd",
        "//host/x",
        "relative.json",
        "urn:example:x",
        "#/$defs/missing",
        "#anchor",
    ],
)
@pytest.mark.parametrize("keyword", ["$ref", "$dynamicRef"])
def test_h70_a_reference_outside_the_schema_makes_the_operation_unusable(keyword, reference):
    with pytest.raises(OperationUnusable) as refused:
        ArgumentSchema.of({"properties": {"a": {keyword: reference}}})
    assert refused.value.code == "execution.operation_unusable"


def test_h70_a_file_that_exists_is_not_read(tmp_path):
    file = tmp_path / "schema.json"
    file.write_text('{"type": "object"}')
    with pytest.raises(OperationUnusable, match="Retrieval is disabled"):
        ArgumentSchema.of({"properties": {"a": {"$ref": file.as_uri()}}})


def test_h70_a_base_uri_does_not_make_references_remote():
    schema = {"$id": "http://127.0.0.1:9/a", "properties": {"a": {"$ref": "b"}}}
    with pytest.raises(OperationUnusable):
        ArgumentSchema.of(schema)


def test_references_within_the_schema_work_also_when_recursive():
    schema = ArgumentSchema.of(
        {
            "properties": {"a": {"$ref": "#/$defs/tree"}},
            "$defs": {
                "tree": {
                    "type": "object",
                    "properties": {"next": {"$ref": "#/$defs/tree"}},
                    "additionalProperties": False,
                }
            },
        }
    )
    assert schema.admits({"a": {"next": {"next": {}}}})
    assert not schema.admits({"a": {"next": {"other": {}}}})


@pytest.mark.parametrize(
    "pattern", ["(a+)+$", "^(a|aa)+$", "(.*a){20}", "^(([a-z])+.)+[A-Z]([a-z])+$"]
)
def test_h73_patterns_that_would_backtrack_for_ever_are_simply_answered(pattern):
    # With a backtracking engine these do not return within the time that pytest allows a test.
    text = "a" * 90_000 + "!"
    assert accepts({"pattern": pattern}, text) is (pattern == "(.*a){20}")


@pytest.mark.parametrize("pattern", [r"^(?!.*\.\.)", r"(a)\1", r"(?<=x)y", r"\d{1000}{1000}"])
def test_h73_a_pattern_without_a_linear_engine_is_listed_and_not_enforced(pattern):
    schema = {
        "properties": {"a": {"type": "array", "items": {"type": "string", "pattern": pattern}}},
        "$defs": {"x/y": {"pattern": pattern}},
    }
    compiled = ArgumentSchema.of(schema)
    assert set(compiled.unenforced) == {"/properties/a/items/pattern", "/$defs/x~1y/pattern"}
    assert compiled.admits({"a": ["anything"]})
    assert not compiled.admits({"a": [1]})
    assert schema["properties"]["a"]["items"]["pattern"] == pattern


def test_a_property_called_pattern_is_no_pattern():
    schema = {"properties": {"pattern": {"type": "string"}, "a": {"pattern": "(?=x)"}}}
    compiled = ArgumentSchema.of(schema)
    assert compiled.unenforced == ("/properties/a/pattern",)
    assert not compiled.admits({"pattern": 1})


@pytest.mark.parametrize(
    "schema",
    [
        {"not": {"pattern": "(?=x)"}},
        {"oneOf": [{"pattern": "(?=x)"}, {"pattern": "y"}]},
        {"patternProperties": {"(?=x)": {"type": "string"}}},
    ],
)
def test_h73_where_leaving_a_pattern_out_changes_its_sense_the_operation_is_unusable(schema):
    with pytest.raises(OperationUnusable):
        ArgumentSchema.of({"properties": {"a": schema}})


@pytest.mark.parametrize("schema", [{"type": "nonsense"}, {"minimum": "x"}, {"pattern": "["}])
def test_an_invalid_schema_never_admits(schema):
    try:
        compiled = ArgumentSchema.of({"properties": {"a": schema}})
    except OperationUnusable:
        return
    assert compiled.unenforced == ("/properties/a/pattern",)


def doubling(count):
    defs = {f"a{i}": {"allOf": [{"$ref": f"#/$defs/a{i + 1}"}] * 2} for i in range(count)}
    return {"properties": {"a": {"$ref": "#/$defs/a0"}}, "$defs": {**defs, f"a{count}": {}}}


def chain(count):
    defs = {f"a{i}": {"$ref": f"#/$defs/a{i + 1}"} for i in range(count)}
    return {"properties": {"a": {"$ref": "#/$defs/a0"}}, "$defs": {**defs, f"a{count}": {}}}


def reversed_chain(count):
    schema = chain(count)
    return {**schema, "$defs": dict(reversed(schema["$defs"].items()))}


def nested(count):
    schema = {"type": "object"}
    for _ in range(count):
        schema = {"properties": {"a": schema}}
    return schema


@pytest.mark.parametrize(
    "schema", [doubling(30), chain(10_000), reversed_chain(10_000), nested(5_000)]
)
def test_h71_expansion_without_end_makes_the_operation_unusable(schema):
    with pytest.raises(OperationUnusable, match="too many"):
        ArgumentSchema.of(schema)


@pytest.mark.parametrize("schema", [doubling(8), chain(150), reversed_chain(150), nested(50)])
def test_h71_ordinary_expansion_is_fine(schema):
    assert ArgumentSchema.of(schema).admits({"a": {}})


def test_formats_are_not_asserted():
    assert accepts({"type": "string", "format": "date"}, "tomorrow")
