"""Example values of schemas, parameters and media types, as `examples` of JSON Schema."""

from collections.abc import Iterator, Sequence
from typing import Any

from contracts.tool_forms.examples import fitting
from schema_service.domain import pointers
from schema_service.domain.compiling.json_schema.typed import fits, fitted
from schema_service.domain.compiling.references import References, Target

_ONE = ("example", "x-example")
KEYWORDS = frozenset({*_ONE, "examples"})


def of_node(node: dict[str, Any], references: References) -> list[Any]:
    """Of a schema, parameter or media type: `example`, `examples` as a list or by name (OAS 3.1,
    4.8.19), as far as models get them.
    """
    return [] if KEYWORDS.isdisjoint(node) else fitting(_values(node, references))


def with_examples(schema: Any, values: Sequence[Any]) -> Any:
    """The schema with these examples before its own, each as its type says."""
    if not values or not isinstance(schema, dict):
        return {"examples": list(values)} if values and schema is True else schema
    kinds = schema.get("type", ())
    kinds = [kinds] if isinstance(kinds, str) else kinds
    read = [_read(value, kinds) for value in [*values, *schema.get("examples", ())]]
    return {**schema, "examples": fitting(read)}


def members_of(values: Sequence[Any], name: str) -> list[Any]:
    """What examples of an object say about one of its members."""
    return [value[name] for value in values if isinstance(value, dict) and name in value]


def _values(node: dict[str, Any], references: References) -> Iterator[Any]:
    for keyword in _ONE:
        if keyword in node:
            yield node[keyword]
    several = node.get("examples")
    if isinstance(several, list):
        yield from several
    for each in several.values() if isinstance(several, dict) else ():
        target = references.follow(each, ())
        value: dict[str, Any] = {}
        if isinstance(target, Target) and isinstance(target.value, dict):
            value = target.value
        for keyword in ("dataValue", "value"):
            if keyword in value:
                yield value[keyword]
                break


def _read(value: Any, kinds: Sequence[str]) -> Any:
    if not kinds or fits(value, kinds):
        return value
    read = fitted(value, kinds)
    return value if read is pointers.MISSING else read
