"""YAML in braces whose texts hold no-break spaces, as French ones do before a colon."""

import pytest

from schema_service.domain.examination import examine
from schema_service.domain.reading.read_document import read_document
from schema_service.domain.reading.reading import Syntax

TEXT = """{openapi: 3.1.0, info: {title: T, version: '1', description: TEXT},
servers: [{url: "https://api.acme.io"}],
paths: {/a: {get: {operationId: a, responses: {'200': {description: ok}}}}}}
"""


@pytest.mark.parametrize("odd", ["\u00a0", "\u202f", "\u3000", "\u200b"])
@pytest.mark.parametrize(
    "text", ["'Prix :{}cher'", "Prix :{}cher", "'Prix,{}cher'", "'a {{{}b'", "'a\n {}b'"]
)
def test_a_text_may_hold_them_behind_a_mark(odd, text):
    reading = read_document(TEXT.replace("TEXT", text.format(odd)))
    assert reading.syntax is Syntax.YAML
    assert odd in reading.document["info"]["description"]
    assert examine(reading).valid


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("paths:", "\u00a0paths:"),
        ("paths:", '\u00a0"paths":'),
        ("title: T", 'title: "T",\u00a0x: y'),
        ("title: T", "title:\u00a0T"),
        ("title: T", "title: \u00a0T"),
        ("{'200'", "{\u00a0'200'"),
        ("[{url", "[\u00a0{url"),
    ],
)
def test_what_becomes_part_of_a_name_or_begins_a_text_is_not_read(before, after):
    reading = read_document(TEXT.replace("TEXT", "d").replace(before, after))
    assert reading.document is None
