"""JSON as people write it: said by name with its line, read where nothing is missing (D15)."""

import json

import pytest

from schema_service.domain.examination import examine
from schema_service.domain.formatting import formatted
from schema_service.domain.reading.json_slips import json_slips
from schema_service.domain.reading.read_document import read_document
from schema_service.domain.repairing.rounds import repair_all
from schema_service.domain.repairing.terms import Terms

READ = {
    "line comment": ('{\n // x\n "a": "http://b"}', {"a": "http://b"}, "a comment (line 2)"),
    "block comment": ('{"a": /* x\n y */ 1}', {"a": 1}, "a comment (line 1)"),
    "hash comment": ('{"a": 1 # x\n}', {"a": 1}, "a comment (line 1)"),
    "trailing commas": ('{"a": [1,\n],}', {"a": [1]}, "a comma too many (line 1)"),
    "two commas": ('{"a": 1,\n, "b": 2}', {"a": 1, "b": 2}, "a comma too many (line 2)"),
    "single quotes": ("{'a': 'it\\'s \"b\"'}", {"a": 'it\'s "b"'}, "single quotes (line 1)"),
    "typographic quotes": ("{“a”: “b”}", {"a": "b"}, "typographic quotes (line 1)"),
    "python": (
        '{"a": True,\n"b": None, "c": False}',
        {"a": True, "b": None, "c": False},
        "True, False or None",
    ),
    "undefined": ('{"a": undefined}', {"a": None}, "undefined"),
    "bare names": ("{a: 1, $ref: 2}", {"a": 1, "$ref": 2}, "a name without quotes (line 1)"),
    "line break": ('{"a": "b\nc"}', {"a": "b\nc"}, "a line break or tab inside quotes"),
    "backslash": ('{"a": "\\d"}', {"a": "\\d"}, "a backslash that is not written twice"),
}
REFUSED = {
    "open brace": ('{"a": {"b": 1}\n', {"a": {"b": 1}}, "a { or [ that nothing closes"),
    "open at the end": ('{"a": [1, 2]', {"a": [1, 2]}, "a { or [ that nothing closes"),
    "wrong closer": ('{"a": [1, 2}', {"a": [1, 2]}, "a { or [ that nothing closes"),
    "missing comma": (
        '{"a": 1\n"b": 2}',
        {"a": 1, "b": 2},
        "no comma between two members (line 1)",
    ),
    "open quote": ('{"a": "b,\n"c": 1}', {"a": "b", "c": 1}, "a quote on this line is not closed"),
    "open quote, last": ('{"a": "b\n}', {"a": "b"}, "a quote on this line is not closed"),
    "closed twice": ('{"a": 1}}', {"a": 1}, "a } or ] too many"),
}


@pytest.mark.parametrize(("text", "expected", "said"), READ.values(), ids=READ)
def test_d15_what_json_lacks_is_named_read_and_repaired(text, expected, said):
    reading = read_document(text)
    assert reading.document == expected
    [finding] = reading.findings
    assert finding.code == "schema.json_not_strict"
    assert said in finding.message
    assert json.loads(repair_all(text, [finding.repair]).text) == expected


@pytest.mark.parametrize(("text", "expected", "said"), REFUSED.values(), ids=REFUSED)
def test_d15_where_something_is_missing_the_text_is_refused_and_the_repair_writes_it(
    text, expected, said
):
    reading = read_document(text)
    assert reading.document is None
    [finding] = reading.findings
    assert finding.code == "schema.unparsable"
    assert said in finding.message
    assert json.loads(repair_all(text, [finding.repair]).text) == expected


DOCUMENT = """{
  // the version
  "openapi": "3.1.0", 'info': {"title": "t", "version": "1",},
  "servers": [{"url": "https://a.example.org"}],
  "paths": {"/a": {"get": {"summary": "s", "responses": {"200": {"description": "d"}}}}},
}"""


def test_d15_places_are_those_of_the_text_as_it_was_written():
    found = examine(read_document(DOCUMENT))
    by_code = {finding.code: (finding.line, finding.column) for finding in found.findings}
    assert by_code["schema.json_not_strict"] == (2, 3)
    assert by_code["schema.operation_id_missing"] == (
        5,
        DOCUMENT.splitlines()[4].index('"get"') + 1,
    )
    assert [each.path for each in found.operations] == ["/a"]


def test_d15_another_repair_alone_writes_json_too_and_says_so():
    found = examine(read_document(DOCUMENT)).findings
    [naming] = [each.repair for each in found if each.code == "schema.operation_id_missing"]
    repaired = repair_all(DOCUMENT, [naming], Terms(rounds=1))
    assert json.loads(repaired.text)["paths"]["/a"]["get"]["operationId"] == "get_a"
    assert repaired.applied == ("Write it as JSON has it", "Name it get_a")


def test_d15_what_is_laid_out_anew_is_json():
    assert json.loads(formatted(DOCUMENT))["info"]["title"] == "t"


@pytest.mark.parametrize("text", ["{a: b}", "{a: [b, c]}", "[a: b]", "{&x a: 1}", "{<<: *x}"])
def test_the_flow_style_of_yaml_is_not_taken_for_json(text):
    assert json_slips(text) is None


def test_repeated_keys_of_such_a_text_are_found_where_they_stand():
    findings = read_document('{"a": 1, // x\n "a": 2}').findings
    assert [(each.code, each.line) for each in findings] == [
        ("schema.json_not_strict", 1),
        ("schema.duplicate_key", 2),
    ]


def test_each_open_quote_is_found_and_all_repairs_fit_together():
    text = '{"a": "b,\n"c": {"d: 1,\n"e": "f\n}}'
    findings = read_document(text).findings
    assert [each.line for each in findings] == [1, 2]
    assert findings[1].repair is None
    text = '{"a": "b,\n"c": "d,\n"e": "f\n}'
    findings = read_document(text).findings
    assert [each.line for each in findings] == [1, 2, 3]
    repaired = repair_all(text, [each.repair for each in findings]).text
    assert json.loads(repaired) == {"a": "b", "c": "d", "e": "f"}


def test_a_thousand_open_quotes_are_answered():
    assert len(read_document("{" + '"a": "b,\n' * 10_000).findings) <= 20
