"""What a caller unambiguously means, where the schema refuses what was written.

A text for a number, a number for a text, JSON text for an object, null for what is left out: models
write these, and the request would be the same. Only what loses nothing is changed, never what the
schema admits as it is, and among alternatives only where one of them alone can be meant.
"""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from execution_service.domain.arguments.branches import Branches
from execution_service.domain.arguments.change import Change, Changed, Step
from execution_service.domain.arguments.json_type import has_type, key_of, same
from execution_service.domain.arguments.schema_parts import UNIONS, SchemaParts

MAX_VIEWS = 200
"""Schemas that apply to one value; the rest of more is not looked at."""
MAX_OPEN = 100
"""Unions within which a value stands; what is within more of them stays as it is."""
_LOSE_NOTHING: Final = {Change.NULL_LEFT_OUT, Change.TEXT_TO_OBJECT, Change.TEXT_TO_ARRAY}
_UNCERTAIN: Final = ("oneOf", "anyOf", "if", "dependentSchemas")
"""Keywords whose schemas may name members that `unevaluatedProperties` then is not about."""

Schema = Mapping[str, Any]
_Path = tuple[Step, ...]


def coerced(
    root: Schema,
    parts: SchemaParts,
    arguments: dict[str, Any],
    *,
    nulls_only: bool = False,
    cost: float = 1,
) -> tuple[dict[str, Any], list[Changed]]:
    """Of arguments that the schema does not admit. They are kept, not changed; a value that cannot
    be coerced is in the result as it was. With `nulls_only`, nothing but nulls is left out. `root`
    is what `parts.text` says; `cost` is what it costs to ask whether a part admits a value.
    """
    coercer = _Coercer(Branches(root, parts, cost), nulls_only=nulls_only)
    value = coercer.value(arguments, [root], ())
    return value, coercer.done


class _Applied(NamedTuple):
    """What several schemas say of one value together."""

    views: list[Schema]
    kinds: list[str]
    listed: list[frozenset[Hashable]]
    """The keys of the values that each of them lists, of which there may be thousands."""
    required: frozenset[str]


@dataclass(slots=True)
class _Coercer:
    branches: Branches
    nulls_only: bool = False
    unions: frozenset[tuple[int, _Path]] = frozenset()
    """Those, by their identity, in one of whose alternatives the value of that place is seen: a
    union that an alternative of its own refers to says nothing new of the same value."""
    done: list[Changed] = field(default_factory=list)
    known: dict[tuple[int, ...], _Applied] = field(default_factory=dict)
    """By the identity of the schemas, which stay as long as the root does."""

    def value(self, value: Any, schemas: Sequence[Any], path: _Path) -> Any:
        """`schemas` all apply to it."""
        if self.nulls_only and type(value) not in (dict, list):
            return value
        if not self.branches.may_look_at_another_value():
            return value
        applied = self._applied(schemas)
        views = applied.views
        value = self._typed(value, applied, path)
        if type(value) is dict:
            value = self._members(value, applied, path)
        elif type(value) is list:
            value = self._items(value, views, path)
        for view in views:
            for keyword in UNIONS:
                if keyword in view:
                    value = self._alternative(value, view[keyword], path)
        return value

    def _applied(self, schemas: Sequence[Any]) -> _Applied:
        key = tuple(map(id, schemas))
        if key not in self.known:
            views = [*self._views(schemas)]
            listed = [frozenset(map(key_of, values)) for values in _listed(views)]
            required = frozenset(name for view in views for name in view.get("required", ()))
            self.known[key] = _Applied(views, _kinds(views), listed, required)
        return self.known[key]

    def _views(self, schemas: Sequence[Any]) -> Iterator[Schema]:
        """All objects that apply, references and `allOf` followed, each once."""
        waiting, seen = [*schemas], set[int]()
        while waiting and len(seen) < MAX_VIEWS:
            schema = waiting.pop(0)
            if not isinstance(schema, Mapping) or id(schema) in seen:
                continue
            seen.add(id(schema))
            yield schema
            waiting += schema.get("allOf", ())
            if "$ref" in schema:
                waiting.append(self.branches.target(schema["$ref"]))

    def _typed(self, value: Any, applied: _Applied, path: _Path) -> Any:
        kinds = applied.kinds
        if self.nulls_only or not kinds or any(has_type(value, kind) for kind in kinds):
            return value
        asked = (self.branches.conversions(value, kind) for kind in kinds)
        found = [each for those in asked for each in those]
        for listed in applied.listed:
            found = [each for each in found if key_of(each.value) in listed]
        if not found or any(not same(each.value, found[0].value) for each in found[1:]):
            return value
        self.done.append(Changed(path, found[0].change))
        return found[0].value

    def _members(self, value: dict[str, Any], applied: _Applied, path: _Path) -> Any:
        views, required = applied.views, applied.required
        result, changed = {}, False
        for name, member in value.items():
            where = (*path, name)
            may_look = self.branches.may_look_for_schemas(len(views))
            schemas = self._of_member(views, name) if may_look else []
            if self.branches.exhausted:
                result[name] = member
                continue
            if member is None and name not in required and self._refuse_null(schemas):
                self.done.append(Changed(where, Change.NULL_LEFT_OUT))
                changed = True
                continue
            result[name] = self.value(member, schemas, where)
            changed = changed or result[name] is not member
        return result if changed else value

    def _of_member(self, views: Sequence[Schema], name: str) -> list[Any]:
        """Schemas that apply to it for certain."""
        found, is_evaluated = [], False
        for view in views:
            own = [view["properties"][name]] if name in view.get("properties", ()) else []
            patterns = view.get("patternProperties", {}).items()
            own += [each for pattern, each in patterns if self.branches.match(pattern, name)]
            others = view.get("additionalProperties")
            is_evaluated = is_evaluated or bool(own) or others is not None
            found += own or ([others] if isinstance(others, Mapping) else [])
        if is_evaluated or any(keyword in view for view in views for keyword in _UNCERTAIN):
            return found
        others = [view.get("unevaluatedProperties") for view in views]
        return [each for each in others if isinstance(each, Mapping)]

    def _items(self, value: list[Any], views: Sequence[Schema], path: _Path) -> Any:
        result = []
        for index, item in enumerate(value):
            schemas = [each for view in views for each in _of_item(view, index)]
            result.append(self.value(item, schemas, (*path, index)))
        changed = any(new is not old for new, old in zip(result, value, strict=True))
        return result if changed else value

    def _refuse_null(self, schemas: Sequence[Any]) -> bool:
        return any(self.branches.refuse_null(schema) for schema in schemas)

    def _alternative(self, value: Any, alternatives: Sequence[Any], path: _Path) -> Any:
        """The value as the only alternative that it can be meant for has it."""
        union = (id(alternatives), path)
        if union in self.unions or len(self.unions) == MAX_OPEN:
            return value
        if any(self.branches.admit(each, value) for each in alternatives):
            return value
        within = self.unions | {union}
        found: list[tuple[Any, Any, list[Changed]]] = []
        for each in alternatives:
            one = _Coercer(self.branches, self.nulls_only, within, known=self.known)
            result = one.value(value, [each], path)
            if one.done and self.branches.admit(each, result):
                found.append((each, result, one.done))
        chosen = found if len(found) == 1 else self._meant(found, value)
        if len(chosen) != 1 or self.branches.exhausted:
            return value
        [(_, result, done)] = chosen
        self.done += done
        return result

    def _meant(self, found: list[tuple[Any, Any, list[Changed]]], value: Any) -> list[Any]:
        """Where only nulls are taken away, or JSON text is read: any, where all come to the same.
        Where only nulls are: the alternative that has a place for every member, as the closed
        objects of strict tools do.
        """
        changes = {each.change for _, _, done in found for each in done}
        if not found or not changes <= _LOSE_NOTHING:
            return []
        if all(same(result, found[0][1]) for _, result, _ in found):
            return found[:1]
        if changes != {Change.NULL_LEFT_OUT}:
            return []
        names = value.keys() if isinstance(value, dict) else set()
        return [
            each
            for each in found
            if names <= {n for view in self._views([each[0]]) for n in view.get("properties", ())}
        ]


def _kinds(views: Sequence[Schema]) -> list[str]:
    """The types that all allow; where none names any, those of the values that are listed."""
    kinds: list[str] | None = None
    for view in views:
        if "type" in view:
            own = [view["type"]] if isinstance(view["type"], str) else view["type"]
            kinds = own if kinds is None else [*_common(own, kinds)]
    if kinds is not None:
        return kinds
    values = [value for listed in _listed(views) for value in listed]
    names = ("string", "boolean", "integer", "number", "null", "array", "object")
    return [name for name in names if any(has_type(value, name) for value in values)]


def _common(some: Sequence[str], others: Sequence[str]) -> Iterator[str]:
    """The types that both allow: integers are numbers."""
    for kind in dict.fromkeys((*some, *others)):
        in_all = all(
            kind in kinds or (kind == "integer" and "number" in kinds) for kinds in (some, others)
        )
        if in_all:
            yield kind


def _listed(views: Sequence[Schema]) -> Iterator[Sequence[Any]]:
    for view in views:
        if "const" in view:
            yield [view["const"]]
        if "enum" in view:
            yield view["enum"]


def _of_item(view: Schema, index: int) -> Iterator[Any]:
    first = view.get("prefixItems", ())
    if index < len(first):
        yield first[index]
    elif "items" in view:
        yield view["items"]
