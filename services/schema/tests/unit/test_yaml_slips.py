"""Slips of YAML: what is said, where, and what the repair writes (B11, B13)."""

import pytest

from schema_service.domain.examination import examine
from schema_service.domain.reading.read_document import read_document
from schema_service.domain.reading.yaml_alike import alike
from schema_service.domain.reading.yaml_line import Proposal
from schema_service.domain.reading.yaml_many import many_colons
from schema_service.domain.repairing.rounds import repair_all
from schema_service.domain.repairing.terms import Terms

HEAD = 'openapi: 3.0.1\ninfo: {title: t, version: "1"}\nservers: [{url: "https://a.example.org"}]\n'
B11 = f"""{HEAD}paths:
  /a:
    get:
      operationId: a
      parameters:
      - {{in: query, name: p, schema: {{type: string}}}}
      description: Path beginning with a slash. Ej: /estadisticas/v3
      responses: {{}}
"""
B13 = f"""{HEAD}paths:
  /a:
    post:
      operationId: a
      summary: s
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                path:   {{type: string}}
                content:{{type: string}}
      responses: {{}}
"""


def mended(text):
    """As `validate --repair` does it."""
    found = examine(read_document(text)).findings
    return repair_all(text, [each.repair for each in found if each.repair])


def test_b11_a_colon_in_an_unquoted_text_is_named_and_its_repair_quotes_that_value_alone():
    [finding] = read_document(B11).findings
    assert (finding.code, finding.line, finding.column) == ("schema.unparsable", 10, 20)
    assert 'behind "description:" holds ": "' in finding.message
    assert finding.hint.startswith('Put the text in quotes: description: "Path beginning')
    repaired = mended(B11)
    assert '"Path beginning with a slash. Ej: /estadisticas/v3"\n' in repaired.text
    [operation] = examine(read_document(repaired.text)).operations
    assert operation.operation_id == "a"


def test_b13_a_missing_space_names_the_key_as_read_and_the_repair_writes_it():
    found = examine(read_document(B13)).findings
    finding, *others = sorted(found, key=lambda each: each.severity)
    assert [each.code for each in others] == ["schema.responses_missing"]
    assert finding.code == "schema.key_without_space"
    assert "content:{type" in finding.message
    assert "Write a space behind the colon: content: " in finding.hint
    assert (finding.line, finding.column) == (16, 17)
    [operation] = examine(read_document(mended(B13).text)).operations
    assert {*operation.operation.arguments["properties"]} == {"path", "content"}


SLIPS = {
    "colon": ("a:\n  b: x. y: z\n  c: 1\n", 'a:\n  b: "x. y: z"\n  c: 1\n', 2),
    "colon at the end": ("a:\n  b: as follows:\n  c: 1\n", 'a:\n  b: "as follows:"\n  c: 1\n', 2),
    "colon and quotes": ('a: say "x": y\n', "a: 'say \"x\": y'\n", 1),
    "colon before a comment": ("a: x: y # why\n", 'a: "x: y" # why\n', 1),
    "colon in an item": ("a:\n- b: x: y\n- c\n", 'a:\n- b: "x: y"\n- c\n', 2),
    "colon, over two lines": ("a: x: y\n  on\nb: 1\n", 'a: "x: y\n  on"\nb: 1\n', 1),
    "colon, in the second line": ("a: x\n  it is: y\nb: 1\n", 'a: "x\n  it is: y"\nb: 1\n', 1),
    "colon, crlf": ("a: x: y\r\nb: 1\r\n", 'a: "x: y"\r\nb: 1\r\n', 1),
    "no space": ("a:\n  b: 1\n  c:2\n  d: 3\n", "a:\n  b: 1\n  c: 2\n  d: 3\n", 3),
    "no space at first": ("openapi:3.1.0\na: 1\n", "openapi: 3.1.0\na: 1\n", 1),
    "no space before a list": ("a:\n  b:[1]\n  c: 2\n", "a:\n  b: [1]\n  c: 2\n", 2),
    "no colon": ("info\n  title: t\na: 1\n", "info:\n  title: t\na: 1\n", 1),
    "first line indented": ("  a: 1\nb: 2\n", "a: 1\nb: 2\n", 1),
    "all but the first indented": ("a: 1\n  b: 2\n  c: 3\n", "  a: 1\n  b: 2\n  c: 3\n", 1),
    "a column too far": ("a:\n  b: 1\n   c: 2\n", "a:\n  b: 1\n  c: 2\n", 3),
    "a column too few": ("a:\n   b: 1\n  c: 2\nd: 3\n", "a:\n   b: 1\n   c: 2\nd: 3\n", 3),
    "below a dash": ("a:\n- b: 1\n c: 2\n", "a:\n- b: 1\n  c: 2\n", 3),
    "tabs": ("a:\n\tb: 1\n\tc: 2\n", "a:\n  b: 1\n  c: 2\n", 2),
    "a tab among spaces": ("a:\n    b: 1\n\tc: 2\n", "a:\n    b: 1\n    c: 2\n", 3),
    "no-break spaces": ("a:\n\u00a0\u00a0b: 1\n  c: 2\n", "a:\n  b: 1\n  c: 2\n", 2),
    "open quote": ('a:\n  b: "x\n  c: 1\n', 'a:\n  b: "x"\n  c: 1\n', 2),
    "open quote at the end": ("a: 'x\n", "a: 'x'\n", 1),
    "open quote before quotes": ('a: "x\nb: "y"\n', 'a: "x"\nb: "y"\n', 1),
    "apostrophe": ("a: 'it's'\n", 'a: "it\'s"\n', 1),
    "text behind quotes": ('a: "x" y\n', "a: '\"x\" y'\n", 1),
    "comma behind quotes": ('a: "x",\nb: 1\n', 'a: "x"\nb: 1\n', 1),
    "backslash": ('a: "^\\d+$"\n', "a: '^\\d+$'\n", 1),
    "at": ("a: @x\n", 'a: "@x"\n', 1),
    "backquote": ("a: `x` y\n", 'a: "`x` y"\n', 1),
    "percent": ("a: %d\n", 'a: "%d"\n', 1),
    "star": ("a: **x** y\n", 'a: "**x** y"\n', 1),
    "bracket": ("a: [x] y\nb: 1\n", 'a: "[x] y"\nb: 1\n', 1),
    "open bracket": ("a:\n  b: [x, y\n  c: 1\n", "a:\n  b: [x, y]\n  c: 1\n", 2),
    "text not indented": ("a:\n  b: |\n  x y\n  c: 1\n", "a:\n  b: |\n    x y\n  c: 1\n", 3),
    "control character": ('a: "\x00"\nb: 1\n', 'a: ""\nb: 1\n', 1),
    "code block": ("```yaml\na: 1\n```\n", "\na: 1\n\n", 1),
}


@pytest.mark.parametrize(("text", "expected", "line"), SLIPS.values(), ids=SLIPS)
def test_b11_a_slip_has_its_line_a_hint_and_a_repair_in_the_text(text, expected, line):
    reading = read_document(text)
    assert reading.document is None
    [finding] = reading.findings
    assert (finding.code, finding.line) == ("schema.unparsable", line)
    assert finding.hint.endswith((".", ":", "'", '"')) or ": " in finding.hint
    repaired = repair_all(text, [finding.repair], Terms(rounds=1))
    assert repaired.text == expected
    assert read_document(expected).document is not None


def test_every_slip_is_found_at_once_and_the_repairs_fit_together():
    text = "a:\n  b: x: y\n  c: 'it's'\n  d:1\n  e: @f\n"
    findings = read_document(text).findings
    assert [finding.line for finding in findings] == [2, 3, 4, 5]
    assert repair_all(text, [each.repair for each in findings]).text == (
        'a:\n  b: "x: y"\n  c: "it\'s"\n  d: 1\n  e: "@f"\n'
    )


def test_what_nobody_can_guess_keeps_the_readers_reason_and_has_no_repair():
    [finding] = read_document("a: 1\n}\nb: [\n").findings
    assert finding.repair is None
    assert finding.hint


@pytest.mark.parametrize(
    "text",
    ["a: {b:c: 1}\n", "scopes: {read:x: y}\n", "a:\n  /b:c: {}\n", "a: {'x:{y': 1}\n"],
)
def test_b13_names_that_hold_a_colon_are_no_slips(text):
    assert [f.code for f in read_document(text).findings] == []


def test_b13_a_missing_space_in_braces_is_found():
    text = "a:\n  schema: {type:string}\n"
    [finding] = read_document(text).findings
    assert finding.code == "schema.key_without_space"
    assert repair_all(text, [finding.repair]).text == "a:\n  schema: {type: string}\n"


def test_a_repaired_text_goes_on_until_nothing_is_left_to_repair():
    repaired = mended(B11.replace("      operationId: a\n", ""))
    found = examine(read_document(repaired.text))
    assert [each.repair for each in found.findings if each.repair] == []
    assert found.operations[0].operation_id == "get_a"


MANY = ["operationId = a\n", *(f"summary: b{number}: @c\n" for number in range(9))]
INDENTED = Proposal(0, 0, "", "", "Indent it by 2 spaces", {0: "  operationId = a\n"})
QUOTED = Proposal(1, 9, "", "", "Put the text in quotes", {1: 'summary: "b0: @c"\n'})


@pytest.mark.parametrize(("proposal", "lines"), [(INDENTED, None), (QUOTED, [*range(1, 10)])])
def test_only_of_texts_in_quotes_other_lines_are_asked_for_the_same_slip(proposal, lines):
    asked = []

    def reads(text):
        asked.append(text)
        return read_document(text).document is None or None

    many = alike(MANY, proposal, reads)
    assert (sorted(many.lines) if many else None) == lines
    assert bool(asked) == bool(lines)


def test_many_colons_are_looked_for_only_where_one_is_why_reading_failed():
    colons = [f"summary: b{number}: c\n" for number in range(20)]
    assert [*many_colons(["name: limit\n", *colons], 0)] == []
    [found] = many_colons(colons, 0)
    assert len(found.lines) == 20
