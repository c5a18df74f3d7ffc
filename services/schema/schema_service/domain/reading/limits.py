"""What a text may cost, checked before a parser sees it.

The estimates are upper bounds by counting characters: they may refuse a text no person wrote, and
never let one through that would cost more than 256 MB, two seconds or the process.
"""

import re
from dataclasses import dataclass

from kit.sizes import MIB
from schema_service.domain.reading.alias_size import repeated_characters

MAX_BYTES = 16 * MIB
MAX_DEPTH = 200
MAX_NODES = 2_000_000
MAX_MEMORY = 240 * MIB
MAX_ALIAS_EVENTS = 100_000
"""How many YAML events all aliases together may repeat."""

# Bytes that memory grows by for each character, measured with the worst document of each kind.
_JSON_COST = {b",": 45, b":": 130, b"{": 110, b"[": 90}
_YAML_COST = {",": 250, ":": 420, "{": 400, "[": 400, "&": 100, "\n": 130} | {
    "- ": 200,
    "-\n": 120,
    "? ": 500,
}
_FLOW_PAIR = 300
"""Of `[a: b, c: d]`, where each pair is an object of its own."""

# The YAML reader recurses for each block level, and each needs a column of its own.
_LEVELS = rf"(?:[ ]|[-?:][ \t]){{{2 * MAX_DEPTH}}}[ ]*+[^\s]"
_DEEP_FIRST_LINE = re.compile(_LEVELS)
_DEEP_LINE = re.compile(rf"\n{_LEVELS}")
# The YAML reader turns digits into a number in quadratic time.
_DIGITS = re.compile(r"[0-9][0-9_]{399}[0-9_]*+")
_BEFORE_NUMBERS = frozenset(" \t\n\r,[{:+-")


@dataclass(frozen=True, slots=True)
class Excess:
    """A limit that the text goes beyond; `offset` in characters where there is one place."""

    reason: str
    offset: int | None = None


def excess_of_json(raw: bytes) -> Excess | None:
    size = sum(raw.count(mark) * cost for mark, cost in _JSON_COST.items())
    return _TOO_MANY if size > MAX_MEMORY else None


def excess_of_yaml(text: str) -> Excess | None:
    deep = _DEEP_FIRST_LINE.match(text) or _DEEP_LINE.search(text)
    if deep:
        return Excess(f"it is nested deeper than {MAX_DEPTH} levels", deep.end() - 1)
    for number in _DIGITS.finditer(text):
        if not number.start() or text[number.start() - 1] in _BEFORE_NUMBERS:
            digits = number.end() - number.start()
            return Excess(f"it holds a number of {digits:,} digits", number.start())
    counts = {mark: text.count(mark) for mark in _YAML_COST}
    size = sum(count * _YAML_COST[mark] for mark, count in counts.items())
    size += min(counts[","], counts[":"]) * _FLOW_PAIR
    if size > MAX_MEMORY:
        return _TOO_MANY
    return _REPEATED if repeated_characters(text, MAX_BYTES) > MAX_BYTES else None


_REPEATED = Excess(f"its aliases repeat more than {MAX_BYTES // MIB} MB of it")
_TOO_MANY = Excess(f"it would grow to more than {MAX_MEMORY // MIB} MB, or {MAX_NODES:,} values")
