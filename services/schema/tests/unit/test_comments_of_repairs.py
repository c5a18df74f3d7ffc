"""Repairs that move or rewrite blocks keep the comments in them."""

import pytest

from schema_service.domain.examination import examine
from schema_service.domain.finding import Edit, Repair
from schema_service.domain.reading.read_document import read_document
from schema_service.domain.repairing.repair import repair

MOVED_PATH = """openapi: 3.1.0
info: {title: t, version: '1'}
servers: [{url: https://api.pets.dev}]
paths:
  /pets:
    get:
      operationId: listPets
      summary: s
      responses: {'200': {description: d}}
    /toys:  # toys of pets
      # only one method
      post:  # makes one
        operationId: addToy
        summary: |
          # no comment
          but a text
        responses:  # few
          # the best
          '200': {description: d}

          # the end
components: {}
"""


def edited(text, *edits):
    outcome = repair(text, [Repair("it", edits)])
    assert outcome.skipped == ()
    return outcome.text


def test_z9_4_a_path_that_moves_takes_its_comments_along():
    [error] = [e for e in examine(read_document(MOVED_PATH)).findings if e.severity == "error"]
    mended = repair(MOVED_PATH, [error.repair]).text
    assert (
        """  /toys:  # toys of pets
    # only one method
    post:  # makes one
      operationId: addToy
      summary: |
        # no comment
        but a text
      responses:  # few
        # the best
        '200': {description: d}

        # the end
"""
        in mended
    )
    assert mended.count("#") == MOVED_PATH.count("#")
    assert examine(read_document(mended)).valid


BLOCK = """a:
  # above
  one:  # first
    # within
    x: 1  # behind
    y: '#no'
  two:
    - p: 1  # of an item
      # and more
      q: 2
z: 0
"""


@pytest.mark.parametrize(
    ("edits", "expected"),
    [
        (
            (Edit("remove", "/a/one"), Edit("add", "/one", {"x": 1, "y": "#no"})),
            "one:  # first\n  # within\n  x: 1  # behind\n  y: '#no'\nz: 0\n",
        ),
        (
            (Edit("remove", "/a/one"), Edit("add", "/b", {"in": {"x": 1, "y": "#no"}})),
            "b:\n  in:  # first\n    # within\n    x: 1  # behind\n    y: '#no'\nz: 0\n",
        ),
        (
            (Edit("remove", "/a/two"), Edit("add", "/b", [{"p": 1, "q": 2}])),
            "b:\n  - p: 1  # of an item\n    # and more\n    q: 2\nz: 0\n",
        ),
        (
            (Edit("remove", "/a/two"), Edit("add", "/b", {"p": 1, "q": 2})),
            "b:\n  p: 1  # of an item\n  # and more\n  q: 2\nz: 0\n",
        ),
    ],
)
def test_z9_4_what_is_written_elsewhere_is_written_in_its_own_words(edits, expected):
    assert edited(BLOCK, *edits).endswith(expected)


def test_z9_4_comments_in_what_is_rewritten_stand_above_it():
    text = edited(BLOCK, Edit("replace", "/a/one", {"x": 1, "w": 2}))
    assert "  one:\n    # first\n    # within\n    # behind\n    x: 1\n    w: 2\n" in text


def test_z9_4_a_part_of_what_is_rewritten_keeps_its_place_for_its_comments():
    text = edited(BLOCK, Edit("replace", "/a", {"properties": {"x": 1, "y": "#no"}}))
    assert text.startswith(
        "a:\n  # above\n  # of an item\n  # and more\n  properties:  # first\n    # within\n"
    )


def test_z9_4_an_item_of_lines_is_rewritten_in_lines():
    text = edited(BLOCK, Edit("replace", "/a/two/0", {"p": 1, "q": 3}))
    assert "    - # of an item\n      # and more\n      p: 1\n      q: 3\n" in text


def test_z9_4_comments_in_what_is_only_removed_go_with_it():
    assert edited(BLOCK, Edit("remove", "/a/one")) == (
        "a:\n  # above\n  two:\n    - p: 1  # of an item\n      # and more\n      q: 2\nz: 0\n"
    )


def test_z9_4_what_reads_otherwise_at_its_new_place_is_written_anew():
    """An alias stands before its anchor there."""
    text = "b:\n  c: 1\na:\n  x: &x [1]\n  one:\n    # within\n    k: *x\n"
    moved = edited(text, Edit("remove", "/a/one"), Edit("add", "/b/one", {"k": [1]}))
    assert moved.startswith("b:\n  one:\n    k:\n      - 1\n  c: 1\n")
