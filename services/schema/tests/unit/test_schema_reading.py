from itertools import pairwise

import pytest

from schema_service.domain.reading.read_document import read_document
from schema_service.domain.reading.reading import Syntax

KIB = 1024
UNPARSABLE = "Could not parse valid OpenAPI spec: "


def refusal(text):
    reading = read_document(text)
    assert reading.document is None
    [finding] = reading.findings
    assert finding.code == "schema.unparsable"
    return finding


def codes(reading):
    return [finding.code for finding in reading.findings]


def laughing(levels=9, each=9):
    names = "abcdefghij"
    lines = ['a: &a ["lol"' + ',"lol"' * (each - 1) + "]"]
    for before, name in pairwise(names[:levels]):
        lines.append(f"{name}: &{name} [{','.join(['*' + before] * each)}]")
    return "\n".join(lines)


def merging(levels=9, each=9):
    names = "abcdefghij"
    lines = ["a: &a {x: 1, y: 2}"]
    for before, name in pairwise(names[:levels]):
        lines.append(f"{name}: &{name} {{<<: [{','.join(['*' + before] * each)}]}}")
    return "\n".join(lines)


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param('{"openapi": "3.1.0"}', id="text"),
        pytest.param(b'{"openapi": "3.1.0"}', id="utf-8"),
        pytest.param(b'\xef\xbb\xbf{"openapi": "3.1.0"}', id="utf-8 with mark"),
        pytest.param('\ufeff{"openapi": "3.1.0"}', id="text with mark"),
        pytest.param('{"openapi": "3.1.0"}'.encode("utf-16"), id="utf-16 with mark"),
        pytest.param('{"openapi": "3.1.0"}'.encode("utf-16-be"), id="utf-16-be"),
        pytest.param('{"openapi": "3.1.0"}'.encode("utf-32-le"), id="utf-32-le"),
        pytest.param('{\r\n\t"openapi":\t"3.1.0"\r\n}', id="tabs and crlf"),
    ],
)
def test_json_is_read_in_any_encoding_of_unicode(raw):
    reading = read_document(raw)
    assert reading.document == {"openapi": "3.1.0"}
    assert reading.syntax is Syntax.JSON
    assert reading.findings == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("a: yes\nb: no\nc: on", {"a": "yes", "b": "no", "c": "on"}, id="no booleans"),
        pytest.param("a: 2020-01-01", {"a": "2020-01-01"}, id="no dates"),
        pytest.param("a: 12:30:45", {"a": "12:30:45"}, id="no base 60"),
        pytest.param("a: 017\nb: 0o17\nc: 0x1F", {"a": 17, "b": 15, "c": 31}, id="integers"),
        pytest.param("a: 1_000\nb: 01009_01", {"a": "1_000", "b": "01009_01"}, id="underscores"),
        pytest.param("a: 0b11\nb: 0x1_0", {"a": "0b11", "b": "0x1_0"}, id="no binary"),
        pytest.param("a:\n- 1_0: 2_0 # x\n", {"a": [{"1_0": "2_0"}]}, id="in a list"),
        pytest.param("a: [1_0, -2_0]\n1_0: b", {"a": ["1_0", "-2_0"], "1_0": "b"}, id="in flow"),
        pytest.param(
            "a: |\n  - 1_000\nb: 1_000", {"a": "- 1_000\n", "b": "1_000"}, id="inside a text"
        ),
        pytest.param("a: ~\nb: null\nc:", {"a": None, "b": None, "c": None}, id="nulls"),
        pytest.param("%YAML 1.2\n---\na: 1\n...\n", {"a": 1}, id="directive and end"),
        pytest.param("a: 1\n---\n", {"a": 1}, id="an end that opens nothing"),
        pytest.param("a:\tb\n", {"a": "b"}, id="tab after a colon"),
        pytest.param("a: |\r\n  b\r\n  c\r\n", {"a": "b\nc\n"}, id="crlf"),
    ],
)
def test_yaml_means_what_version_1_2_says(text, expected):
    reading = read_document(text)
    assert reading.document == expected
    assert reading.findings == ()


@pytest.mark.parametrize(
    ("text", "reason", "line", "column"),
    [
        pytest.param("", "the text is empty", 1, 1, id="empty"),
        pytest.param(" \n\t", "the text is empty", 1, 1, id="blank"),
        pytest.param("[1, 2]", "it is a list where an object is wanted", 1, 1, id="array"),
        pytest.param("null", "it is null where an object is wanted", 1, 1, id="null"),
        pytest.param("<html></html>", "this is a web page or XML", 1, 1, id="html"),
        pytest.param("a: 1\n---\nb: 2", "it holds more than one document", 2, 1, id="two"),
        pytest.param("a: b: c", 'behind "a:" holds ": "', 1, 4, id="unquoted colon"),
        pytest.param("a:\n\tb: 1", "indented with a tab", 2, 1, id="tab for indentation"),
        pytest.param(
            '{\n  "a" 1}', "it has no colon between a name and its value", 2, 6, id="missing colon"
        ),
        pytest.param('{"a": "\\ud800"}', "no low surrogate", 1, 8, id="lone surrogate escaped"),
        pytest.param('a: "\ud800"', "half of a surrogate pair", 1, 5, id="lone surrogate"),
        pytest.param(b"a: 1\nb: \xff", "not valid UTF-8", 2, 4, id="not utf-8"),
        pytest.param("a: *nobody", "begins with a *", 1, 4, id="unknown anchor"),
        pytest.param("a: " + "9" * 5_000, "a number of 5,000 digits", 1, 4, id="5,000 digits"),
        pytest.param("- " * 30_000, "nested deeper than 200 levels", 1, None, id="compact lists"),
        pytest.param("? " * 30_000, "nested deeper than 200 levels", 1, None, id="compact keys"),
        pytest.param("[" * 60_000, "depth limit exceeded", 1, None, id="60 kB of brackets"),
        pytest.param("{" * 60_000, None, 1, None, id="60 kB of braces"),
        pytest.param('{"a":' * 300 + "1" + "}" * 300, "deeper than 200", None, None, id="deep"),
        pytest.param(laughing(), "alias replay limit exceeded", None, None, id="billion laughs"),
        pytest.param(merging(), "alias replay limit exceeded", None, None, id="merge keys"),
        pytest.param("[" + "a: b, " * 600_000 + "]", "it would grow", None, None, id="pairs"),
        pytest.param("[" + "{}," * 3_000_000 + "{}]", "it would grow", None, None, id="objects"),
        pytest.param("a" * (16 * KIB * KIB + 1), "larger than 16 MB", None, None, id="17 MB"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_reason_and_place(text, reason, line, column):
    finding = refusal(text)
    assert finding.message.startswith(UNPARSABLE)
    assert reason is None or reason in finding.message
    assert line is None or finding.line == line
    assert column is None or finding.column == column


def test_the_deepest_allowed_document_is_read():
    depth = 199
    reading = read_document('{"a":' * depth + "{}" + "}" * depth)
    assert reading.survey.depth == depth + 1


def test_an_alias_cycle_is_an_error_and_reads_as_null():
    reading = read_document("a: &a\n  b: *a\n")
    assert reading.document == {"a": {"b": None}}
    [finding] = reading.findings
    assert (finding.code, finding.line, finding.column) == ("schema.alias_cycle", 2, 6)


def test_an_alias_of_an_earlier_value_is_no_cycle():
    reading = read_document("a: &a\n  x: 1\nb: *a\nc: &c [1]\nd: [*c]\n")
    assert reading.document == {"a": {"x": 1}, "b": {"x": 1}, "c": [1], "d": [[1]]}
    assert reading.findings == ()


def test_tags_are_never_executed():
    reading = read_document('a: !!python/object/apply:os.system ["id"]\nb: !mine c')
    assert reading.document == {"a": ["id"], "b": "c"}


def test_json_with_a_trailing_comma_is_read_with_a_warning():
    reading = read_document('{"a": 1,\n}')
    assert reading.document == {"a": 1}
    assert codes(reading) == ["schema.json_not_strict"]


def test_broken_json_is_explained_as_json():
    assert refusal('{"a": 1 "b": 2, "c": x}').message.startswith(
        UNPARSABLE + "the member before this place does not end there"
    )


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        pytest.param('{"a": {"b": 1,\n "b": 2}}', 2, 2, id="json"),
        pytest.param('{"a" : {"b": 1, "b" : 2}}', 1, 17, id="json with spaces before colons"),
        pytest.param("a:\n  b: 1\n  c: 3\n  b: 2\n", 4, 3, id="yaml"),
        pytest.param("a: {b: 1, 'b': 2}", 1, 11, id="yaml flow"),
    ],
)
def test_a_repeated_key_is_an_error_where_it_stands_and_the_last_one_counts(text, line, column):
    reading = read_document(text)
    assert reading.document["a"]["b"] == 2
    [finding] = reading.findings
    assert finding.code == "schema.duplicate_key"
    assert (finding.pointer, finding.line, finding.column) == ("/a/b", line, column)


def test_text_that_looks_like_a_key_repeats_nothing():
    assert read_document('{"a": "\\"b\\": \\"b\\": ", "c": {"b": "x\\\\"}}').findings == ()


def test_keys_that_are_no_text_become_text_and_can_be_quoted():
    reading = read_document("responses:\n  200: ok\n  true: x\n  2020-01-01: y\n  1.5: z\n")
    assert reading.document == {
        "responses": {"200": "ok", "true": "x", "2020-01-01": "y", "1.5": "z"}
    }
    [finding] = reading.findings
    assert (finding.code, finding.pointer) == ("schema.key_not_text", "/responses/200")
    assert [edit.pointer for edit in finding.repair.edits] == [
        "/responses/200",
        "/responses/true",
        "/responses/1.5",
    ]


def test_the_first_key_that_is_no_text_is_shown():
    reading = read_document("a:\n  x: {1: b}\n  y: [{2: c}]\nd:\n  3: e\n")
    [finding] = reading.findings
    assert (finding.pointer, finding.repair.edits[-1].pointer) == ("/a/x/1", "/d/3")


def test_a_merge_key_copies_what_is_not_said_itself():
    reading = read_document("base: &base {a: 1, b: 2}\nsame:\n  <<: *base\n  b: 3\n")
    assert reading.document["same"] == {"a": 1, "b": 3}
    assert codes(reading) == ["schema.merge_key"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("a: .inf", None, id="infinity"),
        pytest.param("a: .nan", None, id="not a number"),
        pytest.param("a: 1e400", None, id="1e400"),
        pytest.param('{"a": 1e400}', None, id="1e400 in JSON"),
        pytest.param("a: 123456789012345678901234567890", 1.2345678901234568e29, id="huge"),
    ],
)
def test_numbers_that_json_lacks_are_replaced_with_a_warning(text, expected):
    reading = read_document(text)
    assert reading.document == {"a": expected}
    assert "schema.number_not_json" in codes(reading)


def test_sets_become_lists_with_a_warning():
    reading = read_document("a: !!set {x, y}")
    assert reading.document == {"a": ["x", "y"]}
    assert codes(reading) == ["schema.value_not_json"]
