"""What is asked about a schema's parts when arguments do not fit: which of its alternatives admits
a value, and which names of members a pattern is about.
"""

from dataclasses import dataclass, field
from itertools import count
from typing import Any, Self

import jsonschema_rs
import orjson

from contracts.json_schema import ONE_SCHEMA, SCHEMA_LISTS, SCHEMA_MAPS
from execution_service.domain.arguments.validator import compiled

UNIONS = ("oneOf", "anyOf")
_DEFINITIONS = "#/$defs/"
_PATTERN = "pattern "


@dataclass(slots=True)
class SchemaParts:
    """All parts of one schema are compiled together, once, when the first call asks: to compile
    each with the definitions that it needs takes time by the square of their number.
    """

    text: bytes
    """The schema as JSON, in which every alternative of a union that says something itself is a
    `$ref` to a definition."""
    asked: tuple[str, ...]
    """The references of alternatives, and patterns."""
    _validator: jsonschema_rs.Draft202012Validator | None = field(default=None, compare=False)

    @classmethod
    def of(cls, schema: dict[str, Any], text: bytes) -> Self:
        """`text` is the schema's; it is kept where nothing can be asked."""
        if not any(f'"{each}"'.encode() in text for each in (*UNIONS, "patternProperties")):
            return cls(text, ())
        lifting = _Lifting(schema.get("$defs", {}))
        lifted = orjson.dumps(lifting.root(schema))
        return cls(lifted, tuple(dict.fromkeys(lifting.asked)))

    @property
    def characters(self) -> int:
        """Of what is compiled; none where nothing can be asked."""
        return len(self.text) + sum(map(len, self.asked)) if self.asked else 0

    def admit(self, reference: str, value: Any) -> bool:
        """Whether the alternative admits the value, which has no exact numbers."""
        return self._compiled().is_valid({reference: value})

    def match(self, pattern: str, name: str) -> bool:
        return self._compiled().is_valid({_PATTERN + pattern: name})

    def _compiled(self) -> jsonschema_rs.Draft202012Validator:
        if self._validator is None:
            definitions = orjson.loads(self.text).get("$defs", {})
            parts = {each: _asked(each) for each in self.asked}
            self._validator = compiled({"properties": parts, "$defs": definitions})
        return self._validator


def _asked(each: str) -> dict[str, str]:
    if each.startswith(_PATTERN):
        return {"pattern": each.removeprefix(_PATTERN)}
    return {"$ref": each}


class _Lifting:
    """Makes definitions of alternatives."""

    def __init__(self, definitions: dict[str, Any]) -> None:
        self._known = definitions
        self._made: dict[str, Any] = {}
        self.asked: list[str] = []

    def root(self, schema: dict[str, Any]) -> dict[str, Any]:
        lifted = self._schema(schema)
        return {**lifted, "$defs": {**lifted.get("$defs", {}), **self._made}}

    def _schema(self, schema: Any) -> Any:
        if not isinstance(schema, dict):
            return schema
        return {keyword: self._value(keyword, value) for keyword, value in schema.items()}

    def _value(self, keyword: str, value: Any) -> Any:
        if keyword in UNIONS:
            return [self._alternative(each) for each in value]
        if keyword in ONE_SCHEMA:
            return self._schema(value)
        if keyword in SCHEMA_LISTS:
            return [self._schema(each) for each in value]
        if keyword in SCHEMA_MAPS:
            if keyword == "patternProperties":
                self.asked += [_PATTERN + pattern for pattern in value]
            return {name: self._schema(each) for name, each in value.items()}
        return value

    def _alternative(self, schema: Any) -> Any:
        if not isinstance(schema, dict):
            return schema
        if schema.keys() != {"$ref"}:
            name = self._new_name()
            self._made[name] = {}  # its name is taken while it is lifted
            self._made[name] = self._schema(schema)
            schema = {"$ref": _DEFINITIONS + name}
        self.asked.append(schema["$ref"])
        return schema

    def _new_name(self) -> str:
        names = (f"alternative{number}" for number in count(len(self._made)))
        return next(each for each in names if each not in self._known and each not in self._made)
