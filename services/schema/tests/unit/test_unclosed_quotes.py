"""Quotes that nothing closes, and many of them: each character is gone through once.

The texts are so long that reading or moving them takes more than a test may where the time is
quadratic.
"""

import pytest

from schema_service.domain.position.yaml_flow import entry_end
from schema_service.domain.reading.read_document import read_document
from schema_service.domain.reading.slash_comments import slash_proposals
from schema_service.domain.reading.yaml_brackets import bracket_proposals
from schema_service.domain.reading.yaml_line import line_of

MANY = 60_000
ESCAPED = '\\"' * MANY
DOUBLED = "''b" * MANY


@pytest.mark.parametrize(
    "value", [f'"// {ESCAPED}', f'["// {ESCAPED}', f"'a // {DOUBLED}", f"['a // {DOUBLED}"]
)
def test_v9_1_an_unclosed_text_with_many_quotes_is_looked_through_once_for_comments(value):
    assert [*slash_proposals([f"title: {value}\n"], 0)] == []


@pytest.mark.parametrize("value", [f'["// {ESCAPED}', f'{{a:"// {ESCAPED}', f"['// {DOUBLED}"])
def test_v9_1_an_unclosed_text_in_brackets_is_looked_through_once(value):
    line = f"title: {value}\n"
    (last, *_) = reversed([*bracket_proposals([line], 0, line_of(line))])
    assert {*last.lines} == {0}


@pytest.mark.parametrize("begins", ['"', '["', '{a: "'])
def test_v9_1_a_document_with_such_a_text_is_read(begins):
    text = f"openapi: 3.1.0\ninfo:\n  title: {begins}// {ESCAPED}\n// c\n  version: '1'\n"
    assert read_document(text.encode()).findings


@pytest.mark.parametrize(
    ("line", "read"),
    [
        ('title: "a" // b', 'title: "a" # b'),
        ("title: 'it''s' // b", "title: 'it''s' # b"),
        ('tags: ["a", it\'s, \'b\'] // c "d"', 'tags: ["a", it\'s, \'b\'] # c "d"'),
        ('tags: ["a // b", "c"] // d', 'tags: ["a // b", "c"] # d'),
        ('tags: {a: "\\" // b"} // c', 'tags: {a: "\\" // b"} # c'),
    ],
)
def test_v9_1_comments_behind_texts_in_quotes_are_found(line, read):
    (proposal,) = slash_proposals([line], 0)
    assert proposal.lines == {0: read}


def test_v9_2_where_an_entry_of_very_many_words_ends_is_found_in_one_pass():
    entry = f"{{l: [{'a, ' * 1_000_000}]}} "
    assert entry_end(f"[{entry}, b]", 1) == 1 + len(entry.rstrip())
