"""Arguments that fit a JSON Schema in one of the many ways that do, chosen at random."""

from collections.abc import Mapping, Sequence
from random import Random
from typing import Any

from tests.corpus.fitting import Maker, number, text

MAX_ITEMS = 3
CHARACTERS = "abcXYZ019 _-.~!*'();:@&=+$,/?%#[]{}\"<>\\^`|äß€語😀"
"""Of texts: whatever means something in a URL, in a form or in JSON, and what is not ASCII."""
NUMBERS = (0, -1, 7, 10**9, 2**53, -(2**31))
FRACTIONS = (0.5, -2.25, 1e20)
DOT_SEGMENTS = (".", "..")
"""No step of a path may be one (RFC 3986, 5.2.4): a call with such a value is refused."""


def generated(schema: Mapping[str, Any], random: Random) -> Any:
    """May be no value of `schema` where that says more than is read here. Raises NoneFits."""
    return _Chooser(schema.get("$defs", {}), random).value(schema, 0)


class _Chooser(Maker):
    def __init__(self, definitions: Mapping[str, Any], random: Random) -> None:
        super().__init__(definitions, full=True)
        self._random = random

    def _wants_null(self) -> bool:
        return self._random.random() < 0.3

    def _wants(self, depth: int) -> bool:
        return super()._wants(depth) and self._random.random() < 0.6

    def _several(self, items: Sequence[Any]) -> Sequence[Any]:
        return self._random.sample(items, len(items))

    def _length(self, least: int, depth: int) -> int:
        return max(least, self._random.randint(0, MAX_ITEMS) if super()._wants(depth) else 0)

    def _number(self, schema: dict[str, Any], kind: str) -> int | float:
        if schema.keys() & {"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"}:
            return number(schema, kind)
        if "multipleOf" in schema:
            return number({**schema, "minimum": self._random.choice(NUMBERS)}, kind)
        return self._random.choice(NUMBERS if kind == "integer" else (*NUMBERS, *FRACTIONS))

    def _text(self, schema: dict[str, Any]) -> str:
        usual = text(schema)
        is_special = schema.keys() & {"pattern", "format", "contentEncoding", "contentMediaType"}
        if is_special or "base64" in schema.get("description", ""):
            return usual
        low = max(1, schema.get("minLength", 1))
        high = max(low, min(low + 12, schema.get("maxLength", low + 12)))
        length = self._random.randint(low, high)
        made = "".join(self._random.choices(CHARACTERS, k=length)).strip()
        made += "x" * (low - len(made))
        return usual if made in DOT_SEGMENTS else made[: schema.get("maxLength", len(made))]
