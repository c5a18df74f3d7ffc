"""All schemas of one document as JSON Schema 2020-12, each component converted once.

Nothing is dereferenced: an operation takes along, as `$defs`, the components it can reach.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import orjson

from schema_service.domain.compiling.json_schema.conversion import Compiled, Converter, Schema
from schema_service.domain.compiling.names import Names, definition_name
from schema_service.domain.compiling.references import Path, References, Target
from schema_service.domain.finding import Finding


@dataclass(slots=True)
class Definitions:
    """What one operation's `$defs` come to; `cut` names those that did not fit."""

    schemas: dict[str, Schema] = field(default_factory=dict)
    broken: bool = False
    warned: bool = False
    cut: list[str] = field(default_factory=list)


class Schemas:
    def __init__(self, references: References, found: list[Finding], *, alone: bool) -> None:
        self._converter = Converter(references, found, self._name, alone=alone)
        self._names: dict[Path, str] = {}
        self._taken = Names()
        self._sources: dict[str, Target] = {}
        self._compiled: dict[str, Compiled] = {}
        self._sizes: dict[str, int] = {}

    def compile(self, node: Any, path: Path) -> Compiled:
        return self._converter.convert(node, path)

    def definitions(self, uses: Iterable[str], max_bytes: int) -> Definitions:
        """All that these names reach, nearest first; what does not fit accepts anything."""
        result, waiting, room = Definitions(), dict.fromkeys(uses), max_bytes
        while waiting:
            name = next(iter(waiting))
            del waiting[name]
            compiled = self.definition(name)
            result.broken = result.broken or compiled.broken
            result.warned = result.warned or compiled.warned
            if self._sizes[name] > room:
                result.schemas[name] = True
                result.cut.append(name)
                continue
            room -= self._sizes[name]
            result.schemas[name] = compiled.schema
            waiting.update((use, None) for use in compiled.uses if use not in result.schemas)
        return result

    def definition(self, name: str) -> Compiled:
        compiled = self._compiled.get(name)
        if compiled is None:
            source = self._sources[name]
            compiled = self._compiled[name] = self.compile(source.value, source.path)
            self._sizes[name] = len(orjson.dumps(compiled.schema))
        return compiled

    def _name(self, target: Target) -> str:
        name = self._names.get(target.path)
        if name is None:
            wanted = str(target.path[-1]) if target.path else "document"
            name = self._names[target.path] = definition_name(wanted, self._taken)
            self._sources[name] = target
        return name
