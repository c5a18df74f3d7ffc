"""JSON as people write it: comments, commas too many, single quotes, Python's words (RFC 8259)."""

import json
import re
from dataclasses import dataclass, field
from enum import StrEnum

from schema_service.domain.position.splices import Splice
from schema_service.domain.reading.limits import MAX_DEPTH
from schema_service.domain.reading.look_alikes import HIDDEN, LookAlike

MAX_CHARACTERS = 2_000_000
MAX_SPLICES = 2_000
MAX_ODD_SPACES = 20_000
"""Runs of them: whoever copied one from a web page copied one for each line."""


class Slip(StrEnum):
    """What a text holds that JSON does not have, as a sentence names it."""

    SPACE = LookAlike.SPACE.value
    HIDDEN = LookAlike.HIDDEN.value
    COMMENT = "a comment"
    COMMA = "a comma too many"
    SINGLE_QUOTES = "single quotes"
    CURLY_QUOTES = "typographic quotes"
    PYTHON = "True, False or None, which JSON writes as true, false and null"
    NO_VALUE = "a value such as undefined or NaN, which becomes null"
    BARE_NAME = "a name without quotes"
    RAW_CONTROL = "a line break or tab inside quotes"
    BACKSLASH = "a backslash that is not written twice"
    COMMA_MISSING = "no comma between two members"
    COLON_MISSING = "no colon between a name and its value"
    OPEN = "a { or [ that nothing closes"
    CLOSED = "a } or ] too many"
    SEMICOLON = "a semicolon at its end"
    DOTS = "dots, where something was left out"


GUESSED = frozenset({Slip.COMMA_MISSING, Slip.COLON_MISSING, Slip.OPEN, Slip.CLOSED, Slip.DOTS})
"""Something may be missing where these are: such a text is not read before it is repaired."""

_TOKEN = re.compile(
    rf"(?P<space>[ \t\r\n]++)|(?P<odd>(?:[^\S \t\r\n]|[{HIDDEN}])(?:[^\S\r\n]|[{HIDDEN}])*+)|"
    r"(?P<comment>//[^\n]*|/\*.*?\*/|\#[^\n]*)"
    r'|(?P<double>"[^"\\]*+(?:\\.[^"\\]*+)*+")'
    r"|(?P<single>'[^'\\]*+(?:\\.[^'\\]*+)*+')|(?P<curly>[“”„][^“”„]*+[“”])"
    r"|(?P<open>[{\[])|(?P<close>[}\]])|(?P<comma>,)|(?P<colon>:|=>?)"
    rf"|(?P<word>(?:[^\s{HIDDEN},:={{}}\[\]\"'/#;]|/(?![/*]))++)",
    re.DOTALL,
)
_ODD_OR_QUOTED = re.compile(
    r'"[^"\\]*+(?:\\.[^"\\]*+)*+(?:"|\\?\Z)'
    rf'|(?:\A|(?<=[{{\[,:"\n]))[ \t]*(?P<odd>[^\S \t\r\n]|[{HIDDEN}])',
    re.DOTALL,
)
"""A text that nothing closes reaches to the end: no quote in it is looked at again."""
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_NAME = re.compile(r"[A-Za-z_$][\w$-]*|[0-9]+")
_LITERALS = frozenset({"true", "false", "null"})
_WORDS = {
    "True": ("true", Slip.PYTHON),
    "False": ("false", Slip.PYTHON),
    "None": ("null", Slip.PYTHON),
} | dict.fromkeys(("undefined", "NaN", "Infinity", "-Infinity"), ("null", Slip.NO_VALUE))
_RAW_CONTROL = re.compile(r"[\x00-\x1f]")
_BAD_ESCAPE = re.compile(r'\\(?:(["\\/bfnrt]|u[0-9A-Fa-f]{4})|(.))', re.DOTALL)
_DOTS = frozenset({"...", "…"})
_CLOSERS = {"{": "}", "[": "]"}


class _NotJson(Exception):
    """The text is something else than JSON with slips."""


@dataclass(frozen=True, slots=True)
class JsonSlips:
    """The first offset of each kind of slip, and what makes strict JSON of the text."""

    first: dict[Slip, int]
    splices: tuple[Splice, ...]
    cut_at: int | None = None
    """Where the text ends in the middle; then there is nothing to write."""


@dataclass(slots=True)
class _Scan:
    """`wants` is what comes next: a *key*, a *colon*, a *value*, or what stands *behind* one."""

    text: str
    first: dict[Slip, int] = field(default_factory=dict)
    splices: list[Splice] = field(default_factory=list)
    stack: list[str] = field(default_factory=list)
    wants: str = "value"
    comma: int | None = None
    others: int = 0
    """Splices for other slips than odd spaces."""
    end: int = 0
    """Just behind the last token that is neither space nor comment."""

    def fix(self, slip: Slip, start: int, end: int, text: str) -> None:
        self.first.setdefault(slip, start)
        self.splices.append(Splice(start, end, text))
        self.others += slip not in (Slip.SPACE, Slip.HIDDEN)
        if self.others > MAX_SPLICES or len(self.splices) > MAX_SPLICES + MAX_ODD_SPACES:
            raise _NotJson

    def begin_value(self) -> None:
        if self.wants == "behind" and self.stack:
            self.fix(Slip.COMMA_MISSING, self.end, self.end, ",")
            self.wants = "key" if self.stack[-1] == "{" else "value"
        if self.wants == "colon":
            self.fix(Slip.COLON_MISSING, self.end, self.end, ":")
            self.wants = "value"
        if self.wants not in ("key", "value"):
            raise _NotJson
        self.comma = None

    def scalar(self) -> None:
        self.wants = "colon" if self.wants == "key" else "behind"

    def opened(self, bracket: str) -> None:
        self.begin_value()
        if self.wants == "key" or len(self.stack) >= MAX_DEPTH:
            raise _NotJson
        self.stack.append(bracket)
        self.wants = "key" if bracket == "{" else "value"

    def closed(self, bracket: str, at: int) -> None:
        if not self.stack:
            self.fix(Slip.CLOSED, at, at + 1, "")
            return
        self.ready_to_close()
        while self.stack and _CLOSERS[self.stack[-1]] != bracket:
            self.fix(Slip.OPEN, at, at, _CLOSERS[self.stack.pop()])
        if not self.stack:
            raise _NotJson
        self.stack.pop()
        self.wants = "behind"

    def named(self, mark: str, at: int) -> None:
        if self.wants != "colon":
            raise _NotJson
        if mark != ":":
            self.fix(Slip.COLON_MISSING, at, at + len(mark), ":")
        self.wants = "value"

    def ready_to_close(self) -> None:
        """A comma before a closing bracket goes; a name or a colon there lacks its value."""
        if self.comma is not None:
            self.fix(Slip.COMMA, self.comma, self.comma + 1, "")
            self.comma, self.wants = None, "behind"
        empty = self.wants == "key" or (self.wants == "value" and self.stack[-1:] == ["["])
        if self.wants != "behind" and not empty:
            raise _NotJson

    def separated(self, at: int) -> None:
        if self.wants == "behind" and self.stack:
            self.wants = "key" if self.stack[-1] == "{" else "value"
            self.comma = at
        elif self.wants == "key" or self.comma is not None or self.stack[-1:] == ["["]:
            self.fix(Slip.COMMA, at, at + 1, "")
        else:
            raise _NotJson


def json_slips(text: str) -> JsonSlips | None:
    """None where the text is not meant as JSON, or is too long to be gone through."""
    if len(text) > MAX_CHARACTERS:
        return None
    scan, at = _Scan(text), 0
    try:
        while at < len(text):
            token = _TOKEN.match(text, at)
            if token is None and _ends_in_quotes(text, at):
                return _cut(scan)
            at = _taken(scan, token) if token else _unknown(scan, at)
        if _is_cut(scan):
            return _cut(scan)
        if scan.stack:
            scan.ready_to_close()
            scan.fix(Slip.OPEN, scan.end, scan.end, _CLOSERS[scan.stack[-1]])
    except _NotJson:
        return None
    if {Slip.COMMA_MISSING, Slip.COLON_MISSING} <= scan.first.keys():
        return None  # a quote inside a text, rather
    return JsonSlips(scan.first, tuple(sorted(scan.splices, key=lambda each: each.start)))


def odd_space(text: str) -> int | None:
    """Of the first space of another kind, or what nobody sees, where no text is."""
    for found in _ODD_OR_QUOTED.finditer(text):
        if found["odd"]:
            return found.start("odd")
    return None


def _is_cut(scan: _Scan) -> bool:
    """One bracket at the end may have been forgotten; of more, or behind a comma, nobody knows
    what stood there.
    """
    open_end = scan.comma is not None or scan.wants in ("colon", "value")
    return bool(scan.stack) and (open_end or len(scan.stack) > 1)


def _ends_in_quotes(text: str, at: int) -> bool:
    return text[at] in "\"'" and "\n" not in text[at:]


def _cut(scan: _Scan) -> JsonSlips | None:
    """Guesses before that end may be wrong themselves: what follows is about another text."""
    return None if GUESSED & scan.first.keys() else JsonSlips({}, (), max(0, scan.end - 1))


def _unknown(scan: _Scan, at: int) -> int:
    """A semicolon may end a document that was copied out of a program."""
    if scan.text[at] != ";" or scan.stack or scan.wants != "behind":
        raise _NotJson
    scan.fix(Slip.SEMICOLON, at, at + 1, "")
    return at + 1


def _taken(scan: _Scan, token: re.Match[str]) -> int:
    kind, at, end = token.lastgroup, token.start(), token.end()
    if kind == "space":
        return end
    if kind in ("odd", "comment") or token[0] in _DOTS:
        _left_out(scan, token)
        return end
    if kind == "open":
        scan.opened(token[0])
    elif kind == "close":
        scan.closed(token[0], at)
    elif kind == "comma":
        scan.separated(at)
    elif kind == "colon":
        scan.named(token[0], at)
    else:
        scan.begin_value()
        _written(scan, str(kind), token[0], at)
        scan.scalar()
    scan.end = end
    return end


def _left_out(scan: _Scan, token: re.Match[str]) -> None:
    """In the place of odd spaces there are plain ones."""
    if token.lastgroup == "odd":
        spaces = re.sub(f"[{HIDDEN}]", "", token[0])
        is_hidden = len(spaces) < len(token[0]) and not spaces.strip(" \t")
        slip = Slip.HIDDEN if is_hidden else Slip.SPACE
        scan.fix(slip, *token.span(), " " * len(spaces))
    else:
        scan.fix(Slip.COMMENT if token.lastgroup == "comment" else Slip.DOTS, *token.span(), "")


def _written(scan: _Scan, kind: str, raw: str, at: int) -> None:
    if kind == "word":
        _word(scan, raw, at)
        return
    quotes = {"single": Slip.SINGLE_QUOTES, "curly": Slip.CURLY_QUOTES}.get(kind)
    inner = raw[1:-1]
    if quotes:
        inner = inner.replace("\\'", "'")
        inner = re.sub(r'(?<!\\)((?:\\\\)*)"', r'\1\\"', inner)
    plain = _BAD_ESCAPE.sub(lambda found: found[0] if found[1] else f"\\\\{found[2]}", inner)
    whole = _RAW_CONTROL.sub(lambda found: json.dumps(found[0])[1:-1], plain)
    if quotes:
        scan.fix(quotes, at, at + len(raw), f'"{whole}"')
    elif whole != inner:
        slip = Slip.RAW_CONTROL if whole != plain else Slip.BACKSLASH
        scan.fix(slip, at, at + len(raw), f'"{whole}"')


def _word(scan: _Scan, raw: str, at: int) -> None:
    if scan.wants == "key":
        if not _NAME.fullmatch(raw):
            raise _NotJson
        scan.fix(Slip.BARE_NAME, at, at + len(raw), json.dumps(raw))
    elif raw in _WORDS:
        word, slip = _WORDS[raw]
        scan.fix(slip, at, at + len(raw), word)
    elif raw not in _LITERALS and not _NUMBER.fullmatch(raw):
        raise _NotJson
