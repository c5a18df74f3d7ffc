"""Slips of newcomers in YAML and JSON: what was read, what was meant, and a repair (n15 to n17)."""

import json

import pytest

from schema_service.domain.examination import examine
from schema_service.domain.reading.read_document import read_document
from services.schema.tests.rule_documents import body
from services.schema.tests.written_documents import OPENING, examined, repaired

YAML = (
    OPENING
    + """  /a:
    get:
      operationId: getA
      summary: Gets it
      parameters:
        - name: q
          in: query
          schema:
            type: string
      responses:
        "200":
          description: Fine
"""
)
TEXT = json.dumps(
    {
        "openapi": "3.1.0",
        "info": {"title": "T", "version": "1"},
        "servers": [{"url": "https://api.foo.dev"}],
        "paths": {
            "/a": {"get": {"operationId": "getA", "responses": {"200": {"description": ""}}}}
        },
    }
)


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ("          in: query", "        in: query", "in the column of the dash above it"),
        ("      summary", "     summary", "is indented by 5 spaces"),
        ("operationId: getA", "operationId = getA", "an = stands behind operationId"),
        ("    get:\n", "  get:\n", "same column as path /a"),
    ],
)
def test_n16_n17_a_slip_of_one_line_is_named_and_repaired(right, wrong, said):
    text = YAML.replace(right, wrong, 1)
    findings = examined(text).findings
    assert any(said in each.message for each in findings)
    assert read_document(repaired(text)).document == read_document(YAML).document


def test_n16_members_in_the_column_of_several_dashes_are_all_moved():
    members = "in: query\n        schema:\n          type: string\n"
    item = f"        - name: q\n        {members}"
    text = YAML.replace(
        "        - name: q\n          in: query\n          schema:\n            type: string\n",
        item + item.replace("name: q", "name: r"),
    )
    document = read_document(repaired(text)).document
    parameters = document["paths"]["/a"]["get"]["parameters"]
    assert [(each["name"], each["in"]) for each in parameters] == [("q", "query"), ("r", "query")]


@pytest.mark.parametrize(("text", "mark"), [(YAML, "yaml"), (TEXT, "json")])
def test_n16_a_document_inside_a_models_answer_is_taken_out_of_it(text, mark):
    answer = f"Here it is:\n\n```{mark}\n{text}\n```\n\nTell me if you need more: anything.\n"
    assert "Markdown code block" in examined(answer).findings[0].message
    assert read_document(repaired(answer)).document == read_document(text).document


@pytest.mark.parametrize(
    ("right", "wrong"), [('"title":', '"title"'), ('"title":', '"title" ='), ('":', '" =>')]
)
def test_n16_a_missing_colon_of_json_is_written(right, wrong):
    text = TEXT.replace(right, wrong, 1)
    assert "no colon between a name and its value" in examined(text).findings[0].message
    assert json.loads(repaired(text)) == json.loads(TEXT)


def test_n16_a_quote_inside_a_text_of_json_is_said_and_not_guessed():
    text = TEXT.replace('"T"', '"a "b" c"')
    [finding] = examined(text).findings
    assert "does not end there" in finding.message
    assert "backslash" in finding.hint
    assert finding.repair is None


def test_n16_json_in_another_encoding_is_said_with_its_place():
    [finding] = examine(read_document(TEXT.replace('"T"', '"ä"').encode("latin-1"))).findings
    assert "UTF-8" in finding.message
    assert finding.column > 1


def test_n16_a_tag_of_a_program_has_its_line():
    text = YAML.replace("summary: Gets it", "summary: !!python/object:os.system a")
    [finding] = examined(text).findings
    assert finding.line == 11
    assert finding.hint == "Leave the tag out."


def test_n16_what_nothing_mends_is_said_with_the_line_as_it_was_read():
    text = YAML.replace("      responses", "   oddly:\n      responses").replace("oddly:", "oddly")
    [*_, finding] = examined(text).findings
    assert "did not find expected" not in finding.message


def test_n17_a_path_inside_an_operation_is_moved_out():
    inner = "      /b:\n        get:\n          operationId: getB\n          responses: {}\n"
    text = YAML.replace("      parameters:", f"{inner}      parameters:")
    assert not examined(text).valid
    names = [each.name for each in examined(repaired(text)).operations]
    assert sorted(names) == ["getA", "getB"]


def bulk(line, count=300):
    piece = "      responses:\n        '200':\n          description: Fine\n"
    each = "  /p{0}:\n    get:\n      operationId: op{0}\n      {1}\n" + piece
    return YAML + "".join(each.format(index, line) for index in range(count))


@pytest.mark.parametrize(
    ("line", "summary"),
    [
        ("summary: a: b: c", "a: b: c"),
        ('summary: "a', "a"),
        ('summary: "a "b" c"', 'a "b" c'),
        ("summary: 'it's'", "it's"),
        ("summary: @a", "@a"),
        ("summary: *a* b", "*a* b"),
        ("summary: {a} b", "{a} b"),
        ('summary: "\\d"', "\\d"),
        ('summary: "a",', "a"),
        ("summary:a", "a"),
        ("\tsummary: a", "a"),
    ],
)
def test_one_slip_on_hundreds_of_lines_is_mended_at_once(line, summary):
    text = bulk(line)
    assert len(examined(text).findings) == 1
    paths = read_document(repaired(text)).document["paths"]
    assert [paths[f"/p{index}"]["get"]["summary"] for index in range(300)] == [summary] * 300


def test_lines_that_a_text_goes_on_in_are_no_slips_of_their_own():
    block = "description: |\n        summary: @a is\n        title:X"
    text = (
        YAML
        + bulk("summary: @a", 10).removeprefix(YAML)
        + bulk(block, 12).removeprefix(YAML).replace("/p", "/q").replace("op", "oq")
    )
    paths = read_document(repaired(text)).document["paths"]
    assert paths["/q3"]["get"]["description"].startswith("summary: @a is\ntitle:X")


@pytest.mark.parametrize(
    ("written", "meant"), [("007", '"007"'), ("1.10", '"1.10"'), ("1", '"1"'), ("true", '"true"')]
)
def test_n15_a_version_is_quoted_as_it_is_written(written, meant):
    text = YAML.replace('version: "1"', f"version: {written}")
    [finding] = examined(text).findings
    assert finding.hint == f"Write version: {meant}."
    assert f"  version: {meant}\n" in repaired(text)


@pytest.mark.parametrize(
    ("written", "meant"), [('"false"', "false"), ('"yes"', "true"), ("1", "true")]
)
def test_n15_a_flag_that_is_none_says_how_it_counts(written, meant):
    text = YAML.replace("in: query", f"in: query\n          explode: {written}")
    [finding] = examined(text).findings
    assert finding.hint == f"Write explode: {meant}. Until then it counts as left out."
    assert f"explode: {meant}\n" in repaired(text)


@pytest.mark.parametrize(
    ("right", "wrong", "hint"),
    [
        ("summary: Gets it", "summary: {a: b}", 'Write a text in quotes: summary: "…".'),
        ("summary: Gets it", "tags: foo", 'Write tags: ["foo"].'),
    ],
)
def test_n15_a_value_of_another_kind_says_what_to_write(right, wrong, hint):
    [*findings] = examined(YAML.replace(right, wrong)).findings
    assert hint in [each.hint for each in findings]


def test_n15_what_may_not_stand_together_is_named():
    node = {"name": "z", "in": "querystring", "content": {"a/b": {"schema": {}}}}
    parsed = {**json.loads(TEXT), "openapi": "3.2.0"}
    query = {"name": "q", "in": "query", "schema": {"type": "string"}}
    parsed["paths"]["/a"]["get"]["parameters"] = [query, node]
    said = [each.message for each in examined(json.dumps(parsed)).findings]
    assert any("in: querystring stands beside" in each for each in said)


def test_n24_a_part_that_is_to_be_xml_says_that_it_is_sent_as_json():
    part = {"type": "object", "properties": {"a": {"type": "string"}}}
    form = {"schema": {"properties": {"p": part}}, "encoding": {"p": {"contentType": "text/xml"}}}
    found = examined(body({"content": {"multipart/form-data": form}})).findings
    [finding] = [each for each in found if each.code == "schema.part_as_json"]
    assert finding.pointer.endswith("/encoding/p/contentType")


def test_n32_a_semicolon_behind_json_is_called_so():
    found = examined(TEXT + ";")
    assert found.valid
    assert any("a semicolon at its end" in each.message for each in found.findings)
    assert json.loads(repaired(TEXT + ";")) == json.loads(TEXT)
