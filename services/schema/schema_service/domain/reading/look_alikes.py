"""Characters that only look like those of YAML, as web pages, chats and word processors write them.

They are looked for where YAML's own would stand: around keys and whole values, behind keys, before
items. Inside texts, in blocks behind | and >, and in lines that a text goes on in, they are meant.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice

from schema_service.domain.position.splices import Splice, spliced

MAX_SPOTS = 5_000
"""Then looking ends: one repair writes no more of them."""


class LookAlike(StrEnum):
    """As a sentence names it."""

    QUOTES = "typographic quotes (\u201c \u201d \u2018 \u2019 instead of \" ')"
    COLON = "a colon or comma of another script (\uff1a instead of :)"
    DASH = "a dash or bullet (\u2013 \u2014 \u2022 instead of -)"
    SPACE = "a space of another kind, such as a no-break space"
    HIDDEN = "a character that nobody sees"
    LEFT_OUT = "an ellipsis where something was left out"


_SPACES = "\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
HIDDEN = "\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff"
_DASHES = "\u2010-\u2015\u2212\ufe58\ufe63\uff0d\u2022\u2023\u25aa\u25cf\u25e6\u00b7*"
_COLONS = "\uff1a\ufe30\ufe55\u2236\ua789"
_COMMA = "\uff0c"
_DOUBLE = "\u201c\u201d\u201e\u201f\u2033\uff02"
_SINGLE = "\u2018\u2019\u201a\u201b\u2032\uff07"
_GAP = f"[ \\t{_SPACES}{HIDDEN}]"
_CHARACTERS = f"{_SPACES}{HIDDEN}{_DASHES[:-1]}{_COLONS}{_COMMA}{_DOUBLE}{_SINGLE}\u2026\u22ee"
_ODD = re.compile(rf"[{_CHARACTERS}]|\* |\.{{3}}[ \t\r]*$", re.MULTILINE)
"""Each alternative begins with what is searched for, which makes it fast."""
_ASCII = bytes(range(128))
_ENTRY = re.compile(
    rf"(?P<indent>{_GAP}*)(?P<dashes>(?:[-{_DASHES}]{_GAP}+)*)"
    rf"(?:(?P<key>\"[^\"\n]*\"|'[^'\n]*'|[{_DOUBLE}{_SINGLE}][^{_DOUBLE}{_SINGLE}\"\\\n]+"
    rf"[{_DOUBLE}{_SINGLE}]|[{HIDDEN}]?[\w$/][\w$./{{}}{HIDDEN}-]*?)"
    rf"(?P<colon>{_GAP}{{0,20}}(?::(?:{_GAP}+|(?=\r?$))|[{_COLONS}](?!//){_GAP}*)))?"
    r"(?P<value>[^\r\n]*)"
)
_BLOCK = re.compile(r"[|>][-+0-9]*")
_IN_BRACKETS = re.compile(
    rf"(?<=[\[{{,: {_COLONS}{_COMMA}])[{_DOUBLE}]([^{_DOUBLE}\"\\]*)[{_DOUBLE}]"
    rf"(?=[\]}},: {_COLONS}{_COMMA}]|$)"
)
_FLOW_MARK = re.compile(
    rf"(?<=[\w\"'{_DOUBLE}])(?:[{_COLONS}](?!//)|{_COMMA}(?=\s*[\"{_DOUBLE}]?[\w$/-]+[\"{_DOUBLE}]?"
    rf"\s*[:{_COLONS}]))\s*"
)
_STRAIGHT = re.compile(r"\"[^\"]*\"|'[^']*'")
_COMMENT = re.compile(r"(?:^|[ \t])#")
_LEFT_OUT = frozenset({"\u2026", "...", "\u22ee", "[...]", "[\u2026]"})
_KINDS = (
    (re.compile(f"[{_COLONS}]"), LookAlike.COLON),
    (re.compile(f"[{_DASHES}]"), LookAlike.DASH),
    (re.compile(f"[{_SPACES}]"), LookAlike.SPACE),
    (re.compile(f"[{HIDDEN}]"), LookAlike.HIDDEN),
)
_BLANKS = "".join(
    chr(code) for code in (9, *range(0x20, 0x3001), 0xFEFF) if re.fullmatch(_GAP, chr(code))
)
_SPACE, _UNSEEN = re.compile(f"[{_SPACES}]"), re.compile(f"[{HIDDEN}]")
_DASH = re.compile(f"[{_DASHES}]")


@dataclass(frozen=True, slots=True)
class Spot:
    """What was meant in a line; its number and the splice's columns count from zero."""

    line: int
    kind: LookAlike
    splice: Splice


@dataclass(slots=True)
class _Place:
    """How deep the last entry stands, and what may follow below it."""

    column: int = -1
    is_open: bool = True
    """Whether members or items may follow deeper; else a text goes on there."""
    block: int | None = None
    """Lines deeper than this are a text, behind | or >."""

    def is_text(self, width: int) -> bool:
        if self.block is not None and width > self.block:
            return True
        self.block = None
        return width > self.column and not self.is_open


def may_have_look_alikes(text: str) -> bool:
    """Whether any line by itself would hold one: most texts have such characters in prose alone."""
    others = "" if text.isascii() else text.encode().translate(None, _ASCII).decode()
    return any(_is_in_a_line(text, mark) for mark in ("...", "* ", *{*_ODD.findall(others)}))


def _is_in_a_line(text: str, mark: str) -> bool:
    at = text.find(mark)
    while at >= 0:
        start, end = text.rfind("\n", 0, at) + 1, text.find("\n", at)
        line = text[start : end if end >= 0 else len(text)]
        entry = _ENTRY.match(line)
        if line.strip() in _LEFT_OUT or (entry and any(_in_entry(0, entry))):
            return True
        at = text.find(mark, end) if end >= 0 else -1
    return False


def look_alikes(lines: list[str]) -> list[Spot]:
    """In the order of the text."""
    found: list[Spot] = []
    place = _Place()
    last = max((index for index, line in enumerate(lines) if line.strip()), default=0)
    for index, line in enumerate(lines):
        bare = line.strip()
        if not bare or bare.startswith("#"):
            continue
        entry = _ENTRY.match(line)
        if entry is None or place.is_text(_width(entry["indent"])):
            continue
        if bare in _LEFT_OUT:
            if index < last:
                at = entry.end("indent")
                found.append(Spot(index, LookAlike.LEFT_OUT, Splice(at, at, "# ")))
            continue
        _go_on(place, entry)
        if _ODD.search(line):
            found += islice(_in_entry(index, entry), MAX_SPOTS)
        if len(found) >= MAX_SPOTS:
            break
    return found


def mended(lines: list[str], spots: list[Spot]) -> dict[int, str]:
    """Those lines as they were meant."""
    splices: dict[int, list[Splice]] = {}
    for spot in spots:
        splices.setdefault(spot.line, []).append(spot.splice)
    return {index: spliced(lines[index], each) for index, each in splices.items()}


def hint(spots: list[Spot]) -> str:
    if all(spot.kind is LookAlike.LEFT_OUT for spot in spots):
        return "Put back what was left out; a repair makes a comment of the line."
    return "Write them as YAML has them; what is copied as plain text has none."


def sentence(spots: list[Spot]) -> str:
    """What there is, each kind with its first line and how many lines have it."""
    lines: dict[LookAlike, dict[int, None]] = {}
    for spot in spots:
        lines.setdefault(spot.kind, {})[spot.line] = None
    return " and ".join(f"{kind} ({_where([*each])})" for kind, each in lines.items())


def _where(lines: list[int]) -> str:
    more = f" and {len(lines) - 1} more" if len(lines) > 1 else ""
    return f"line {lines[0] + 1}{more}"


def _width(indent: str) -> int:
    return len(_UNSEEN.sub("", indent))


def _go_on(place: _Place, entry: re.Match[str]) -> None:
    value = _without_comment(entry["value"])
    indent = _width(entry["indent"])
    has_key = entry["key"] is not None
    place.column = indent + len(_UNSEEN.sub("", entry["dashes"])) if has_key else indent
    place.is_open = not value or value[0] in "&!"
    place.block = place.column if _BLOCK.fullmatch(value) else None


def _in_entry(index: int, entry: re.Match[str]) -> Iterator[Spot]:
    for group in ("indent", "dashes"):
        for kind, pattern, meant in (
            (LookAlike.DASH, _DASH, "-"),
            (LookAlike.SPACE, _SPACE, " "),
            (LookAlike.HIDDEN, _UNSEEN, ""),
        ):
            for odd in pattern.finditer(entry[group]):
                at = entry.start(group) + odd.start()
                yield Spot(index, kind, Splice(at, at + 1, meant))
    if entry["key"] is not None:
        yield from _in_key(index, entry)
    if entry["key"] is not None or entry["dashes"]:
        yield from _in_value(index, entry)


def _without_comment(value: str) -> str:
    comment = _COMMENT.search(value)
    return (value[: comment.start()] if comment else value).rstrip(" \t")


def _in_key(index: int, entry: re.Match[str]) -> Iterator[Spot]:
    key, start = entry["key"], entry.start("key")
    yield from _quotes(index, key, start)
    if key[0] not in "\"'":
        for odd in _UNSEEN.finditer(key):
            at = start + odd.start()
            yield Spot(index, LookAlike.HIDDEN, Splice(at, at + 1, ""))
    colon = entry["colon"]
    kind = next((kind for pattern, kind in _KINDS if pattern.search(colon)), None)
    if kind is not None:
        meant = ": " if entry["value"] else ":"
        yield Spot(index, kind, Splice(entry.start("colon"), entry.end("colon"), meant))


def _in_value(index: int, entry: re.Match[str]) -> Iterator[Spot]:
    value, start = entry["value"], entry.start("value")
    bare = value.rstrip(_BLANKS)
    tail = value[len(bare) :]
    if tail.strip(" \t"):
        kind = LookAlike.SPACE if _SPACE.search(tail) else LookAlike.HIDDEN
        yield Spot(index, kind, Splice(start + len(bare), start + len(value), ""))
        value = bare
    value = _without_comment(value)
    if value[:1] in ("[", "{"):
        yield from _in_brackets(index, value, start)
    else:
        yield from _quotes(index, value, start)


def _in_brackets(index: int, value: str, start: int) -> Iterator[Spot]:
    for pair in _IN_BRACKETS.finditer(value):
        for at in (start + pair.start(), start + pair.end() - 1):
            yield Spot(index, LookAlike.QUOTES, Splice(at, at + 1, '"'))
    within = _STRAIGHT.sub(lambda text: '"' + "x" * (len(text[0]) - 2) + '"', value)
    for mark in _FLOW_MARK.finditer(within):
        meant = ", " if mark[0][0] == _COMMA else ": "
        yield Spot(index, LookAlike.COLON, Splice(start + mark.start(), start + mark.end(), meant))


def _quotes(index: int, text: str, start: int) -> Iterator[Spot]:
    """Around the whole of a text; one of the two may be right already."""
    if len(text) < 2 or text[0] + text[-1] in ('""', "''"):  # noqa: PLR2004 - one at each end
        return
    for family, straight in ((_DOUBLE, '"'), (_SINGLE, "'")):
        inner = text[1:-1]
        if not {text[0], text[-1]} <= {*family, straight} or _is_unclear(inner, family, straight):
            continue
        mark = _mark_for(inner, straight)
        for at, found in ((0, text[0]), (len(text) - 1, text[-1])):
            if mark and found != mark:
                yield Spot(index, LookAlike.QUOTES, Splice(start + at, start + at + 1, mark))


def _is_unclear(inner: str, family: str, straight: str) -> bool:
    """Whether it may be several quoted texts; an apostrophe stands between letters."""
    if straight == "'":
        inner = re.sub(r"(?<=\w)[\u2019'](?=\w)", "", inner)
    return any(mark in inner for mark in (*family, straight))


def _mark_for(inner: str, straight: str) -> str:
    """Quotes within which the text means itself; empty where there are none."""
    if straight == '"' and "\\" not in inner:
        return '"'
    return "'" if "'" not in inner else '"' if "\\" not in inner and '"' not in inner else ""
