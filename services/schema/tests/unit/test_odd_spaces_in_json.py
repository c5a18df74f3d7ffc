"""Spaces in JSON that are none, as web pages and chats write them: named, and replaced first."""

import json

import pytest

from schema_service.domain.examination import examine
from schema_service.domain.reading.read_document import read_document
from schema_service.domain.reading.reading import Syntax
from schema_service.domain.repairing.rounds import repair_all

OPERATION = {"operationId": "a", "summary": "s", "responses": {"200": {"description": "a\u00a0b"}}}
WHOLE = {
    "openapi": "3.1.0",
    "info": {"title": "t", "version": "1"},
    "servers": [{"url": "https://api.foo.dev"}],
    "paths": {"/a": {"get": OPERATION}},
}
TEXT = json.dumps(WHOLE, indent=2, ensure_ascii=False)
SPACES = ("\u00a0", "\u202f", "\u3000", "\u2003", "\u2028", "\x0b", "\u00a0 \u00a0")
HIDDEN = ("\u200b", "\u2060", "\ufeff", "\u00ad")


def mended(text):
    found = examine(read_document(text.encode())).findings
    return repair_all(text, [each.repair for each in found if each.repair]).text


@pytest.mark.parametrize("odd", [*SPACES, *HIDDEN])
@pytest.mark.parametrize("before", ['"info"', '"get"', '"operationId"', "}", "{"])
def test_an_odd_space_is_named_and_replaced(odd, before):
    text = "\n" + TEXT.replace(before, f"{odd}{before}", 1)  # no byte order mark
    reading = read_document(text.encode())
    assert reading.document == WHOLE
    (finding,) = reading.findings
    assert finding.code == "schema.json_not_strict"
    assert ("space of another kind" in finding.message) == (odd in SPACES)
    assert ("a character that nobody sees" in finding.message) == (odd in HIDDEN)
    assert json.loads(mended(text)) == WHOLE


def test_every_line_may_be_indented_with_them():
    text = "\n".join(each.replace("  ", "\u00a0 ") for each in TEXT.split("\n"))
    assert read_document(text.encode()).document == WHOLE
    assert json.loads(mended(text)) == WHOLE
    assert json.loads(mended(f"\u00a0\n{text}")) == WHOLE


def test_ten_thousand_lines_of_them_are_read_as_json():
    members = {f"k{at}": at for at in range(10_000)}
    text = json.dumps(members, indent=1).replace(" ", "\u00a0")
    assert read_document(text.encode()).document == members


@pytest.mark.parametrize("wrong", ['"x" "y": 1,', '"x": yes no,', ": 5,"])
def test_what_cannot_be_mended_besides_is_not_read_as_yaml(wrong):
    text = TEXT.replace('"info"', f'{wrong}\n\u00a0"info"')
    reading = read_document(text.encode())
    assert reading.syntax is not Syntax.YAML or reading.document is None
    said = " ".join(each.message for each in reading.findings)
    assert "no-break space" in said
    assert [each.repair for each in reading.findings if each.repair] == []


def test_texts_of_yaml_in_braces_keep_their_spaces():
    text = "{openapi: 3.1.0, info: {title: a\u00a0b & c, version: '1'}, paths: {}}"
    assert read_document(text.encode()).document["info"]["title"] == "a\u00a0b & c"
