"""Which members an object may have, by the form that it is to have: a type that Pydantic reads."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

from pydantic import TypeAdapter

JsonSchema = dict[str, Any]
DEFINITIONS = "#/$defs/"
MAX_KEPT = 256
"""Forms of bodies in one process; all services together have a few dozen."""


def members_at(form: Any, place: Sequence[str | int]) -> frozenset[str]:
    """Of the object at this place of what has the form; empty where that is not known.

    The JSON Schema of the form is made when it is first asked for, and kept.

    What is no member on the way is the tag of a union, as Pydantic's places have them: all of
    the union's forms count.
    """
    root = _schema_of(form)
    forms = [*_forms(root, root)]
    for part in place:
        inner = [below for each in forms for below in _below(each, part)]
        if inner:
            forms = [each for below in inner for each in _forms(below, root)]
    return frozenset(name for each in forms for name in each.get("properties", ()))


@lru_cache(maxsize=MAX_KEPT)
def _schema_of(form: Any) -> JsonSchema:
    schema: JsonSchema = {} if form is None else TypeAdapter(form).json_schema()
    return schema


def _forms(schema: JsonSchema, root: JsonSchema, levels: int = 8) -> Iterator[JsonSchema]:
    """The schema without references, each alternative for itself."""
    if levels == 0:
        return
    if reference := schema.get("$ref"):
        definition = root.get("$defs", {}).get(reference.removeprefix(DEFINITIONS), {})
        yield from _forms(definition, root, levels - 1)
    for several in ("anyOf", "oneOf", "allOf"):
        for each in schema.get(several, ()):
            yield from _forms(each, root, levels - 1)
    if "properties" in schema or "items" in schema or "additionalProperties" in schema:
        yield schema


def _below(form: JsonSchema, part: str | int) -> Iterator[JsonSchema]:
    candidates = (
        form.get("items") if isinstance(part, int) else form.get("properties", {}).get(part),
        form.get("additionalProperties"),
    )
    yield from (each for each in candidates if isinstance(each, dict))
