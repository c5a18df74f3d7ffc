"""A body's schema at another level than below `content`, a media type and `schema`."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from schema_service.domain import pointers
from schema_service.domain.compiling import body_rules
from schema_service.domain.compiling.inputs.media_types import JSON
from schema_service.domain.compiling.json_schema.slips import is_schema, rewritten, type_named
from schema_service.domain.compiling.references import Broken, Path, References, Target
from schema_service.domain.finding import Edit, Finding

MAX_NAMED = 5
"""Fields that a sentence lists."""
_OF_MEDIA = frozenset({"schema", "itemSchema", "example", "examples", "encoding"}) | {
    *("$ref", "summary", "description", "prefixEncoding", "itemEncoding"),
}
"""Members of a media type (OAS 3.2, 4.14)."""
_OF_BODY = frozenset({"description", "content", "schema"})
Node = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Misplaced:
    """A schema, where it stands, and what is to say about that."""

    schema: Any
    path: Path
    finding: Finding


def at_body(body: Node, path: Path, references: References) -> Misplaced | None:
    """Of a body without `content`: below `schema`, or the body itself is one."""
    if "content" in body:
        return None
    inside = body.get("schema")
    if _stands_for_schema(inside, path, references) or _is_broken(inside, path, references):
        content = {JSON: {"schema": inside}}
        edits = [
            Edit("add", pointers.join((*path, "content")), content),
            Edit("remove", pointers.join((*path, "schema"))),
        ]
        return Misplaced(inside, (*path, "schema"), _about(path, "the body", edits))
    if not is_schema(body):
        return None
    whole = {"content": {JSON: {"schema": dict(_of_schema(body))}}}
    kept = {key: each for key, each in body.items() if key == "description"}
    kept |= {"required": True} if body.get("required") is True else {}
    edit = Edit("replace", pointers.join(path), {**kept, **whole})
    return Misplaced(dict(_of_schema(body)), path, _about(path, "the body", [edit]))


def at_reference(node: Node, path: Path, body: Any) -> Misplaced | None:
    """Of a body that is a reference to something which is no body: others may use that as what it
    is, so that the reference is what moves. `body` is where it leads.
    """
    if not isinstance(body, dict) or "content" in body or not is_schema(body):
        return None
    needed = {"required": True} if body.get("required") is True else {}
    edit = Edit("replace", pointers.join(path), {**needed, "content": {JSON: {"schema": node}}})
    return Misplaced(node, path, _about(path, "the body", [edit]))


def is_of_body(path: Path) -> bool:
    """Whether a body belongs there, whoever refers to it (OAS 3.1, 4.8.7 and 4.8.10)."""
    return path[-1:] == ("requestBody",) or path[:-1] == ("components", "requestBodies")


def at_media_type(media: Any, path: Path, references: References) -> Misplaced | None:
    """The media type itself is one, or a reference to one."""
    if not isinstance(media, dict) or "schema" in media:
        return None
    if not _stands_for_schema(media, path, references):
        return None
    edit = Edit("replace", pointers.join(path), {"schema": media})
    return Misplaced(media, path, _about(path, str(path[-1]), [edit]))


def fields_of_media_type(media: Node, path: Path) -> Iterator[Finding]:
    """Fields of the body that stand in the media type itself, where only `schema` has any."""
    names = [name for name in media if name not in _OF_MEDIA and not name.startswith("x-")]
    if not names or media.keys() & {"schema", "itemSchema", "$ref"}:
        return
    shown = names if len(names) <= MAX_NAMED else [*names[:MAX_NAMED], "…"]
    rule, media_type = body_rules.BODY_SCHEMA_MISSING, path[-1]
    finding = rule.at(path, media_type=media_type, names=", ".join(shown))
    fields = {name: _as_field(media[name]) for name in names}
    if not all(fields.values()):
        yield finding
        return
    schema = {"type": "object", "properties": fields}
    edits = [Edit("add", pointers.join((*path, "schema")), schema)]
    edits += [Edit("remove", pointers.join((*path, name))) for name in names]
    yield rewritten(finding, "Make them fields of a schema", edits)


def _as_field(value: Any) -> Node | None:
    """Its schema, where that is what was written, or the name of a type."""
    if is_schema(value) or (isinstance(value, dict) and "$ref" in value):
        return dict(value)
    named = type_named(value, ())
    return None if named is None else named[0]


def _stands_for_schema(node: Any, path: Path, references: References) -> bool:
    target = references.follow(node, path)
    return isinstance(target, Target) and is_schema(target.value)


def _is_broken(node: Any, path: Path, references: References) -> bool:
    """Whether it is a reference to nothing: the operation is blocked, as below a media type."""
    return isinstance(references.follow(node, path), Broken)


def _of_schema(body: Node) -> Iterator[tuple[str, Any]]:
    for key, value in body.items():
        if key not in _OF_BODY and not (key == "required" and isinstance(value, bool)):
            yield key, value


def _about(path: Path, place: str, edits: list[Edit]) -> Finding:
    finding = body_rules.BODY_SCHEMA_MISPLACED.at(path, place=place)
    return rewritten(finding, "Move the schema below content and schema", edits)
