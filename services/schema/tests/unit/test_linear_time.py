"""Hostile texts are gone through once, or as often as a limit says: what is counted is work."""

import pytest

from schema_service.domain.finding import Edit
from schema_service.domain.position.lines import BLOCK, Lines, place_of
from schema_service.domain.position.locator import Locator
from schema_service.domain.reading import flow_texts as of_flows
from schema_service.domain.reading.alias_size import MAX_LOOKED, block_ends, inside_ends
from schema_service.domain.reading.flow_texts import flow_proposals, flow_texts
from schema_service.domain.reading.json_slips import odd_space
from schema_service.domain.reading.oddities import custom_tags
from schema_service.domain.reading.read_document import read_document
from schema_service.domain.reading.yaml_levels import places
from schema_service.domain.repairing.json_edits import JsonEdits
from schema_service.domain.repairing.yaml_edits import YamlEdits


class Counted(str):
    """A text that counts the characters that are asked for: slices and single ones."""

    __slots__ = ("characters",)

    def __new__(cls, text):
        made = super().__new__(cls, text)
        made.characters = 0
        return made

    def __getitem__(self, key):
        found = super().__getitem__(key)
        self.characters += len(found)
        return found


class CountedLists(Locator):
    """Counts how often members are listed."""

    lists = 0

    def members_of(self, pointer):
        self.lists += 1
        return super().members_of(pointer)


@pytest.mark.parametrize("end", ["", "\\", "\\\\", "x"])
def test_v9_2_json_with_an_unclosed_text_of_many_quotes_is_looked_through_once_for_spaces(end):
    """In the square of their number these would take minutes."""
    assert odd_space('{"a": "' + '\\"' * 500_000 + end) is None


def test_v9_2_a_space_of_another_kind_is_found_behind_a_closed_text():
    assert odd_space('{"a\\"": "b",\u00a0"c": "d') == 12


def test_v9_2_many_braces_in_a_line_without_a_comma_are_looked_through_once():
    head = "openapi: 3.1.0\ninfo:\n  title: t\n  version: '1'\npaths: {}\n"
    reading = read_document(f"{head}x: {'={{' * 300_000}\n")
    assert flow_texts(reading) == []


def test_v9_2_many_tags_that_nothing_closes_are_looked_through_once():
    text = "a: '" + " !<" * 300_000 + "'\n"
    assert custom_tags(text, None, lambda _: None) == []


def test_v9_2_members_in_brackets_within_one_another_are_read_again_for_few_levels():
    """Each level would read all that is in it."""
    depth = 500
    line = Counted("x: {y: {" + "title: [a," * depth + "]" * depth + "}")
    assert [*flow_proposals([line], 0)] == []
    assert line.characters < 10 * of_flows.MAX_NESTED * len(line)


def test_v9_2_a_text_behind_others_in_brackets_is_still_found():
    line = "x: {" + "title: [a, {b: c}], " * 30 + "description: At most 5, or 6}"
    [proposal] = flow_proposals([line], 0)
    assert "'At most 5, or 6'" in proposal.lines[0] or '"At most 5, or 6"' in proposal.lines[0]


def test_v9_2_where_the_blocks_of_anchors_end_is_found_in_one_pass_over_the_lines():
    """Each anchor in the line would go through all lines below it."""
    text = f"x: [{'&a x, ' * 20_000}\n" + "  y,\n" * 100_000 + "]\n"
    starts = list(range(5, 120_000, 6))
    assert {*block_ends(text, starts)} == {text.rindex("\n]")}


def test_v9_2_blocks_end_where_a_line_is_no_deeper():
    text = "a: &a\n  b: &b\n    c: 1\n\n  d: &d\n\te\nf: 1\n"
    ends = inside_ends(text, [5, 13, text.index("&d") + 2])
    assert [text[:end].count("\n") for end in ends.values()] == [4, 3, 4]


def test_v9_2_ends_of_brackets_are_looked_for_in_a_few_lengths_of_the_text():
    """They stand in a text in quotes, where nothing closes them."""
    text = "x: '" + "&a [ , *a " * 5_000 + "'\n"
    behind = [at + 2 for at in range(4, 4 + 50_000, 10)]
    ends = inside_ends(text, behind)
    assert not any(ends.values())
    assert len(ends) == len(behind) > MAX_LOOKED


def test_v9_2_a_place_is_found_with_one_block_of_the_text():
    text = "".join(f"{'x' * (at % 97)}\n" for at in range(400)) + "y" * 3 * BLOCK + "\nz"
    lines = Lines(text)
    places_of_all = [lines.place_of(at) for at in range(len(text) + 1)]
    assert places_of_all == [place_of(text, at) for at in range(len(text) + 1)]


@pytest.mark.parametrize(
    ("kind", "begins", "ends"),
    [(JsonEdits, '{"x": {', "}}"), (YamlEdits, "x: {", "}\n"), (YamlEdits, "x:\n", "")],
)
def test_v9_2_members_are_listed_once_for_all_edits_of_one_object(kind, begins, ends):
    is_block = begins.endswith("\n")
    members = [f"  a{n}: 1\n" if is_block else f'"a{n}": 1, ' for n in range(300)]
    reading = read_document(begins + "".join(members).removesuffix(", ") + ends)
    locator = CountedLists(reading.text, reading.locator._syntax, reading.document)
    reading.__dict__["locator"] = locator
    removed = [f"/x/a{n}" for n in range(0, 300, 2)]
    editor = kind(reading, removed)
    edits = [Edit("remove", each) for each in removed]
    edits += [Edit("add", f"/x/b{n}", "1") for n in range(100)]
    assert all(editor.splice(each) is not None for each in edits)
    assert locator.lists <= 1


def test_v9_2_lines_without_anything_have_no_places():
    assert places(["\n", "# c\n"]) == {}
