"""What a text may cost, judged before a parser sees it.

The estimates are upper bounds by counting characters: they may refuse a text no person wrote, and
never let one through that would cost more than 256 MB, two seconds or the process.
"""

import re
from dataclasses import dataclass

MIB = 1024 * 1024
MAX_BYTES = 16 * MIB
MAX_DEPTH = 200
MAX_NODES = 2_000_000
MAX_MEMORY = 200 * MIB
MAX_ALIAS_EVENTS = 100_000
"""How many YAML events all aliases together may repeat."""

# Bytes that the tree grows by for each character, measured with the worst document of each kind.
_JSON_COST = {",": 40, ":": 110, "{": 90, "[": 90}
_YAML_COST = {",": 60, ":": 400, "{": 90, "[": 90, "\n": 40}
_JSON_STRING = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"', re.DOTALL)

# The YAML reader recurses for each block level, and each needs a column of its own.
_DEEP_BLOCK = re.compile(rf"^(?:[ ]|[-?:][ \t]){{{2 * MAX_DEPTH}}}[ ]*+[^\s]", re.MULTILINE)
# The YAML reader turns digits into a number in quadratic time.
_LONG_NUMBER = re.compile(r"(?:^|(?<=[\s,\[{:]))[-+]?[0-9][0-9_]{399}[0-9_]*", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Excess:
    """A limit that the text goes beyond; `offset` in characters where there is one place."""

    reason: str
    offset: int | None = None


def excess_of_json(text: str) -> Excess | None:
    if _estimate(text, _JSON_COST) <= MAX_MEMORY:
        return None
    return _too_many(_JSON_STRING.sub("", text), _JSON_COST)


def excess_of_yaml(text: str) -> Excess | None:
    deep = _DEEP_BLOCK.search(text)
    if deep:
        return Excess(f"it is nested deeper than {MAX_DEPTH} levels", deep.end() - 1)
    number = _LONG_NUMBER.search(text)
    if number:
        digits = number.end() - number.start()
        return Excess(f"it holds a number of {digits:,} digits", number.start())
    return _too_many(text, _YAML_COST)


def _too_many(text: str, cost: dict[str, int]) -> Excess | None:
    if _estimate(text, cost) > MAX_MEMORY:
        return Excess(f"it would grow to more than {MAX_MEMORY // MIB} MB, or {MAX_NODES:,} values")
    return None


def _estimate(text: str, cost: dict[str, int]) -> int:
    return sum(text.count(mark) * size for mark, size in cost.items())
