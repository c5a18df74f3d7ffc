"""JSON whose numbers stay as they were written, digit for digit (W1).

Python's float has 53 bits, and orjson's integers have 64: beyond them a number would be read as
another one. Such a number is read as an `ExactNumber`, which is written as it was read. All others
are what orjson makes of them: only where there may be a float or a minus zero the text is read a
second time, by the standard library, which gives the characters of each number.
"""

import json
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any, Final

import orjson

MAX_DIGITS = 4_000
"""Of a number written without exponent. Python reads and writes integers of 4,300 digits at most
(`sys.get_int_max_str_digits`), and to compare a number takes time by its digits."""
MAX_COMMAS = 100_000
"""More of them are not read a second time: such arguments are longer than any that are admitted."""

_MAY_CHANGE = re.compile(rb"[0-9][.eE]|[0-9]{19}")
_MINUS_ZERO = re.compile(rb"-0(?<![0-9A-Za-z]-0)(?![.eE0-9])")
"""Its constant beginning is searched for fast."""
_STRING_OR_NUMBER = re.compile(rb'"(?:[^"\\]|\\.)*+"?|-?[0-9][0-9.eE+-]*')
_PARTS = re.compile(r"-?([0-9]+)(?:\.([0-9]+))?(?:[eE]([+-]?[0-9]+))?")
_SAFE_DIGITS = 18
"""Integers of so many digits fit in 64 bits, with or without sign."""
_INTEGERS = range(-(2**63), 2**64)


class ExactNumber:
    """A number that neither a double nor 64 bits hold as it was written.

    No dataclass: orjson would write that as an object.
    """

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text: Final = text

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ExactNumber) and other.text == self.text

    def __hash__(self) -> int:
        return hash(self.text)

    def __repr__(self) -> str:
        return f"ExactNumber({self.text!r})"

    @property
    def is_bounded(self) -> bool:
        parts = _PARTS.fullmatch(self.text)
        if parts is None or len(self.text) > MAX_DIGITS:
            return False
        whole, fraction, exponent = parts.groups(default="")
        if len(exponent) > len(str(MAX_DIGITS)) + 1:
            return False
        return len(whole) + len(fraction) + abs(int(exponent or 0)) <= MAX_DIGITS

    @property
    def value(self) -> int | Decimal:
        """What it is compared by; only of a bounded one."""
        number = Decimal(self.text)
        _, digits, exponent = number.as_tuple()
        if not isinstance(exponent, int):  # no JSON number is infinite
            raise TypeError(self.text)
        is_integral = exponent >= 0 or not any(digits[exponent:])
        return int(number) if is_integral else number


def read_quickly(text: bytes) -> tuple[Any, bool]:
    """The value, and whether its numbers are as they were written, floats or not.

    Where they may not be, those that are not floats are: `read_json` reads the others. Raises as
    `read_json` does. It costs what orjson does.
    """
    try:
        value = orjson.loads(text)
    except orjson.JSONDecodeError:
        return _beyond_doubles(text), True
    if b"-0" in text and _MINUS_ZERO.search(text) is not None:
        return _exactly(text, value), True
    return value, False


def read_json(text: bytes) -> Any:
    """Raises json.JSONDecodeError, also for what only lenient readers take for JSON."""
    value, is_exact = read_quickly(text)
    if is_exact or _MAY_CHANGE.search(text) is None:
        return value
    return _exactly(text, value)


def write_json(value: Any, option: int = 0) -> bytes:
    """Compact. Raises TypeError for what JSON cannot carry."""
    return orjson.dumps(value, default=_fragment, option=option)


def with_values(value: Any) -> Any:
    """A copy in which exact numbers are integers and decimals, to be compared."""
    kind = type(value)
    if kind is dict:
        return {name: with_values(member) for name, member in value.items()}
    if kind is list:
        return [with_values(item) for item in value]
    return value.value if kind is ExactNumber else value


def spelled_alike(value: Any) -> bytes:
    """With sorted members, and the same for numbers that are equal and differ in spelling alone."""
    return orjson.dumps(value, default=_shortest, option=orjson.OPT_SORT_KEYS)


def _fragment(value: Any) -> orjson.Fragment:
    if type(value) is ExactNumber:
        return orjson.Fragment(value.text)
    raise TypeError(f"{type(value).__name__} is not JSON")


def _shortest(value: Any) -> Any:
    """The double that it equals, if there is one: as a reader without exact numbers has it."""
    if type(value) is ExactNumber and value.is_bounded:
        double = float(value.text)
        if Decimal(repr(double)) == Decimal(value.text):
            return 0 if value.text == "-0" else double
    return _fragment(value)


def _exactly(text: bytes, value: Any) -> Any:
    """`value` is what orjson read: right where the arguments are refused anyhow."""
    if text.count(b",") > MAX_COMMAS:
        return value
    try:
        return _EXACT.decode(text.decode())
    except RecursionError:  # deeper than any arguments that are admitted
        return value


def _beyond_doubles(text: bytes) -> Any:
    """What orjson refuses because a number is larger than any double, if all else is right."""
    others = _STRING_OR_NUMBER.sub(_zero, text)
    return _exactly(text, orjson.loads(others))


def _zero(found: re.Match[bytes]) -> bytes:
    token = found[0]
    return token if token.startswith(b'"') else b"0"


def _integer(text: str) -> int | ExactNumber:
    if text == "-0":
        return ExactNumber(text)
    if len(text) <= _SAFE_DIGITS:
        return int(text)
    if len(text) > len(str(_INTEGERS[-1])) or (number := int(text)) not in _INTEGERS:
        return ExactNumber(text)
    return number


def _fractional(text: str) -> float | ExactNumber:
    """An integral one, such as `1.0`, would lose its fraction outside JSON (`wire.percent`), also
    where it is no integer by the schema (`arguments.integers`).
    """
    double = float(text)
    same = text[-1] != "0" and orjson.dumps(double).decode() == text
    return double if same else ExactNumber(text)


def _no_constant(name: str) -> Any:
    raise json.JSONDecodeError(f"{name} is not JSON", name, 0)


_integers: Callable[[str], Any] = _integer
_fractions: Callable[[str], Any] = _fractional
_EXACT = json.JSONDecoder(parse_float=_fractions, parse_int=_integers, parse_constant=_no_constant)
