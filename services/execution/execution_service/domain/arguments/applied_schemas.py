"""The schemas that say something of one value (JSON Schema 2020-12, Core, 8.2.3 and 10.2)."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

DEFINITIONS: Final = "#/$defs/"
_COMBINED: Final = ("allOf", "anyOf", "oneOf")
_CONDITIONAL: Final = ("if", "then", "else")


def applied_schemas(
    schema: Any, definitions: Mapping[str, Any], *, most: int, conditional: bool = False
) -> Iterator[Mapping[str, Any]]:
    """The schema itself, then what it refers to and is combined of, each once, up to `most`.

    In the order of the document, a reference first. With `conditional` also those of `if` and
    `dependentSchemas`. `definitions` are the members of the root's `$defs`.
    """
    waiting, seen = [schema], set[int]()
    while waiting and len(seen) < most:
        part = waiting.pop()
        if not isinstance(part, Mapping) or id(part) in seen:
            continue
        seen.add(id(part))
        yield part
        waiting += reversed([*_inner(part, definitions, conditional=conditional)])


def _inner(
    part: Mapping[str, Any], definitions: Mapping[str, Any], *, conditional: bool
) -> Iterator[Any]:
    reference = part.get("$ref")
    if isinstance(reference, str):
        yield definitions.get(reference.removeprefix(DEFINITIONS))
    for keyword in _COMBINED:
        yield from part.get(keyword) or ()
    if conditional:
        yield from (part[keyword] for keyword in _CONDITIONAL if keyword in part)
        yield from (part.get("dependentSchemas") or {}).values()
