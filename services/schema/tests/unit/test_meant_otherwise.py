"""What is written almost right is read and repaired as it is meant (newcomer 9b, 6 and 8)."""

import pytest

from schema_service.domain.compiling.json_schema.type_slips import in_slashes
from schema_service.domain.examination import examine
from schema_service.domain.reading.read_document import read_document
from services.schema.tests.rule_documents import document, in_path, parameter, schema


def examined(text):
    return examine(read_document(text))


def the(text, code):
    [finding] = [each for each in examined(text).findings if each.code == code]
    return finding


def edits(finding):
    return [(each.op, each.pointer.rpartition("/")[2], each.value) for each in finding.repair.edits]


@pytest.mark.parametrize("written", ["no", "off", 0, "0", "never", "maybe", {}, [], 2])
def test_n9b_6_what_may_mean_no_consent_gets_a_hint_and_no_repair(written):
    text = document({"x-openai-isConsequential": written})
    finding = the(text, "schema.consequential_not_boolean")
    assert finding.repair is None
    assert "else false" in finding.hint


@pytest.mark.parametrize("written", ["yes", "on", 1, "TRUE"])
def test_n9b_6_what_asks_for_consent_is_written_as_true(written):
    text = document({"x-openai-isConsequential": written})
    finding = the(text, "schema.consequential_not_boolean")
    assert edits(finding) == [("replace", "x-openai-isConsequential", True)]


@pytest.mark.parametrize(
    ("written", "kind", "named"),
    [
        ("date", "string", "date"),
        ("date-time", "string", "date-time"),
        ("DateTime", "string", "date-time"),
        ("uuid", "string", "uuid"),
        ("email", "string", "email"),
        ("url", "string", "uri"),
        ("int64", "integer", "int64"),
        ("double", "number", "double"),
    ],
)
def test_n9b_6_a_format_in_the_place_of_a_type_is_kept_as_the_format(written, kind, named):
    text = parameter(schema={"type": written})
    finding = the(text, "schema.type_unknown")
    assert edits(finding) == [("replace", "type", kind), ("add", "format", named)]
    assert f"it was taken for {kind} of format {named}" in finding.message
    [operation] = examined(text).operations
    [argument] = operation.operation.arguments["properties"].values()
    assert argument == {"type": kind, "format": named}


def test_n9b_6_a_format_that_is_written_stays():
    text = parameter(schema={"type": "date", "format": "year"})
    assert edits(the(text, "schema.type_unknown"))[1:] == []
    [operation] = examined(text).operations
    [argument] = operation.operation.arguments["properties"].values()
    assert argument["format"] == "year"


@pytest.mark.parametrize(
    ("template", "name"), [("Limit", "limit"), ("item_id", "itemId"), ("userId", "userid")]
)
def test_n9b_6_a_path_parameter_in_other_letters_is_renamed_rather_than_described_twice(
    template, name
):
    declared = {"name": name, "in": "path", "required": True, "schema": {"type": "integer"}}
    text = in_path(f"/{{{template}}}", declared)
    finding = the(text, "schema.path_parameter_misspelt")
    assert edits(finding) == [("replace", "name", template)]
    [operation] = examined(text).operations
    assert operation.operation.arguments["properties"] == {template: {"type": "integer"}}
    codes = {each.code for each in examined(text).findings}
    assert "schema.path_parameter_undeclared" not in codes


def test_n9b_6_of_two_names_alike_one_is_taken_for_the_template():
    declared = [
        {"name": each, "in": "path", "required": True, "schema": {"type": kind}}
        for each, kind in (("itemid", "integer"), ("item_id", "string"))
    ]
    text = in_path("/{itemId}", *declared)
    [operation] = examined(text).operations
    assert operation.operation.arguments["properties"] == {"itemId": {"type": "integer"}}
    assert the(text, "schema.path_parameter_unused")


@pytest.mark.parametrize(
    "made_of",
    [
        [{"type": "string"}, {"type": "integer"}],
        [{"type": "array", "items": {}}, {"allOf": [{"type": "object"}]}],
        [{"type": "string"}, {"anyOf": [{"type": "integer"}, {"type": "boolean"}]}],
    ],
)
def test_n9b_8_a_required_argument_of_two_types_at_once_blocks_its_operation(made_of):
    text = parameter(required=True, schema={"allOf": made_of})
    finding = the(text, "schema.argument_impossible")
    assert "the schemas of its allOf want it to be of different types" in finding.message
    assert examined(text).operations[0].verdict == "blocked"


@pytest.mark.parametrize(
    "made_of",
    [
        [{"type": "number"}, {"type": "integer"}],
        [{"type": "string"}, {"description": "d"}],
        [{"type": "string"}, {"anyOf": [{"type": "integer"}, {"type": "string"}]}],
    ],
)
def test_n9b_8_types_of_all_of_that_go_together_block_nothing(made_of):
    text = parameter(required=True, schema={"allOf": made_of})
    assert examined(text).operations[0].verdict == "ready"


@pytest.mark.parametrize(
    ("written", "meant"),
    [("/^[a-z]+$/", "^[a-z]+$"), ("/^a\\/b/g", "^a/b"), ("/a$/u", "a$")],
)
def test_n9b_8_slashes_around_a_pattern_are_left_out_and_the_repair_says_so(written, meant):
    text = parameter(schema={"type": "string", "pattern": written})
    assert edits(the(text, "schema.pattern_in_slashes")) == [("replace", "pattern", meant)]
    [operation] = examined(text).operations
    [argument] = operation.operation.arguments["properties"].values()
    assert argument["pattern"] == meant


def test_n9b_8_flags_that_change_what_fits_leave_values_unchecked():
    text = schema({"type": "string", "pattern": "/^a$/i"})
    finding = the(text, "schema.pattern_in_slashes")
    assert finding.repair is None
    assert "values are not checked against it" in finding.message


@pytest.mark.parametrize("pattern", ["/api/", "^/a$", "/a", "/a\\$/", 1, None])
def test_n9b_8_other_patterns_with_slashes_stay(pattern):
    assert in_slashes(pattern, ()) is None
