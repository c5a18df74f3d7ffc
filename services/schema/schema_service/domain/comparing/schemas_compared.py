"""Whether a changed schema still accepts what the former accepted."""

from collections.abc import Callable, Mapping
from typing import Any

from schema_service.domain.comparing.change import Impact

_WORDS = frozenset({"title", "description", "examples", "default", "deprecated", "$ref"})
_LOWER_IS_WIDER = frozenset(
    {"minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties"}
)
_HIGHER_IS_WIDER = frozenset(
    {"maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties"}
)
_MAX_DEPTH = 60


class SchemaComparison:
    """Of two schemas, each with the `$defs` its references mean."""

    def __init__(self, old: Mapping[str, Any], new: Mapping[str, Any]) -> None:
        self._old, self._new = old, new
        self._seen: set[tuple[str, str]] = set()

    def impact(self, old: Any, new: Any, depth: int = 0) -> Impact | None:
        """The gravest, or None; anything not known to accept as much as before is breaking."""
        pair = (_reference(old), _reference(new))
        if depth > _MAX_DEPTH or (all(pair) and pair in self._seen):
            return None
        self._seen.add(pair)
        one, other = _object(old, self._old), _object(new, self._new)
        keywords = dict.fromkeys([*one, *other])
        return gravest(*(self._keyword(k, one, other, depth) for k in keywords))

    def _keyword(
        self, keyword: str, old: dict[str, Any], new: dict[str, Any], depth: int
    ) -> Impact | None:
        before, after = old.get(keyword), new.get(keyword)
        if keyword in _WORDS:
            changed = before != after and keyword != "$ref"
            return Impact.WORDING if changed else None
        if keyword == "properties":
            return self._properties(before or {}, after or {}, new.get("required", ()), depth)
        if keyword in ("items", "additionalProperties"):
            if keyword in old and keyword in new:
                return self.impact(before, after, depth + 1)
            return _of_presence(keyword in new)
        if before == after:
            return None
        widened = _WIDENED.get(keyword)
        if widened:
            return Impact.ADDITIVE if widened(before, after) else Impact.BREAKING
        return _limit(keyword, before, after)

    def _properties(
        self, old: dict[str, Any], new: dict[str, Any], required: Any, depth: int
    ) -> Impact | None:
        impacts: list[Impact | None] = []
        for name in dict.fromkeys([*old, *new]):
            if name not in new:
                impacts.append(Impact.BREAKING)
            elif name not in old:
                impacts.append(Impact.BREAKING if name in required else Impact.ADDITIVE)
            else:
                impacts.append(self.impact(old[name], new[name], depth + 1))
        return gravest(*impacts)


def gravest(*impacts: Impact | None) -> Impact | None:
    return next((impact for impact in Impact if impact in impacts), None)


def _of_presence(present_now: bool) -> Impact:  # noqa: FBT001 - a fact about a keyword
    """A constraint that came or went."""
    return Impact.BREAKING if present_now else Impact.ADDITIVE


def _limit(keyword: str, before: Any, after: Any) -> Impact:
    if before is None or after is None:
        return _of_presence(after is not None)
    if isinstance(before, int | float) and isinstance(after, int | float):
        lower, higher = keyword in _LOWER_IS_WIDER, keyword in _HIGHER_IS_WIDER
        if (lower and after < before) or (higher and after > before):
            return Impact.ADDITIVE
    return Impact.BREAKING


def _more_values(before: Any, after: Any) -> bool:
    if after is None:
        return True
    return before is not None and all(value in after for value in before)


def _more_types(before: Any, after: Any) -> bool:
    if after is None:
        return True
    return before is not None and _types(before) <= _types(after)


def _types(kind: Any) -> set[str]:
    types = set(kind if isinstance(kind, list) else [kind])
    return types | {"integer"} if "number" in types else types


def _fewer_names(before: Any, after: Any) -> bool:
    return set(after or ()) <= set(before or ())


_WIDENED: Mapping[str, Callable[[Any, Any], bool]] = {
    "enum": _more_values,
    "anyOf": _more_values,
    "oneOf": _more_values,
    "type": _more_types,
    "required": _fewer_names,
}


def _reference(schema: Any) -> str:
    return str(schema.get("$ref", "")) if isinstance(schema, dict) else ""


def _object(schema: Any, definitions: Mapping[str, Any]) -> dict[str, Any]:
    """With its reference followed, and `false` as what nothing satisfies."""
    if not isinstance(schema, dict):
        return {} if schema is not False else {"not": {}}
    name = _reference(schema).removeprefix("#/$defs/")
    if not name:
        return schema
    target = definitions.get(name, {})
    return {**(target if isinstance(target, dict) else {}), **schema}
