"""Where things are between YAML's braces and brackets (YAML 1.2.2, 7.4), JSON's among them."""

import re
import sys
from collections.abc import Iterator

from schema_service.domain.position.members import Member, Spot
from schema_service.domain.position.yaml_scalars import (
    DOUBLE_QUOTED,
    SINGLE_QUOTED,
    SPACE,
    read_scalar,
)

_TOKEN = re.compile(
    r"(?P<space>\s+|(?<=\s)\#[^\n]*)|(?P<open>[\[{])|(?P<close>[\]}])|(?P<comma>,)"
    r"|(?P<colon>:(?=[\s,\[\]{}]|$)|(?<=[\"'\]}]):)"
    rf"|(?P<scalar>{DOUBLE_QUOTED}|{SINGLE_QUOTED}"
    r"|(?:[^\s,\[\]{}:#]|:(?=[^\s,\[\]{}])|(?<=\S)\#)"
    r"(?:[^,\[\]{}:#\n]++|:(?=[^\s,\[\]{}])|(?<=\S)\#)*+)",
    re.DOTALL | re.ASCII,
)
_GAP = re.compile(r"(?:\s+|(?<=\s)\#[^\n]*)*", re.ASCII)


def flow_members(text: str, start: int) -> Iterator[Member]:
    """The members of the flow collection whose opening bracket is at `start`."""
    keyed = text[start : start + 1] == "{"
    for first, colon, end in _entries(text, start):
        if not keyed:
            yield Member(None, first, first, Spot(first, -1, flow=True))
            continue
        # A plain key ends at its colon or comma, which alone mean nothing outside braces.
        key, key_end = read_scalar(text, first, end if colon is None else colon) or ("", first)
        if text[first] not in ("'", '"'):
            key = key.rstrip(SPACE)
            key_end = first + len(key)
        value = _skip_space(text, colon + 1) if colon is not None else key_end
        yield Member(key, first, key_end, Spot(value, -1, flow=True))


def _entries(text: str, start: int) -> Iterator[tuple[int, int | None, int]]:
    """Of each entry, its first character, its colon, and what ends it."""
    depth, first, colon = 0, None, None
    for token in _TOKEN.finditer(text, start):
        kind = token.lastgroup
        if kind == "space":
            continue
        depth += (kind == "open") - (kind == "close")
        if depth == 0 or (depth == 1 and kind == "comma"):
            if first is not None:
                yield first, colon, token.start()
            first, colon = None, None
            if depth == 0:
                return
        elif depth == 1 and kind == "colon" and colon is None and first is not None:
            colon = token.start()
        elif first is None and token.start() > start:
            first = token.start()


def _skip_space(text: str, offset: int) -> int:
    found = _GAP.match(text, offset)
    return found.end() if found else offset


def entry_end(text: str, start: int) -> int:
    """Just behind the last character of the entry that begins at `start`, within brackets."""
    depth, end = 0, start
    for token in _TOKEN.finditer(text, start):
        kind = token.lastgroup
        depth += (kind == "open") - (kind == "close")
        if depth < 0 or (depth == 0 and kind == "comma"):
            break
        if kind != "space":
            end = token.end()
    return start + len(text[start:end].rstrip(SPACE))


def flow_end(text: str, start: int, until: int = sys.maxsize) -> int | None:
    """Just behind the bracket that closes the one at `start`, if it stands before `until`."""
    depth = 0
    for token in _TOKEN.finditer(text, start, until):
        depth += (token.lastgroup == "open") - (token.lastgroup == "close")
        if depth == 0:
            return token.end()
    return None
