"""Values of parameters and forms for which a style is not defined (OAS 3.1, 4.8.12.3, 4.8.12.6)."""

from collections.abc import Iterator, Mapping
from itertools import islice

from contracts.operation import PropertyEncoding
from schema_service.domain.compiling import rules
from schema_service.domain.compiling.inputs.shapes import CONTAINERS, Shapes
from schema_service.domain.compiling.inputs.styles import Style
from schema_service.domain.compiling.json_schema.compiled import Schema
from schema_service.domain.compiling.references import Path
from schema_service.domain.finding import Finding

MAX_MEMBERS_SEEN = 200
"""A document may use one long schema thousands of times."""
_PLAIN_TYPES = ("string", "integer", "number", "boolean")
_INSTEAD = {
    "Parameter": "describe it with `content` and application/json",
    "Field": "write contentType: application/json in place of its style",
}
_AS_JSON = "the inner one is sent as JSON text"
_WITH_BRACKETS = "brackets are nested, and a list repeats its name"


def undefined(
    name: str, style: Style, schema: Schema, shapes: Shapes, path: Path
) -> Iterator[Finding]:
    """At most one finding, of a parameter."""
    yield from _about("Parameter", name, style.name, _sent(schema, style.name, shapes), path)


def undefined_in_form(
    encoding: Mapping[str, PropertyEncoding], schema: Schema, shapes: Shapes, media: Path
) -> Iterator[Finding]:
    """Of fields whose encoding has a style; `media` is the place of the media type object."""
    members = shapes.members(schema) if any(each.style for each in encoding.values()) else {}
    for name, each in islice(encoding.items(), MAX_MEMBERS_SEEN):
        if each.style and name in members:
            found = _sent(members[name], each.style, shapes)
            yield from _about("Field", name, each.style, found, (*media, "encoding", name))


def _about(
    what: str, name: str, style: str, found: tuple[str, str] | None, path: Path
) -> Iterator[Finding]:
    if found is not None:
        value, sent = found
        yield rules.STYLE_UNDEFINED.at(
            path, what=what, name=name, value=value, style=style, sent=sent, instead=_INSTEAD[what]
        )


def _sent(schema: Schema, style: str, shapes: Shapes) -> tuple[str, str] | None:
    return _deep(schema, shapes) if style == "deepObject" else _nested(schema, shapes)


def _nested(schema: Schema, shapes: Shapes) -> tuple[str, str] | None:
    if _is_plain(schema) or _is_plain_list(schema):
        return None  # nearly all are, and there may be thousands
    if any(shapes.types(each) & CONTAINERS for each in _inner(schema, shapes)):
        return "an object or a list within another", _AS_JSON
    return None


def _deep(schema: Schema, shapes: Shapes) -> tuple[str, str] | None:
    types = shapes.types(schema) - {"null"}
    if "array" in types:
        return "a list", "its name is repeated for each item"
    if types and "object" not in types:
        return "a single value", "it is sent like any other"
    if any(shapes.types(each) & CONTAINERS for each in _inner(schema, shapes)):
        return "an object or a list within another", _WITH_BRACKETS
    return None


def _inner(schema: Schema, shapes: Shapes) -> Iterator[Schema]:
    yield from islice(shapes.members(schema).values(), MAX_MEMBERS_SEEN)
    yield from shapes.others(schema)
    items = shapes.items(schema)
    if items is not None:
        yield items


def _is_plain(schema: Schema | None) -> bool:
    return isinstance(schema, dict) and schema.get("type") in _PLAIN_TYPES


def _is_plain_list(schema: Schema) -> bool:
    if not isinstance(schema, dict) or schema.get("type") != "array":
        return False
    return _is_plain(schema.get("items"))
