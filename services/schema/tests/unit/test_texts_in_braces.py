"""Texts without quotes in braces: what YAML takes apart is named, and written in quotes."""

import pytest

from schema_service.domain.examination import examine
from schema_service.domain.finding import Severity
from schema_service.domain.reading.read_document import read_document
from schema_service.domain.repairing.rounds import repair_all

DOCUMENT = """openapi: 3.1.0
info: {title: TITLE, version: "1"}
servers:
  - url: https://api.foo.dev
paths:
  /items:
    get:
      operationId: listItems
      parameters:
        - {name: q, in: query, description: FIRST, schema: {type: string, title: INNER}}
        - name: r
          in: query
          schema: {type: string,
            description: BELOW, default: a}
      responses: {"200": {description: ANSWER}, "404": {description: "x: y, z"}}
"""
PLACES = ("TITLE", "FIRST", "INNER", "BELOW", "ANSWER")
TEXTS = (
    "Filter: by name",
    "at most: 5, such as 3",
    'It\'s "x": y',
    "up to 3, not {x}: or so",
    "a, b {c}: c, d",
    "ends with a colon:",
    "in [a: b] or: c",
)


def written(**texts):
    text = DOCUMENT
    for place in PLACES:
        text = text.replace(place, texts.get(place, "plain"))
    return text


def quoted(text):
    return "'" + text.replace("'", "''") + "'"


def findings(text):
    return examine(read_document(text.encode())).findings


def mended(text):
    return repair_all(text, [each.repair for each in findings(text) if each.repair]).text


def tree(text):
    return read_document(text.encode()).document


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("text", TEXTS)
def test_a_colon_in_a_text_in_braces_is_put_in_quotes(place, text):
    broken = written(**{place: text})
    (found, *_) = findings(broken)
    assert found.code == "schema.unparsable"
    assert found.hint.startswith("Put the text in quotes: ")
    line = next(at for at, each in enumerate(broken.splitlines(), 1) if text in each)
    assert found.line == line
    assert f"(line {line})" in found.repair.title
    assert tree(mended(broken)) == tree(written(**{place: quoted(text)}))


def test_several_of_one_line_and_of_several_lines_are_all_mended():
    texts = dict(zip(PLACES, TEXTS, strict=False))
    expected = {place: quoted(text) for place, text in texts.items()}
    assert tree(mended(written(**texts))) == tree(written(**expected))


@pytest.mark.parametrize("place", ["FIRST", "INNER", "ANSWER"])
@pytest.mark.parametrize("text", ["at most 5, e.g. 3", "a, b, and c", "a, b: c, d", "a, and b: c"])
def test_a_text_that_ends_at_its_comma_is_a_warning_with_a_repair(place, text):
    cut = written(**{place: text})
    (found,) = [each for each in findings(cut) if each.code == "schema.text_cut_at_comma"]
    assert found.severity is Severity.WARNING
    assert text.partition(", ")[2] in found.message
    assert tree(mended(cut)) == tree(written(**{place: quoted(text)}))


@pytest.mark.parametrize(
    "schema",
    [
        "{type: string, pattern: ^[a-z]{2}$}",
        "{type: string, pattern: '^a{1,2}$', description: a b}",
        "{type: object, example: {title: a, b: }, properties: {title: {type: string}}}",
        '{type: string, description: "a, b: c"}',
    ],
)
def test_what_is_meant_as_it_is_gets_no_warning(schema):
    text = written().replace("{type: string, title: plain}", schema)
    codes = {each.code for each in findings(text)}
    assert "schema.text_cut_at_comma" not in codes


@pytest.mark.parametrize("place", ["FIRST", "INNER", "ANSWER"])
@pytest.mark.parametrize(
    "line_break", ["\n            ", "\r\n               ", " \n              "]
)
@pytest.mark.parametrize("text", ["at most 5,|e.g. 3", "at most|5, e.g. 3", "a, b c,|d e: f|g, h"])
def test_a_text_over_several_lines_that_ends_at_its_comma_is_mended(place, line_break, text):
    cut = written(**{place: text.replace("|", line_break)})
    (found,) = [each for each in findings(cut) if each.code == "schema.text_cut_at_comma"]
    assert found.message.endswith("was read as something of its own beside it")
    assert tree(mended(cut)) == tree(written(**{place: quoted(text.replace("|", " "))}))


@pytest.mark.parametrize("text", ["at\n\n            most, e g", "at, # five\n            e g"])
def test_a_text_with_an_empty_line_or_a_comment_is_left_to_its_writer(text):
    cut = written(FIRST=text)
    assert "e g" in tree(cut)["paths"]["/items"]["get"]["parameters"][0]
    assert "schema.text_cut_at_comma" not in {each.code for each in findings(cut)}
