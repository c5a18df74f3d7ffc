"""Names with other letters than OpenAPI's: said at their place, with the name that was meant."""

import json

import pytest

from schema_service.domain.examination import examine
from schema_service.domain.misspelt import misspelt
from schema_service.domain.reading.read_document import read_document
from schema_service.domain.repairing.rounds import repair_all
from services.schema.tests.rule_documents import FINE, body, document, schema, swagger

MISSPELT = "schema.member_misspelt"
CONSENT = "x-openai-isConsequential"


def found(text, code=MISSPELT):
    return [each for each in examine(read_document(text)).findings if each.code == code]


def repaired(text):
    findings = examine(read_document(text)).findings
    return repair_all(text, [each.repair for each in findings if each.repair]).text


@pytest.mark.parametrize("key", ["paths", "info", "openapi"])
def test_n14_a_member_of_the_root_in_other_capitals_is_named_and_renamed(key):
    text = FINE.replace(f'"{key}"', f'"{key.capitalize()}"', 1)
    [finding] = found(text)
    assert finding.pointer == f"/{key.capitalize()}"
    assert examine(read_document(repaired(text))).valid
    assert json.loads(repaired(text)) == json.loads(FINE)


@pytest.mark.parametrize(
    ("written", "meant", "value"),
    [
        ("operationID", "operationId", "a"),
        ("sumary", "summary", "a"),
        ("parametres", "parameters", []),
        ("requestbody", "requestBody", {}),
        ("Responses", "responses", {"200": {"description": "-"}}),
        ("descripsion", "description", "a"),
    ],
)
def test_n14_a_member_of_an_operation_is_named_and_renamed(written, meant, value):
    members = json.loads(FINE)
    operation = members["paths"]["/a"]["get"]
    operation.pop(meant, None)
    operation[written] = value
    text = json.dumps(members)
    [finding] = found(text)
    assert finding.pointer == f"/paths/~1a/get/{written}"
    assert meant in finding.message
    assert [each.value for each in finding.repair.edits] == [meant]


@pytest.mark.parametrize(
    ("written", "meant", "value"),
    [
        ("maxlength", "maxLength", 3),
        ("max_length", "maxLength", 3),
        ("formt", "format", "date"),
        ("propertys", "properties", {}),
        ("enums", "enum", ["a"]),
        ("exmaple", "example", "a"),
        ("addtionalPropertis", "additionalProperties", {}),
    ],
)
def test_n14_a_keyword_of_a_schema_is_named_and_renamed(written, meant, value):
    [finding] = found(schema({"type": "string", written: value}))
    assert finding.pointer.endswith(f"/schema/{written}")
    assert meant in finding.message
    assert [each.value for each in finding.repair.edits] == [meant]


@pytest.mark.parametrize(
    "node",
    [
        {"x-maxlength": 3},
        {"formt": {"type": "string"}},
        {"note": "a"},
        {"properties": {"formt": {"type": "string"}, "maxlength": {"type": "integer"}}},
        {"example": {"sumary": "a", "maxlength": 1}},
        {"enumNames": ["a"]},
        {"id": "a"},
    ],
)
def test_what_only_resembles_a_name_is_left_alone(node):
    assert found(schema(node)) == []


def test_another_word_for_a_member_is_named_without_a_repair():
    [finding] = found(document({"params": []}))
    assert "parameters" in finding.hint
    assert finding.repair is None


def test_a_misspelt_member_beside_the_right_one_is_not_renamed():
    [finding] = found(schema({"type": "string", "maxLength": 3, "maxlength": 4}))
    assert finding.repair is None
    assert "remove maxlength" in finding.hint


def test_a_parameter_of_swagger_has_the_keywords_of_schemas():
    node = {"name": "q", "in": "query", "type": "string", "maxlength": 3}
    paths = {"/a": {"get": {"operationId": "a", "parameters": [node], "responses": {}}}}
    [finding] = found(swagger(paths=paths))
    assert finding.pointer.endswith("/maxlength")


@pytest.mark.parametrize(
    "name",
    [
        "x-openai-isconsequential",
        "x-openai-is-consequential",
        "x-openai-isConsequental",
        "isConsequential",
        "x-isConsequential",
    ],
)
def test_n14_consent_under_another_name_is_a_warning_of_the_operation(name):
    text = document({name: True})
    [finding] = found(text, "schema.consequential_misspelt")
    [operation] = examine(read_document(text)).operations
    assert finding.pointer == f"/paths/~1a/get/{name}"
    assert operation.verdict == "ready_with_warnings"
    assert json.loads(repaired(text))["paths"]["/a"]["get"][CONSENT] is True


def test_no_repair_takes_consent_away():
    text = document({"x-openai-isconsequential": False}, method="post")
    [finding] = found(text, "schema.consequential_misspelt")
    assert finding.repair is None
    assert f"{CONSENT}: false" in finding.hint


def required(node):
    return body({"content": {"application/json": {"schema": {"type": "object", **node}}}})


def test_n14_a_required_name_near_a_property_is_corrected():
    text = required({"required": ["nmae"], "properties": {"name": {"type": "string"}}})
    [finding] = found(text, "schema.required_misspelt")
    assert finding.pointer.endswith("/schema/required/0")
    assert '"required": ["name"]' in repaired(text)


def test_n14_a_required_name_that_no_property_has_is_a_note():
    text = required({"required": ["other"], "properties": {"name": {"type": "string"}}})
    [finding] = found(text, "schema.required_undescribed")
    assert "other" in finding.message


@pytest.mark.parametrize(
    "more",
    [
        {"allOf": [{"$ref": "#/info"}]},
        {"additionalProperties": {"type": "string"}},
        {"patternProperties": {"^o": {}}},
        {"properties": {}},
    ],
)
def test_a_required_name_that_may_be_described_elsewhere_is_no_slip(more):
    text = required({"required": ["other"], "properties": {"name": {}}, **more})
    assert found(text, "schema.required_undescribed") == []


def test_two_slips_count_in_long_words_only():
    assert misspelt("additonalPropertes", ["additionalProperties"]) == "additionalProperties"
    assert misspelt("fetch", ["patch"]) is None
    assert misspelt("mixLength", ["minLength", "maxLength"]) is None


def flagged(value, name=CONSENT, methods=("get", "post")):
    members = json.loads(FINE)
    item = members["paths"]["/a"]
    item["post"] = {"operationId": "b", "summary": "s", "responses": item["get"]["responses"]}
    members["paths"]["/a"] = {each: item[each] for each in methods} | {name: value}
    return json.dumps(members)


MISPLACED = "schema.consequential_misplaced"


@pytest.mark.parametrize("name", [CONSENT, "x-openai-isconsequential", "isConsequential"])
def test_o9b9_the_consent_flag_beside_methods_is_named_and_moved_to_them(name):
    text = flagged(True, name)
    [finding] = found(text, MISPLACED)
    assert finding.pointer == f"/paths/~1a/{name}"
    assert {each.verdict for each in examine(read_document(text)).operations} == {
        "ready_with_warnings"
    }
    item = json.loads(repaired(text))["paths"]["/a"]
    assert name not in item
    assert [item[each][CONSENT] for each in ("get", "post")] == [True, True]
    assert found(repaired(text), MISPLACED) == []
    assert found(text, "schema.method_unknown") == []


def test_o9b9_a_flag_that_takes_consent_away_is_not_moved():
    [finding] = found(flagged(False), MISPLACED)
    assert finding.repair is None
    assert f"{CONSENT}: false" in finding.hint


@pytest.mark.parametrize("place", [(), ("info",), ("components",)])
def test_o9b9_the_consent_flag_anywhere_else_is_named_with_its_place(place):
    members = json.loads(FINE)
    here = members
    for step in place:
        here = here.setdefault(step, {})
    here[CONSENT] = True
    [finding] = found(json.dumps(members), MISPLACED)
    assert finding.pointer == "".join(f"/{step}" for step in (*place, CONSENT))
    assert "each operation" in finding.hint


OPPOSITES = [
    "x-inconsequential",
    "x-not-consequential",
    "isNotConsequential",
    "nonConsequential",
    "isnotconsequential",
    "actionNonConsequential",
]


@pytest.mark.parametrize("name", OPPOSITES)
def test_o9b9_a_flag_that_says_the_opposite_is_not_offered_as_what_it_is_not(name):
    [finding] = found(document({name: True}), "schema.consequential_misspelt")
    assert f"{CONSENT}: false" in finding.hint
    assert finding.repair is None
    [finding] = found(document({name: False}), "schema.consequential_misspelt")
    assert f"{CONSENT}: true" in finding.hint
    assert finding.repair is None


def test_o9b9_a_word_that_ends_in_in_is_no_opposite():
    [finding] = found(document({"x-main-consequential": True}), "schema.consequential_misspelt")
    assert f"{CONSENT}: true" in finding.hint


PATH_MEMBERS = [
    ("paramters", "parameters", [{"name": "q", "in": "query", "schema": {"type": "string"}}]),
    ("Parameters", "parameters", []),
    ("params", "parameters", []),
    ("descripton", "description", "text"),
    ("server", "servers", [{"url": "https://api.foo.dev"}]),
    ("additionaloperations", "additionalOperations", {}),
]


@pytest.mark.parametrize(("written", "meant", "value"), PATH_MEMBERS)
def test_nb13_a_misspelt_member_of_a_path_is_one_finding_of_its_kind(written, meant, value):
    members = json.loads(FINE)
    members["paths"]["/a"][written] = value
    text = json.dumps(members)
    [finding] = found(text)
    assert (finding.pointer, meant in finding.message) == (f"/paths/~1a/{written}", True)
    assert found(text, "schema.method_unknown") == []
    if written != "params":
        assert json.loads(repaired(text))["paths"]["/a"][meant] == value


def test_nb13_a_misspelt_method_stays_one():
    text = FINE.replace('"get"', '"gett"', 1)
    assert found(text) == []
    assert found(text, "schema.method_unknown") != []


def test_consent_that_says_neither_is_asked_for_and_not_repaired():
    [finding] = found(document({"isConsequential": "perhaps"}), "schema.consequential_misspelt")
    assert f"{CONSENT}: true or false" in finding.hint
    assert finding.repair is None


@pytest.mark.parametrize("name", ["x-consequential-review", "consequentialNotes"])
def test_a_name_with_the_word_is_no_flag_where_none_is_looked_for(name):
    members = json.loads(FINE)
    members["info"][name] = True
    assert found(json.dumps(members), MISPLACED) == []


@pytest.mark.parametrize("more", [{}, {"get": "a text"}])
def test_the_flag_beside_no_method_that_could_have_it_is_not_moved(more):
    members = json.loads(flagged(True, methods=()))
    members["paths"]["/a"] |= more
    [finding] = found(json.dumps(members), MISPLACED)
    assert finding.repair is None


def test_the_flag_beside_methods_leaves_what_one_of_them_says_itself():
    members = json.loads(flagged(True))
    members["paths"]["/a"]["get"][CONSENT] = False
    item = json.loads(repaired(json.dumps(members)))["paths"]["/a"]
    assert (item["get"][CONSENT], item["post"][CONSENT]) == (False, True)


@pytest.mark.parametrize(
    ("name", "value"),
    [("params", "a text"), ("params", {"q": {}}), ("desc", []), ("additionaloperations", 5)],
)
def test_a_member_of_a_path_with_what_it_cannot_hold_is_no_slip_of_its_name(name, value):
    members = json.loads(FINE)
    members["paths"]["/a"][name] = value
    assert found(json.dumps(members)) == []
    [finding] = found(json.dumps(members), "schema.method_unknown")
    assert finding.pointer == f"/paths/~1a/{name}"
