"""Text behind a document in YAML: it is named, and made a comment."""

import pytest

from schema_service.domain.examination import examine
from schema_service.domain.reading.read_document import read_document
from schema_service.domain.repairing.rounds import repair_all

TEXT = """openapi: 3.1.0
info: {title: t, version: "1"}
servers: [{url: https://api.foo.dev}]
paths:
  /items:
    get:
      operationId: listItems
      summary: s
      responses:
        "200": {description: ok}
"""
WHOLE = read_document(TEXT.encode()).document


def findings(text):
    return examine(read_document(text.encode())).findings


def mended(text):
    return repair_all(text, [each.repair for each in findings(text) if each.repair]).text


@pytest.mark.parametrize(
    "behind",
    [
        "Note that you must set the API key.",
        "Let me know if you need anything else!",
        "Note that you must set the key.\n\nLet me know if you need more.",
        "```",
        "```\nLet me know if you need more.",
    ],
)
@pytest.mark.parametrize("gap", ["", "\n", "\n\n"])
@pytest.mark.parametrize("end", ["", "\n"])
def test_text_behind_a_document_is_named_and_made_a_comment(behind, gap, end):
    text = f"{TEXT}{gap}{behind}{end}"
    (found,) = findings(text)
    assert found.line == text[: text.index(behind)].count("\n") + 1
    assert "behind the document" in found.message
    assert read_document(mended(text).encode()).document == WHOLE
    assert "".join(mended(text).split()).count("need") == behind.count("need")


def test_a_sentence_with_a_colon_is_no_slip_in_a_name():
    (found,) = findings(f"{TEXT}Note: you must set the API key.\n")
    assert found.code == "schema.member_unknown"
    assert "if that was meant" not in found.hint


def test_a_document_that_is_cut_off_is_still_said_to_be():
    (found,) = findings(TEXT.replace('"200": {description: ok}\n', "desc"))
    assert "behind the document" not in found.message
