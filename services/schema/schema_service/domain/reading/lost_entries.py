"""Paths and operations that a text seems to have, and what was read from it does not."""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from schema_service.domain.reading.yaml_line import is_blank, line_of, width

_METHODS = frozenset({"get", "put", "post", "delete", "options", "head", "patch", "trace"})
_PATH = re.compile(r"/[^\s\"':]*")
_BLOCK = re.compile(r"[|>][-+0-9]*")
Entry = tuple[str, str]
"""A path and a method, which is empty for the path itself."""


def lost_entries(looking_alike: set[Entry], root: Any) -> bool:
    """Whether some of what lines look like is nowhere in the tree."""
    return not looking_alike <= _held(root)


def looking_alike(lines: list[str]) -> set[Entry]:
    """What looks like a path, or like an operation of one."""
    entries = [*_entries(lines)]
    below = {indent for (key, _), (_, indent) in pairwise(entries) if key.startswith("/")}
    often = Counter(key for key, _ in entries)
    """The columns of operations: those that the first line below some path has."""
    found: set[Entry] = set()
    path = ""
    for key, indent in entries:
        if key.startswith("/"):
            path = key if often[key] == 1 else ""  # of two equal keys only the last one is read
            found.add((key, ""))
        elif path and key.lower() in _METHODS and indent in below:
            found.add((path, key.lower()))
    return found


def _entries(lines: list[str]) -> Iterator[tuple[str, int]]:
    """Lines with a key, outside texts behind | or >: key and column.

    A path counts where nothing stands behind it.
    """
    text_of: int | None = None
    for text in (line.expandtabs(2) for line in lines if not is_blank(line)):
        indent = width(text)
        if text_of is not None and indent > text_of:
            continue
        text_of = None
        line = line_of(text)
        if line.key is None:
            continue
        if _BLOCK.fullmatch(line.value):
            text_of = indent
        key = line.key.strip("\"'")
        if not key.startswith("/") or (_PATH.fullmatch(key) and not line.value):
            yield key, indent


def _held(root: Any) -> set[Entry]:
    """All that the tree has, wherever it stands."""
    found: set[Entry] = set()
    stack = [root]
    while stack:
        node = stack.pop()
        if isinstance(node, list):
            stack += node
        elif isinstance(node, dict):
            for key, value in node.items():
                if isinstance(key, str) and key.startswith("/"):
                    found.add((key, ""))
                    members = value if isinstance(value, dict) else {}
                    found |= {(key, str(each).lower()) for each in members}
                stack.append(value)
    return found
