"""Arguments that fit a JSON Schema: the fewest, or as many as it declares."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

MAX_DEPTH = 6
TEXTS = {
    "date-time": "2026-11-25T10:00:00Z",
    "date": "2026-11-25",
    "time": "10:00:00Z",
    "duration": "P1D",
    "email": "a@example.org",
    "uuid": "123e4567-e89b-12d3-a456-426614174000",
    "ipv4": "192.0.2.1",
    "ipv6": "2001:db8::1",
    "uri": "https://example.org/a",
    "hostname": "example.org",
    "byte": "YWJj",
    "binary": "YWJj",
}
TRIED = ("abc", "1", "A", "a@example.org", "2026-11-25", "en", "US", "#123456", "12345678", "a-b")
"""For a `pattern`: where none fits, the operation is passed over."""


class NoneFits(Exception):
    """No value is known for the schema."""


def fitting(schema: Mapping[str, Any], *, full: bool, nulls: bool = False) -> Any:
    """A value of `schema`, JSON Schema 2020-12 with its own `$defs`.

    With `full`, every declared member that has a value; else those that are required. With
    `nulls`, null wherever the schema takes it.
    """
    return Maker(schema.get("$defs", {}), full=full, nulls=nulls).value(schema, 0)


class Maker:
    """Always the same value for a schema; `tests.corpus.generated` has one that chooses."""

    def __init__(self, definitions: Mapping[str, Any], *, full: bool, nulls: bool = False) -> None:
        self._definitions = definitions
        self._full, self._nulls = full, nulls

    def _wants_null(self) -> bool:
        return self._nulls

    def _wants(self, depth: int) -> bool:
        """Whether a member is given that may be left out."""
        return self._full and depth < MAX_DEPTH

    def _several(self, items: Sequence[Any]) -> Sequence[Any]:
        """In the order in which they are tried."""
        return items

    def _length(self, least: int, depth: int) -> int:
        return max(least, 1 if self._wants(depth) else 0)

    def value(self, schema: Any, depth: int) -> Any:
        if schema is False or depth > 4 * MAX_DEPTH:
            raise NoneFits
        if schema is True or not schema:
            return "x"
        schema = self._merged(schema, depth)
        if _takes_null(schema) and self._wants_null():
            return None
        if "const" in schema:
            return schema["const"]
        if "enum" in schema:
            return _chosen(self._several(schema["enum"]))
        for keyword in ("oneOf", "anyOf"):
            if keyword in schema:
                return self._branch(schema, keyword, depth)
        return self._of_type(schema, depth)

    def _merged(self, schema: Mapping[str, Any], depth: int) -> dict[str, Any]:
        """With what it refers to and its `allOf` written into it."""
        if depth > 4 * MAX_DEPTH:
            raise NoneFits
        merged = {key: each for key, each in schema.items() if key not in ("$ref", "allOf")}
        parts = list(schema.get("allOf", ()))
        if "$ref" in schema:
            parts.append(self._definitions[schema["$ref"].removeprefix("#/$defs/")])
        for part in parts:
            if part is False:
                raise NoneFits
            for key, each in (self._merged(part, depth + 1) if part is not True else {}).items():
                merged[key] = _together(key, merged[key], each) if key in merged else each
        return merged

    def _branch(self, schema: dict[str, Any], keyword: str, depth: int) -> Any:
        rest = {key: each for key, each in schema.items() if key not in (keyword, "discriminator")}
        for branch in self._several(schema[keyword]):
            try:
                return self.value({**rest, "allOf": [branch]}, depth + 1)
            except NoneFits:
                continue
        raise NoneFits

    def _of_type(self, schema: dict[str, Any], depth: int) -> Any:
        kinds = schema.get("type")
        kind = self._several(kinds)[0] if isinstance(kinds, list) else kinds
        if kind == "object" or (kind is None and "properties" in schema):
            return self._object(schema, depth)
        if kind == "array":
            return self._array(schema, depth)
        if kind in ("integer", "number"):
            return self._number(schema, kind)
        if kind == "boolean":
            return self._several((True, False))[0]
        if kind == "null":
            return None
        return self._text(schema)

    def _object(self, schema: dict[str, Any], depth: int) -> dict[str, Any]:
        required = schema.get("required", ())
        made = {}
        for name, each in schema.get("properties", {}).items():
            if name not in required and not self._wants(depth):
                continue
            try:
                made[name] = self.value(each, depth + 1)
            except NoneFits:
                if name in required:
                    raise
        if any(name not in made for name in required):
            raise NoneFits
        for number in range(schema.get("minProperties", 0) - len(made)):
            made[f"more{number}"] = self.value(schema.get("additionalProperties", {}), depth + 1)
        return made

    def _array(self, schema: dict[str, Any], depth: int) -> list[Any]:
        wanted = self._length(schema.get("minItems", 0), depth)
        wanted = min(wanted, schema.get("maxItems", wanted))
        if wanted > 1 and schema.get("uniqueItems"):
            raise NoneFits
        try:
            return [self.value(schema.get("items", {}), depth + 1) for _ in range(min(wanted, 50))]
        except NoneFits:
            if schema.get("minItems", 0):
                raise
            return []

    def _number(self, schema: dict[str, Any], kind: str) -> int | float:
        return number(schema, kind)

    def _text(self, schema: dict[str, Any]) -> str:
        return text(schema)


def _takes_null(schema: dict[str, Any]) -> bool:
    kinds = schema.get("type")
    if kinds == "null" or (isinstance(kinds, list) and "null" in kinds):
        return True
    return any(branch.get("type") == "null" for branch in schema.get("anyOf", ()))


def _chosen(values: Sequence[Any]) -> Any:
    if not values:
        raise NoneFits
    return next((each for each in values if each is not None), None)


def _together(key: str, one: Any, other: Any) -> Any:
    if key in ("properties", "$defs"):
        return {**other, **one, **{n: {"allOf": [one[n], other[n]]} for n in one.keys() & other}}
    if key == "required":
        return [*one, *other]
    if key in ("minimum", "minLength", "minItems"):
        return max(one, other)
    return one


def number(schema: dict[str, Any], kind: str) -> int | float:
    low = schema.get("minimum", schema.get("exclusiveMinimum"))
    high = schema.get("maximum", schema.get("exclusiveMaximum"))
    step = schema.get("multipleOf", 1)
    start = 1 if low is None else low + (step if "exclusiveMinimum" in schema else 0)
    if high is not None and start > high:
        start = high - (step if "exclusiveMaximum" in schema else 0)
    value = -(-start // step) * step
    return int(value) if kind == "integer" else value


def text(schema: dict[str, Any]) -> str:
    is_base64 = "contentEncoding" in schema or "in base64" in schema.get("description", "")
    made = TEXTS.get("byte" if is_base64 else schema.get("format", ""), "abc")
    if "pattern" in schema:
        try:
            found = re.compile(schema["pattern"])
        except re.error:
            raise NoneFits from None
        made = next((each for each in (made, *TRIED) if found.search(each)), "")
        if not found.search(made):
            raise NoneFits
        return made
    made += "x" * (schema.get("minLength", 0) - len(made))
    return made[: schema.get("maxLength", len(made))]
