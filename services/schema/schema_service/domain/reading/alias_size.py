"""How long a YAML text would be with its aliases written out, from its looks alone."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from schema_service.domain.position.yaml_flow import flow_end
from schema_service.domain.position.yaml_scalars import DOUBLE_QUOTED, SINGLE_QUOTED

_ANCHOR = re.compile(r"&(?<![^\s,\[{:-]&)([^\s,\[\]{}]+)[ \t]*")
_ALIAS = re.compile(r"\*(?<![^\s,\[{:-]\*)([^\s,\[\]{}]+)")
_QUOTED = re.compile(f"{DOUBLE_QUOTED}|{SINGLE_QUOTED}", re.DOTALL)
_LINE = re.compile(r"( *)([^\n]*)(?:\n|\Z)")
_OPENING = ("{", "[")
MAX_LOOKED = 8


@dataclass(slots=True)
class _Anchor:
    name: str
    start: int
    end: int
    before: int = 0
    """What the aliases before it repeat."""
    size: int | None = None

    def size_at(self, at: int, total: int) -> int:
        """With its aliases written out; until its end is reached, as if it were there."""
        return at - self.start + total - self.before if self.size is None else self.size


def repeated_characters(text: str, enough: int) -> int:
    """At least as many characters as all aliases repeat; 0 where they cannot be `enough`."""
    if "*" not in text or "&" not in text:
        return 0
    found = list(_ANCHOR.finditer(text))
    aliases = list(_ALIAS.finditer(text)) if found else []
    if len(aliases) * len(text) <= enough:
        return 0
    anchors = [_Anchor(mark[1], mark.start(), 0) for mark in found]
    for anchor, end in zip(anchors, _ends(text, [mark.end() for mark in found]), strict=True):
        anchor.end = end
    return _swept(anchors, aliases, enough)


def _swept(anchors: list[_Anchor], aliases: list[re.Match[str]], enough: int) -> int:
    """In the order of the text: an alias repeats what the last anchor of its name holds."""
    events = [(anchor.start, 1, anchor) for anchor in anchors]
    events += [(anchor.end, 0, anchor) for anchor in anchors]
    marks = [(alias.start(), 2, alias[1]) for alias in aliases]
    latest: dict[str, _Anchor] = {}
    total = 0
    for at, kind, what in sorted([*events, *marks], key=lambda event: event[:2]):
        if isinstance(what, str):
            named = latest.get(what)
            if named is not None:
                total += named.size_at(at, total)
            if total > enough:
                break
        elif kind:
            what.before = total
            latest[what.name] = what
        else:
            what.size = what.size_at(at, total)
    return total


def inside_ends(text: str, behind: Sequence[int]) -> dict[int, int]:
    """Up to where an alias would stand inside the very value that an anchor names.

    `behind` are the offsets just behind the anchors' names, in their order. Only collections can
    hold an alias.
    """
    flows, ends = _Flows(text), {}
    in_blocks: list[int] = []
    for each in behind:
        start = each + len(text[each : each + 80]) - len(text[each : each + 80].lstrip(" \t"))
        opening = text[start : start + 1]
        if opening in ("{", "["):
            ends[each] = flows.end(start) or 0
        elif opening in ("\n", "\r", "#"):
            in_blocks.append(each)
    return ends | dict(zip(in_blocks, block_ends(text, in_blocks), strict=True))


@dataclass(slots=True)
class _Flows:
    """Looks for the ends of collections in brackets, through `MAX_LOOKED` times the text in all:
    each may be looked through to the end of the text, as where it stands in a text in quotes.
    """

    text: str
    room: int = field(init=False)

    def __post_init__(self) -> None:
        self.room = MAX_LOOKED * len(self.text)

    def end(self, start: int) -> int | None:
        """None where nothing closes it, or none is looked for any more."""
        if self.room <= 0:
            return None
        end = flow_end(self.text, start, start + self.room)
        self.room -= (len(self.text) if end is None else end) - start
        return end


def _ends(text: str, starts: Sequence[int]) -> list[int]:
    """Where the values behind anchors end, or later."""
    flows, blocks = _Flows(text), block_ends(text, starts)
    return [
        _quoted_end(text, start)
        or (flows.end(start) if text[start : start + 1] in _OPENING else 0)
        or block
        for start, block in zip(starts, blocks, strict=True)
    ]


def _quoted_end(text: str, start: int) -> int | None:
    quoted = _QUOTED.match(text, start)
    return quoted.end() if quoted else None


def block_ends(text: str, starts: Sequence[int]) -> list[int]:
    """Of each of the offsets, which are in order: up to the first line below that is indented no
    deeper than its own. Each line is looked at once.
    """
    ends = [len(text)] * len(starts)
    around: list[tuple[int, int]] = []
    at = 0
    for line in _LINE.finditer(text, text.rfind("\n", 0, starts[0]) + 1 if starts else len(text)):
        depth = _depth(line)
        while around and depth is not None and around[-1][0] >= depth:
            ends[around.pop()[1]] = line.start() - 1
        while at < len(starts) and starts[at] <= line.end():
            around.append((len(line[1]), at))
            at += 1
    return ends


def _depth(line: re.Match[str]) -> int | None:
    """How deep a line is indented; None where it is blank, -1 where more than spaces do it."""
    if not line[2].strip(" \t\r"):
        return None
    return -1 if line[2][0].isspace() else len(line[1])
