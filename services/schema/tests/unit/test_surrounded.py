"""Documents in JSON amid something else: named with their lines, and taken out (nb3, nb13)."""

import json

import pytest

from schema_service.domain.examined import examine_text
from schema_service.domain.reading.read_document import read_document
from schema_service.domain.repairing.rounds import repair_all
from services.schema.tests.server_documents import text_of

TEXT = text_of([{"url": "https://api.foo.dev"}])
DOCUMENT = json.loads(TEXT)
YAML = 'openapi: 3.1.0\ninfo: {title: t, version: "1"}\npaths: {}\n'
LENIENT = TEXT.replace('"servers"', "servers")
LAST = len(TEXT.splitlines())
AMID = {
    "prose": (f"Here is the schema:\n{TEXT}", "before the document (line 1)"),
    "prose with a colon": (f"Sure: here it is.\n\n{TEXT}", "before the document (line 1)"),
    "an answer": (
        f"Sure!\nHere it is:\n\n{TEXT}\n\nHave fun: now.",
        f"before the document (lines 1 to 2) and behind the document (line {LAST + 5})",
    ),
    "behind": (f"{TEXT}\nLet me know\nif it works.", f"(lines {LAST + 1} to {LAST + 2})"),
    "a variable": (f"const spec = {TEXT};\n", "before the document (line 1)"),
    "a module": (f"module.exports = {TEXT};\n", "before the document (line 1)"),
    "python": (f"spec = {TEXT}\n", "before the document (line 1)"),
    "a word": (f"json\n{TEXT}", "before the document (line 1)"),
    "not quite JSON": (f"Here is the schema:\n{LENIENT}", "before the document (line 1)"),
    "sql comment": (f"-- My API\n{TEXT}", "before the document (line 1)"),
    "response": (
        f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{TEXT}",
        "before the document (lines 1 to 2)",
    ),
}


@pytest.mark.parametrize("comment", ["// My API, v2\n", "/* My: API\n {v2} */\n", "// a\n\n// b\n"])
def test_nb3_json_below_a_comment_is_read_with_the_comment_named(comment):
    reading = read_document(comment + TEXT)

    assert reading.document == DOCUMENT
    [finding] = reading.findings
    assert "a comment (line 1)" in finding.message
    assert json.loads(repair_all(comment + TEXT, [finding.repair]).text) == DOCUMENT


def test_nb3_json_with_another_slip_below_a_comment_is_mended_as_json():
    text = "// My API\n" + TEXT.replace('"a",', '"a"')
    [finding] = read_document(text).findings
    assert "no comma between two members" in finding.message
    assert json.loads(repair_all(text, [finding.repair]).text) == DOCUMENT


@pytest.mark.parametrize(("text", "said"), AMID.values(), ids=AMID)
def test_nb3_text_around_a_document_is_said_with_its_lines_and_left_out(text, said):
    reading = read_document(text)

    assert reading.document is None
    [finding] = reading.findings
    assert said in finding.message
    assert read_document(repair_all(text, [finding.repair]).text).document == DOCUMENT


@pytest.mark.parametrize(
    "text",
    [
        TEXT[:-1] + '}, "components": {"schemas": {}}}',
        f"{TEXT}\n{TEXT}",
        f"openapi: 3.1.0\ninfo: [\nexample: {TEXT}",
    ],
)
def test_nb3_nothing_that_a_document_may_be_is_left_out(text):
    titles = [each.repair.title for each in read_document(text).findings if each.repair]
    assert "Keep only the document" not in titles


def test_nb3_a_second_document_is_named_with_its_line():
    [finding] = read_document(f"{TEXT}\n{TEXT}").findings
    assert (finding.line, "a second object" in finding.message) == (LAST + 1, True)


@pytest.mark.parametrize("text", [TEXT, YAML])
def test_nb13_a_document_in_quotes_is_taken_out_of_them(text):
    [finding] = read_document(json.dumps(text)).findings
    assert "in quotes" in finding.message
    assert repair_all(json.dumps(text), [finding.repair]).text.strip() == text.strip()


@pytest.mark.parametrize("mark", ["", "openapi: 3.1.0\n"])
def test_nb13_a_merge_conflict_is_called_one(mark):
    text = f"{mark}<<<<<<< HEAD\ninfo: 1\n=======\ninfo: 2\n>>>>>>> other\n"
    [finding] = examine_text(text.encode(), source_url=None).findings.items()
    assert "merge conflict" in finding["message"]
    assert finding["line"] == 1 + bool(mark)
