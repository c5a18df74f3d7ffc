"""Repairs of a text lose no path and no operation (findings 2 and 7 of newcomer 9b)."""

import json

import pytest

from schema_service.domain.examination import examine
from schema_service.domain.reading.read_document import read_document
from schema_service.domain.repairing.rounds import repair_all

HEAD = 'openapi: 3.0.1\ninfo: {title: t, version: "1"}\nservers: [{url: "https://a.example.org"}]\n'
TWO = f"""{HEAD}paths:
  /items:
    get:
      operationId: listItems
      description: Lists all items of
%s
      parameters:
        - {{name: limit, in: query, schema: {{type: integer}}}}
      responses:
        '200': {{description: ok}}
    post:
      operationId: addItem
      responses:
        '200': {{description: ok}}
"""


def mended(text):
    """As `validate --repair` does it."""
    found = examine(read_document(text)).findings
    return repair_all(text, [each.repair for each in found if each.repair])


def operations(text):
    return [each.operation_id for each in examine(read_document(text)).operations]


@pytest.mark.parametrize(
    "second",
    [
        "the shop: sorted",
        "the shop sorted",
        "Note: at most 20",
        "the shop: sorted\nby name",
        "the shop sorted\nby: name",
        "    the shop: sorted",
        "      the shop sorted",
    ],
)
def test_n9b_2_a_text_that_goes_on_at_the_margin_is_named_and_written_in_one_line(second):
    text = TWO % second
    [finding] = read_document(text).findings
    assert finding.line == 9
    assert 'the text behind "description:" goes on in line 9' in finding.message
    assert finding.hint.startswith("Write all of the text in one line, in quotes: description: ")
    repaired = mended(text)
    assert repaired.applied == ("Write the text in one line",)
    assert operations(repaired.text) == ["listItems", "addItem"]
    whole = " ".join(f"Lists all items of {second}".split())
    assert f'      description: "{whole}"\n' in repaired.text


@pytest.mark.parametrize("between", ["Note this: that", "Some: [1]"])
def test_n9b_2_a_repair_after_which_an_operation_is_missing_is_not_made(between):
    text = TWO.replace("      description: Lists all items of\n", "") % between
    findings = read_document(text).findings
    assert [(each.line, each.repair) for each in findings] == [(9, None)]
    assert mended(text).text == text


def test_n9b_2_a_line_without_a_colon_may_be_a_name_or_a_text_that_goes_on():
    text = TWO % "word"
    [finding] = read_document(text).findings
    assert "indent it deeper than the name of the text" in finding.hint
    assert finding.repair is None


def test_n9b_2_a_path_that_stands_twice_does_not_count_as_lost():
    twice = f"{HEAD}paths:\n  /a:\n    get: {{}}\n  /a:\n    post:\n      summary: x: y\n"
    [finding] = read_document(twice).findings
    assert finding.repair.title == "Put the text in quotes"


WHOLE = "The text ends in the middle: paste the whole document again."
PATHS = {
    f"/p{number}": {"get": {"operationId": f"op{number}", "responses": {"200": {}}}}
    for number in range(3)
}
JSON = json.dumps({"openapi": "3.0.1", "info": {"title": "t", "version": "1"}, "paths": PATHS})
THIRD = JSON.index('"/p2"')
CUT = {
    "behind a comma": JSON[:THIRD].rstrip(),
    "behind a member": JSON[:THIRD].rstrip(", "),
    "inside a name": JSON[: THIRD + 3],
    "behind a name": JSON[: THIRD + 5],
    "behind a colon": JSON[: THIRD + 6],
    "behind a bracket": JSON[: JSON.rindex("{") + 1],
    "behind a member, with a comment": "{ // mine\n" + JSON[1:THIRD].rstrip(", "),
    "inside a name, in single quotes": JSON[: THIRD + 3].replace('"', "'"),
    "in lines": "\n".join(json.dumps(json.loads(JSON), indent=2).splitlines()[:-6]),
}


@pytest.mark.parametrize("text", CUT.values(), ids=CUT)
def test_n9b_7_a_json_text_that_was_cut_off_is_said_so_and_never_closed(text):
    [finding] = read_document(text).findings
    assert (finding.code, finding.hint, finding.repair) == ("schema.unparsable", WHOLE, None)
    assert finding.line == text.count("\n") + 1


def test_n9b_7_the_last_bracket_alone_may_have_been_forgotten():
    assert operations(mended(JSON[:-1]).text) == ["op0", "op1", "op2"]


@pytest.mark.parametrize("end", ["      oper", "    pos", "  /it", "      oper\n", "comp"])
def test_n9b_7_a_yaml_text_that_was_cut_inside_a_name_is_said_so(end):
    text = f"{HEAD}paths:\n  /a:\n    get:\n      operationId: a\n{end}"
    [finding] = read_document(text).findings
    assert (finding.hint, finding.repair) == (WHOLE, None)
