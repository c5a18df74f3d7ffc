"""What a compiled schema lets a value be: its types, its items, its members."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Any

from schema_service.domain.compiling.json_schema.compiled import Compiled, Schema
from schema_service.domain.compiling.json_schema.schemas import Schemas
from schema_service.domain.compiling.json_schema.typed import is_of

MAX_DEPTH = 5
"""Of combined schemas; what is deeper is not looked at."""
MAX_BRANCHES = 300
"""What lies beyond is not looked at."""
MAX_LOOKED_AT = 100
"""Schemas that one question about what a value may be asks, one within the other."""
_COMBINED = ("allOf", "anyOf", "oneOf")
_TYPES = ("null", "boolean", "integer", "number", "string", "array", "object")
CONTAINERS = frozenset({"object", "array"})


@dataclass(frozen=True, slots=True)
class Shapes:
    schemas: Schemas

    def branches(self, schema: Schema | None) -> list[dict[str, Any]]:
        """The schema, and what it is combined of, references followed."""
        if schema is None:
            return []
        return self.schemas.once(schema, self._found, "branches")

    def _found(self, schema: Schema) -> list[dict[str, Any]]:
        return [*islice(self._branches(schema, 0), MAX_BRANCHES)]

    def _branches(self, schema: Schema, depth: int) -> Iterator[dict[str, Any]]:
        if depth > MAX_DEPTH:
            return
        followed = self.schemas.followed(schema)
        if not isinstance(followed, dict):
            return
        yield followed
        if "$ref" in followed:
            yield from self._branches({"$ref": followed["$ref"]}, depth + 1)
        for keyword in _COMBINED:
            for each in followed.get(keyword, ()):
                yield from self._branches(each, depth + 1)

    def types(self, schema: Schema | None) -> set[str]:
        """The types that a value may have; none where nothing says so."""
        if schema is None:
            return set()
        return self.schemas.once(schema, self._types, "types")

    def _types(self, schema: Schema) -> set[str]:
        found = {kind for each in self.branches(schema) for kind in types_in(each)}
        if any("properties" in each for each in self.branches(schema)):
            found.add("object")
        return found

    def only(self, compiled: Compiled, wanted: frozenset[str]) -> Compiled:
        """The same for values of the types that are wanted alone; of all of these where the schema
        names none of them, which then has members and a type that contradicts them.
        """
        if self._is_only(compiled.schema, wanted, iter(range(MAX_LOOKED_AT))):
            return compiled
        schema = compiled.schema if isinstance(compiled.schema, dict) else {}
        kept = [kind for kind in types_in(schema) if kind in wanted] or sorted(wanted)
        made = Compiled({**schema, "type": kept[0] if len(kept) == 1 else kept})
        made.warned = compiled.warned
        made.take(compiled)
        return made

    def _is_only(self, schema: Schema, wanted: frozenset[str], room: Iterator[int]) -> bool:
        node = self.schemas.followed(schema)
        if not isinstance(node, dict) or next(room, None) is None:
            return False
        if kinds := types_in(node):
            return wanted.issuperset(kinds)
        parts = [*node.get("allOf", ())]
        if "$ref" in node:
            parts.append({"$ref": node["$ref"]})
        if any(self._is_only(each, wanted, room) for each in parts):
            return True
        choices = [node[keyword] for keyword in ("anyOf", "oneOf") if node.get(keyword)]
        return any(all(self._is_only(one, wanted, room) for one in each) for each in choices)

    def listed(self, schema: Schema | None) -> set[str]:
        """The types of the values that it lists, where it lists any."""
        for each in self.branches(schema):
            values = [each["const"]] if "const" in each else each.get("enum", ())
            if values:
                return {next(filter(partial(is_of, value), _TYPES)) for value in values}
        return set()

    def items(self, schema: Schema | None) -> Schema | None:
        return None if schema is None else self.schemas.once(schema, self._items, "items")

    def _items(self, schema: Schema) -> Schema | None:
        for each in self.branches(schema):
            if "array" in types_in(each) and "items" in each:
                items: Schema = each["items"]
                return items
        return None

    def members(self, schema: Schema | None) -> dict[str, Schema]:
        """The properties of an object, whatever it is combined of."""
        return {} if schema is None else self.schemas.once(schema, self._members, "members")

    def _members(self, schema: Schema) -> dict[str, Schema]:
        found: dict[str, Schema] = {}
        for each in self.branches(schema):
            found = {**each.get("properties", {}), **found}
        return found

    def others(self, schema: Schema | None) -> list[Schema]:
        """Of members that have no schema of their own."""
        if schema is None:
            return []
        return self.schemas.once(schema, lambda each: [*self._others(each)], "others")

    def _others(self, schema: Schema) -> Iterator[Schema]:
        for each in self.branches(schema):
            for keyword in ("additionalProperties", "unevaluatedProperties"):
                if isinstance(each.get(keyword), dict):
                    yield each[keyword]


def types_in(schema: dict[str, Any]) -> list[str]:
    kind = schema.get("type", ())
    return [kind] if isinstance(kind, str) else [*kind]
