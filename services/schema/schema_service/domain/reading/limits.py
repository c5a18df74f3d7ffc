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
_JSON_COST = {b",": 40, b":": 110, b"{": 90, b"[": 90}
_YAML_COST = {",": 60, ":": 400, "{": 90, "[": 90, "\n": 160}  # a line: for its time

# The YAML reader recurses for each block level, and each needs a column of its own.
_DEEP_BLOCK = re.compile(rf"^(?:[ ]|[-?:][ \t]){{{2 * MAX_DEPTH}}}[ ]*+[^\s]", re.MULTILINE)
# The YAML reader turns digits into a number in quadratic time.
_LONG_NUMBER = re.compile(r"(?:^|(?<=[\s,\[{:]))[-+]?[0-9][0-9_]{399}[0-9_]*", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Excess:
    """A limit that the text goes beyond; `offset` in characters where there is one place."""

    reason: str
    offset: int | None = None


def excess_of_json(raw: bytes) -> Excess | None:
    size = sum(raw.count(mark) * cost for mark, cost in _JSON_COST.items())
    return _TOO_MANY if size > MAX_MEMORY else None


def excess_of_yaml(text: str) -> Excess | None:
    deep = _DEEP_BLOCK.search(text)
    if deep:
        return Excess(f"it is nested deeper than {MAX_DEPTH} levels", deep.end() - 1)
    number = _LONG_NUMBER.search(text)
    if number:
        digits = number.end() - number.start()
        return Excess(f"it holds a number of {digits:,} digits", number.start())
    size = sum(text.count(mark) * cost for mark, cost in _YAML_COST.items())
    return _TOO_MANY if size > MAX_MEMORY else None


_TOO_MANY = Excess(f"it would grow to more than {MAX_MEMORY // MIB} MB, or {MAX_NODES:,} values")
