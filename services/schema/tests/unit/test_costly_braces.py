"""Texts in braces that would cost the square of their length: each would take minutes,
and the test's own time limit would end it.
"""

from schema_service.domain.reading.flow_texts import MAX_CANDIDATES
from schema_service.domain.reading.read_document import read_document

HEAD = "openapi: 3.1.0\ninfo: {title: T, version: '1'}\npaths: {}\n"
CUT = "x-b: {description: one, two three}\n"


def codes(text):
    return [each.code for each in read_document(HEAD + text).findings]


def test_a_text_with_very_many_commas_is_gone_through_once():
    parts = ", ".join(f"b c{number}" for number in range(200_000))
    assert codes(f"x-a: {{description: {parts}}}\n") == ["schema.text_cut_at_comma"]


def test_what_stands_in_quotes_is_told_from_its_first_character():
    quoted = "  - {description: 'a', b c: }\n" * (MAX_CANDIDATES - 1)
    assert codes(f"{CUT}x-a:\n{quoted}") == ["schema.text_cut_at_comma"]


def test_beyond_very_many_candidates_looking_ends():
    quoted = "  - {description: 'a', b c: }\n" * (MAX_CANDIDATES + 1)
    assert codes(f"x-a:\n{quoted}") == []
    many = f"{CUT}x-a:\n{quoted}{CUT.replace('x-b', 'x-c')}"
    assert codes(many) == ["schema.text_cut_at_comma"]
