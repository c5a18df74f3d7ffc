"""All schemas of one document as JSON Schema 2020-12, each converted once.

Nothing is dereferenced: an operation takes along, as `$defs`, the components it can reach.
"""

from collections import deque
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from contracts.json_schema import names_in
from schema_service.domain.compiling.json_schema import examples
from schema_service.domain.compiling.json_schema.compiled import Compiled, Schema
from schema_service.domain.compiling.json_schema.conversion import Converter
from schema_service.domain.compiling.json_schema.examples import Example
from schema_service.domain.compiling.json_schema.subtypes import Merged, merged
from schema_service.domain.compiling.names import Names, definition_name
from schema_service.domain.compiling.references import Path, References, Target
from schema_service.domain.finding import Finding

MAX_DEFINITIONS = 1_000
MAX_REACHED = 5_000
"""Definitions that are looked at for faults beyond what one operation has room for."""
MAX_BYTES_OF_DEFAULT = 16_384
"""Of definitions that a default is checked against; what lies beyond accepts anything."""
_PREFIX = "#/$defs/"
_MAX_HOPS = 20
_ONLY = {"$ref"}
T = TypeVar("T")


@dataclass(slots=True)
class Definitions:
    """What one operation's `$defs` come to; `cut` names those that did not fit."""

    schemas: dict[str, Schema] = field(default_factory=dict)
    broken: bool = False
    warned: bool = False
    cut: list[str] = field(default_factory=list)
    broken_at: Path | None = None
    """The nearest of the components that are broken."""


class _Places:
    """Names in `$defs`, and what they stand for.

    No part of `Schemas`: a converter that referred to the whole would make a cycle, and a large
    document would stay in memory until Python's collector of cycles next goes over everything.
    """

    def __init__(self) -> None:
        self.sources: dict[str, tuple[Target, bool]] = {}
        self._names: dict[tuple[Path, bool], str] = {}
        self._taken = Names()

    def name(self, target: Target, plain: bool) -> str:  # noqa: FBT001 - a part of the key
        key = target.path, plain
        name = self._names.get(key)
        if name is None:
            wanted = f"{target.path[-1]}{'_itself' if plain else ''}"
            name = self._names[key] = definition_name(wanted, self._taken)
            self.sources[name] = target, plain
        return name


class Schemas:
    def __init__(self, references: References, found: list[Finding], *, alone: bool) -> None:
        self._places = _Places()
        self._found = found
        self._settling = False
        self._references = references
        self._converter = Converter(references, found, self._places.name, alone=alone)
        self._compiled: dict[tuple[Path, bool], Compiled] = {}
        self._merged: dict[Path, Merged | None] = {}
        self._reached: dict[str, tuple[bool, bool]] = {}
        self._kept: dict[Hashable, Any] = {}
        self._beside: dict[Hashable, tuple[Schema, Any]] = {}

    @property
    def is_exhausted(self) -> bool:
        """Whether the document combines schemas in more ways than are worked out."""
        return self._converter.is_exhausted

    def compile(self, node: Any, path: Path, *, plain: bool = False) -> Compiled:
        """`path` is where it stands: the same place is the same schema. `plain` as converted."""
        compiled = self._compiled.get((path, plain))
        if compiled is None:
            compiled = self._converter.convert(node, path, plain=plain)
            self._compiled[path, plain] = compiled
            self._settle_defaults()
        return compiled

    def _settle_defaults(self) -> None:
        """Those that need definitions, one after the other: finding some may need others."""
        if self._settling:
            return
        self._settling = True
        defaults = self._converter.defaults
        while (each := defaults.next_waiting()) is not None:
            known = self.definitions(names_in(each.schema), MAX_BYTES_OF_DEFAULT)
            fault = defaults.settled(each, known.schemas)
            if fault is not None:
                self._found.append(fault)
                each.doubt()
        self._settling = False

    def definitions(self, uses: Iterable[str], room: int) -> Definitions:
        """All that these names reach, nearest first; what does not fit accepts anything."""
        result = Definitions()
        waiting, known = deque(uses), set(uses)
        while waiting:
            name = waiting.popleft()
            compiled = self.definition(name)
            if compiled.broken and not result.broken:
                result.broken, result.broken_at = True, self._places.sources[name][0].path
            result.warned = result.warned or compiled.warned
            if compiled.size > room or len(result.schemas) >= MAX_DEFINITIONS:
                result.schemas[name] = True
                result.cut.append(name)
                broken, warned = self._beyond(name)
                result.broken, result.warned = result.broken or broken, result.warned or warned
                continue
            room -= compiled.size
            result.schemas[name] = compiled.schema
            waiting += [use for use in compiled.uses if use not in known]
            known.update(compiled.uses)
        return result

    def _beyond(self, name: str) -> tuple[bool, bool]:
        """Whether anything that it reaches is broken, and whether there is a warning about any."""
        known = self._reached.get(name)
        if known is None:
            waiting, seen, broken, warned = [name], {name}, False, False
            while waiting and len(seen) < MAX_REACHED:
                compiled = self.definition(waiting.pop())
                broken, warned = broken or compiled.broken, warned or compiled.warned
                waiting += [use for use in compiled.uses if use not in seen]
                seen.update(compiled.uses)
            known = self._reached[name] = broken, warned
        return known

    def definition(self, name: str) -> Compiled:
        source, plain = self._places.sources[name]
        return self.compile(source.value, source.path, plain=plain)

    def followed(self, schema: Schema) -> Schema:
        """What a schema that is only a reference refers to; any other schema itself."""
        if not isinstance(schema, dict) or "$ref" not in schema:  # as most
            return schema
        return self.resolved(Compiled(schema)).schema

    def once(self, schema: Schema, find: Callable[[Schema], T], *about: Hashable) -> T:
        """What `find` says of a schema; of one that is only a reference it is asked once. `about`
        tells one question from another.
        """
        if not isinstance(schema, dict) or schema.keys() != _ONLY:
            return find(schema)
        key = (schema["$ref"], *about)
        if key not in self._kept:
            self._kept[key] = find(schema)
        known: T = self._kept[key]
        return known

    def beside(self, schema: Schema, find: Callable[[], T], place: Hashable) -> T:
        """What follows from this schema, the very object, and from what is written at a place."""
        known = self._beside.get(place)
        if known is None or known[0] is not schema:
            known = self._beside[place] = schema, find()
        found: T = known[1]
        return found

    def resolved(self, compiled: Compiled) -> Compiled:
        """As `followed`, with what there is to say against each schema on the way."""
        for _ in range(_MAX_HOPS):
            schema = compiled.schema
            if not isinstance(schema, dict) or not _is_reference(schema):
                break
            end = self.definition(schema["$ref"].removeprefix(_PREFIX))
            broken, warned = compiled.broken or end.broken, compiled.warned or end.warned
            compiled = Compiled(end.schema, end.uses, broken, warned)
        return compiled

    def examples_of(self, node: Any, path: Path) -> list[Example]:
        """Of a parameter or a media type."""
        if not isinstance(node, dict):
            return []
        return examples.of_node(node, path, self._references)

    def merged(self, node: Any, path: Path) -> Merged | None:
        """Of a parent that stands for the schemas which extend it, and of no other schema."""
        target = self._references.follow(node, path)
        if not isinstance(target, Target) or not isinstance(target.value, dict):
            return None
        if not self._converter.discriminators.is_parent(target.value, target.path):
            return None
        if target.path not in self._merged:
            self._merged[target.path] = merged(
                self._converter, target.value, target.path, self._settle_defaults
            )
        return self._merged[target.path]

    def part_of(self, whole: Compiled, schema: Schema) -> Compiled:
        """A member of a compiled schema, with the definitions that this member names."""
        uses = dict.fromkeys(names_in(schema))
        return Compiled(schema, uses, whole.broken, whole.warned)


def _is_reference(schema: dict[str, Any]) -> bool:
    return "$ref" in schema and all(key in ("$ref", "title", "description") for key in schema)
