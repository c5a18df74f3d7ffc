"""Texts copied from web pages, chats and word processors: what only looks like YAML."""

import pytest

from schema_service.domain.reading.read_document import read_document
from schema_service.domain.repairing.rounds import repair_all
from schema_service.domain.repairing.terms import Terms

UNREADABLE = {
    "quotes around a text with a colon": ("a: \u201cx: y\u201d\n", 'a: "x: y"\n', 1),
    "one quote of two": ('a: "x\u201d\nb: 1\n', 'a: "x"\nb: 1\n', 1),
    "no-break space behind a colon": ("a:\u00a0x\nb: 1\n", "a: x\nb: 1\n", 1),
    "ideographic space": ("a:\u3000x\nb: 1\n", "a: x\nb: 1\n", 1),
    "no-break spaces as indentation": ("a:\n\u00a0\u00a0b: 1\n  c: 2\n", "a:\n  b: 1\n  c: 2\n", 2),
    "no-break space behind a dash": (
        "a:\n  -\u00a0b: 1\n    c: 2\n",
        "a:\n  - b: 1\n    c: 2\n",
        2,
    ),
    "full-width colon": ("a\uff1ax\nb: 1\n", "a: x\nb: 1\n", 1),
    "full-width colons everywhere": ("a\uff1a\n  b\uff1ax\n", "a:\n  b: x\n", 1),
    "full-width in braces": (
        'a: {b: 1\uff0cc: "2"}\n',
        'a: {b: 1, c: "2"}\n',
        1,
    ),
    "en dash": ("a:\n  \u2013 b: 1\n    c: 2\n", "a:\n  - b: 1\n    c: 2\n", 2),
    "bullet": ("a:\n  \u2022 b: 1\n    c: 2\n", "a:\n  - b: 1\n    c: 2\n", 2),
    "zero-width space before a key": (
        "a:\n    b: 1\n\u200b    c: 2\n    d: 3\n",
        "a:\n    b: 1\n    c: 2\n    d: 3\n",
        3,
    ),
    "ellipsis on a line": ("a: 1\n\u2026\nb: 2\n", "a: 1\n# \u2026\nb: 2\n", 2),
    "three dots on a line": ("a:\n  b: 1\n  ...\n  c: 2\n", "a:\n  b: 1\n  # ...\n  c: 2\n", 3),
    "dots between two parts": ("a: 1\n...\nb: 2\n", "a: 1\n# ...\nb: 2\n", 2),
}

READABLE = {
    "quotes around a key": ("a:\n  \u201c200\u201d: 1\n", 'a:\n  "200": 1\n', 2),
    "single quotes around a key": ("\u2018a\u2019: 1\n", "'a': 1\n", 1),
    "quotes around a value": ("a: \u201ehttps://x\u201c\n", 'a: "https://x"\n', 1),
    "quotes that hold quotes": ("a: \u2018it\u2019s\u2019\n", "a: 'it\u2019s'\n", 1),
    "quotes in a list": ("a: [\u201cx\u201d, \u201cy\u201d]\n", 'a: ["x", "y"]\n', 1),
    "no-break space before a colon": ("a\u00a0: x\n", "a: x\n", 1),
    "em dash with one member": ("a:\n  \u2014 b: 1\n", "a:\n  - b: 1\n", 2),
    "zero-width space in a key": ("a\u200bb: 1\n", "ab: 1\n", 1),
    "no-break space behind a value": ("a: x\u00a0\n", "a: x\n", 1),
    "byte order mark inside": ("a: 1\n\ufeffb: 2\n", "a: 1\nb: 2\n", 2),
}

MEANT = {
    "in a block": "a: |\n  \u2013 b: 1\n  c\uff1ad\n  \u2026\n  \u201cx\u201d: y\nb: 1\n",
    "in a text that goes on": "a: x\n  Note\uff1asee\n  \u2013 y\nb: 1\n",
    "within a value": "a: He said \u201cno\u201d\u2026 \u2013 twice\nb: 1\u00a0000\n",
    "several quoted texts": "a: \u201cx\u201d or \u201cy\u201d\n",
    "in straight quotes": "a: \"\u201cx\u201d\"\nb: '\u2013\u00a0y'\n",
    "a colon of a text": "a: \u7528\u6cd5\uff1a\u8bf4\u660e\n",
    "in a comment": "a: 1  # \u201cx\u201d\u00a0\n# \u2026\n",
    "the end of the document": "a: 1\n...\n",
}


@pytest.mark.parametrize(("text", "expected", "line"), UNREADABLE.values(), ids=UNREADABLE)
def test_what_keeps_a_text_from_being_read_is_named_and_repaired(text, expected, line):
    reading = read_document(text)
    assert reading.document is None
    [finding] = reading.findings
    assert (finding.code, finding.line) == ("schema.unparsable", line)
    assert f"line {line}" in finding.message
    assert finding.hint.endswith(".")
    assert repair_all(text, [finding.repair], Terms(rounds=1)).text == expected


@pytest.mark.parametrize(("text", "expected", "line"), READABLE.values(), ids=READABLE)
def test_what_was_read_as_something_else_is_named_and_repaired(text, expected, line):
    reading = read_document(text)
    assert reading.document is not None
    [finding] = [each for each in reading.findings if each.code == "schema.look_alike"]
    assert finding.line == line
    assert repair_all(text, [finding.repair], Terms(rounds=1)).text == expected


@pytest.mark.parametrize("text", MEANT.values(), ids=MEANT)
def test_inside_texts_they_are_meant(text):
    reading = read_document(text)
    assert reading.document is not None
    assert reading.findings == ()


def test_a_text_that_is_nothing_but_look_alikes_is_no_plain_text():
    [finding] = read_document("openapi\uff1a3.1.0\n").findings
    assert "another script" in finding.message
    assert finding.repair is not None


def test_each_kind_says_its_first_line_and_how_many_more():
    text = "a:\u00a0x\nb:\u00a0y\nc\uff1az\nd: 1\n"
    [finding] = read_document(text).findings
    assert "no-break space (line 1 and 1 more)" in finding.message
    assert "another script (\uff1a instead of :) (line 3)" in finding.message


def test_repairs_of_the_text_come_before_those_of_what_it_reads_as():
    text = "openapi: 3.1.0\ninfo: {\u201ctitle\u201d: T, version: '1'}\npaths: {}\n"
    found = [each.repair for each in read_document(text).findings if each.repair]
    repaired = repair_all(text, found)
    assert 'info: {"title": T, version' in repaired.text


def test_a_long_line_of_them_costs_no_more_than_its_length():
    text = "a" + "\u200b" * 200_000 + "\u00a0" * 200_000 + "\nb: 1\n"
    assert read_document(text).document is None
