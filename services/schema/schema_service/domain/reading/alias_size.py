"""How long a YAML text would be with its aliases written out, from its looks alone."""

import re
from dataclasses import dataclass

from schema_service.domain.position.yaml_flow import flow_end
from schema_service.domain.position.yaml_scalars import DOUBLE_QUOTED, SINGLE_QUOTED

_ANCHOR = re.compile(r"&(?<![^\s,\[{:-]&)([^\s,\[\]{}]+)[ \t]*")
_ALIAS = re.compile(r"\*(?<![^\s,\[{:-]\*)([^\s,\[\]{}]+)")
_QUOTED = re.compile(f"{DOUBLE_QUOTED}|{SINGLE_QUOTED}", re.DOTALL)
_DEEPER = re.compile(r"(?:\n[ \t\r]*(?=\n|$)|\n( *)(?=[^\s]))")
MAX_FLOWS = 1_000
"""Collections in brackets whose end is looked for; of the others only the end of the block."""


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
    for index, (anchor, mark) in enumerate(zip(anchors, found, strict=True)):
        anchor.end = _end(text, mark.end(), looked=index < MAX_FLOWS)
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


def inside_end(text: str, behind: int) -> int:
    """Up to where an alias would stand inside the very value that an anchor names.

    `behind` is just behind the anchor's name. Only collections can hold an alias.
    """
    start = behind + len(text[behind : behind + 80]) - len(text[behind : behind + 80].lstrip(" \t"))
    opening = text[start : start + 1]
    if opening in ("{", "["):
        return flow_end(text, start) or 0
    return _block_end(text, start) if opening in ("\n", "\r", "#") else 0


def _end(text: str, start: int, *, looked: bool) -> int:
    """Where the value behind an anchor ends, or later."""
    opening = text[start : start + 1]
    if opening in ('"', "'"):
        quoted = _QUOTED.match(text, start)
        if quoted:
            return quoted.end()
    if opening in ("{", "[") and looked:
        end = flow_end(text, start)
        if end is not None:
            return end
    return _block_end(text, start)


def _block_end(text: str, start: int) -> int:
    """Up to the first line below that is indented no deeper than the one at `start`."""
    line = text.rfind("\n", 0, start) + 1
    indent = len(text[line:start]) - len(text[line:start].lstrip(" "))
    end = text.find("\n", start)
    while end >= 0:
        following = _DEEPER.match(text, end)
        if not following or (following[1] is not None and len(following[1]) <= indent):
            return end
        end = text.find("\n", following.end())
    return len(text)
