"""Example values of schemas, parameters and media types, as `examples` of JSON Schema."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

import orjson

from contracts.tool_forms.examples import fitting
from schema_service.domain import pointers
from schema_service.domain.compiling import schema_rules
from schema_service.domain.compiling.json_schema.enums import shown
from schema_service.domain.compiling.json_schema.typed import Written, as_declared, fits
from schema_service.domain.compiling.references import Path, References, Target
from schema_service.domain.finding import Edit, Finding

_ONE = ("example", "x-example")
KEYWORDS = frozenset({*_ONE, "examples"})
TITLE = "Write the examples as their type says"
SHARED = ("components", "examples")
"""What stands there, others may use where another type is declared."""


@dataclass(frozen=True, slots=True)
class Example:
    """A value, where the document has it, and how to find its characters there."""

    value: Any
    path: Path = ()
    written: Written = lambda _path: None

    def member(self, name: str) -> "Example":
        return Example(self.value[name], self.step(name), self.written)

    def step(self, name: str | int) -> Path:
        """Where this member is; nowhere in what has no place of its own."""
        return (*self.path, name) if self.path else ()


@dataclass(frozen=True, slots=True)
class Changed:
    """A value within an example that was read as another type."""

    path: Path
    found: Any
    read: Any
    kind: str


def of_node(node: dict[str, Any], path: Path, references: References) -> list[Example]:
    """Of a schema, parameter or media type: `example`, `examples` as a list or by name (OAS 3.1,
    4.8.19), as far as models get them.
    """
    if KEYWORDS.isdisjoint(node):
        return []
    every = [
        Example(value, where, references.written)
        for value, where in _values(node, path, references)
    ]
    first = {id(each.value): each for each in reversed(every)}
    return [first[id(value)] for value in fitting(each.value for each in every)]


def with_examples(schema: Any, examples: Sequence[Example]) -> tuple[Any, list[Changed]]:
    """The schema with these examples before its own, each as its type says, and what changed."""
    if schema is True:
        schema = {}
    if not examples or not isinstance(schema, dict):
        return schema, []
    changed: list[Changed] = []
    read = [_read(each.value, schema, each, changed) for each in examples]
    return {**schema, "examples": fitting([*read, *schema.get("examples", ())])}, changed


def about(changed: Sequence[Changed], path: Path) -> Iterator[Finding]:
    """One finding for all of them; its repair writes each as it was read."""
    for first in changed[:1]:
        finding = schema_rules.EXAMPLE_OF_OTHER_TYPE.at(
            first.path or path, value=shown(first.found, first.read), kind=first.kind
        )
        own = [each for each in changed if each.path[:2] != SHARED]
        edits = [Edit("replace", pointers.join(each.path), each.read) for each in own]
        yield finding.repaired_by(TITLE, *edits) if edits else finding


def members_of(examples: Sequence[Example], name: str) -> list[Example]:
    """What examples of an object say about one of its members."""
    return [
        each.member(name)
        for each in examples
        if isinstance(each.value, dict) and name in each.value
    ]


def _values(node: dict[str, Any], path: Path, references: References) -> Iterator[tuple[Any, Path]]:
    for keyword in _ONE:
        if keyword in node:
            yield node[keyword], (*path, keyword)
    several = node.get("examples")
    if isinstance(several, list):
        yield from ((each, (*path, "examples", i)) for i, each in enumerate(several))
    for name, each in several.items() if isinstance(several, dict) else ():
        target = references.follow(each, (*path, "examples", name))
        if not isinstance(target, Target) or not isinstance(target.value, dict):
            continue
        for keyword in ("dataValue", "value"):
            if keyword in target.value:
                yield target.value[keyword], (*target.path, keyword)
                break
        else:
            yield from _serialised(target.value, path)


def _serialised(node: dict[str, Any], media: Path) -> Iterator[tuple[Any, Path]]:
    """The value of an example that stands there as JSON text alone (OAS 3.2, 4.19): within a text
    its members have no places.
    """
    text = node.get("serializedValue")
    is_json = len(media) > 1 and media[-2] == "content" and "json" in str(media[-1])
    if not (is_json and isinstance(text, str)):
        return
    with suppress(orjson.JSONDecodeError):
        yield orjson.loads(text), ()


def _read(value: Any, schema: Any, example: Example, changed: list[Changed]) -> Any:
    """As the types say that stand in the schema itself; fitting values are small."""
    if not isinstance(schema, dict):
        return value
    kinds = schema.get("type", ())
    kinds = [kinds] if isinstance(kinds, str) else kinds
    if not kinds or fits(value, kinds):
        return _members(value, schema, example, changed)
    if value is None:
        return value
    read = as_declared(value, kinds, example.path, example.written)
    if read is pointers.MISSING:
        return value
    if example.path:
        changed.append(Changed(example.path, value, read, " or ".join(kinds)))
    return read


def _members(value: Any, schema: dict[str, Any], example: Example, changed: list[Changed]) -> Any:
    if isinstance(value, list):
        items = schema.get("items")
        steps = [replace(example, path=example.step(i)) for i in range(len(value))]
        pairs = zip(value, steps, strict=True)
        return [_read(each, items, step, changed) for each, step in pairs]
    if isinstance(value, dict):
        known = schema.get("properties", {})
        return {
            name: _read(each, known.get(name), replace(example, path=example.step(name)), changed)
            for name, each in value.items()
        }
    return value
