"""Spaces of another kind in quotes are meant, whatever else is wrong with the text."""

import pytest

from schema_service.domain.examination import examine
from schema_service.domain.reading.read_document import read_document

TEXT = """{openapi: 3.1.0, info: {title: T, version: '1', description: DESC},
servers: [{url: https://api.acme.io}],
paths: {/a: {get: {operationId: listA, summary: s, responses: {'200': {description: ok}}}}}}
"""
SINGLE = "'Prix :\u00a0x, it''s,\u200b y'"
OUTSIDE = "outside the quotes"
SLIPS = [("summary: s", "summary: Liste: tout"), ("summary: s", "summary: 's"), ("}}}}}}", "}}}}")]


def test_y9_7_the_slip_is_named_and_not_a_space_in_single_quotes():
    for old, new in SLIPS:
        without, with_space = (
            read_document(TEXT.replace("DESC", each).replace(old, new))
            for each in ("'Prix : x, it''s, y'", SINGLE)
        )
        said = [(each.message, each.line) for each in with_space.findings]
        assert with_space.document is None
        assert said == [(each.message, each.line) for each in without.findings]
        assert OUTSIDE not in said[0][0]


@pytest.mark.parametrize("description", ['"\u00a0Prix net"', "'\u00a0Prix net'", "'\u200bPrix'"])
@pytest.mark.parametrize("summary", [SINGLE, "'s'", '"a,\u00a0b"'])
def test_y9_8_spaces_in_quotes_keep_nothing_from_being_read(description, summary):
    text = TEXT.replace("DESC", description).replace("summary: s", f"summary: {summary}")
    read = read_document(text)
    assert read.document is not None
    assert read.document["info"]["description"] == description[1:-1]
    assert examine(read).valid


@pytest.mark.parametrize("description", ['"\u00a0Prix net"', "'\u00a0Prix net'"])
def test_y9_8_what_stands_in_quotes_says_nothing_of_one_amid_other_text(description):
    text = TEXT.replace("DESC", description).replace("summary: s", "summary:\u00a0 s")
    said = [each.message for each in read_document(text).findings]
    plain = TEXT.replace("DESC", "d").replace("summary: s", "summary:\u00a0 s")
    assert said == [each.message for each in read_document(plain).findings]


def test_y9_8_one_without_quotes_is_still_named():
    text = TEXT.replace("DESC", "d").replace("summary: s,", "summary: s,\u00a0tags: [x],")
    [finding] = read_document(text).findings
    assert OUTSIDE in finding.message
    assert finding.line == 3
