"""A request body as arguments: members of an object become arguments of their own, anything else
is one argument.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from contracts.operation import Body, Kind, PropertyEncoding, XmlName
from contracts.xml_name import qualified
from schema_service.domain.compiling import body_rules
from schema_service.domain.compiling.dialect import Dialect
from schema_service.domain.compiling.inputs.arguments import Arguments
from schema_service.domain.compiling.inputs.bodies import Payload
from schema_service.domain.compiling.inputs.file_arguments import (
    described,
    file_argument,
    files_argument,
)
from schema_service.domain.compiling.inputs.kinds import Kinds
from schema_service.domain.compiling.inputs.media_types import (
    JSON,
    essence,
    is_form,
    is_multipart,
    is_range,
    sent_as_form,
)
from schema_service.domain.compiling.inputs.parameters import called, exemplified
from schema_service.domain.compiling.inputs.parameters import described as about
from schema_service.domain.compiling.inputs.sequences import compiled_body
from schema_service.domain.compiling.inputs.shapes import CONTAINERS
from schema_service.domain.compiling.inputs.undefined_styles import undefined_in_form
from schema_service.domain.compiling.inputs.xml_names import root_name
from schema_service.domain.compiling.json_schema.compiled import Compiled, Schema
from schema_service.domain.compiling.json_schema.examples import Example, members_of
from schema_service.domain.compiling.kept import WHOLE_BODY
from schema_service.domain.finding import Finding

MAX_MEMBERS = 1_000
"""An object with more members than a model could ever fill stays one argument."""
_MAX_DEPENDENCIES = 10_000
_FLAT = frozenset(
    {"type", "properties", "required", "additionalProperties", "title", "description", "default"}
    | {"examples", "deprecated", "format", "xml"}
)
"""An object schema with nothing else can be taken apart into its members."""
_CONCRETE: Mapping[tuple[str, Kind | None], str] = {
    ("*/*", Kind.JSON): JSON,
    ("application/*", Kind.JSON): JSON,
    ("text/*", Kind.TEXT): "text/plain",
}
"""What is sent where a document names a range. A file says its own type."""
_PLAIN = PropertyEncoding()
_FILES = (Kind.FILE, Kind.FILES)


@dataclass(frozen=True, slots=True)
class _Made:
    """One way to make the body: the payload, its schema, and what it is on the wire."""

    payload: Payload
    compiled: Compiled
    schema: Schema
    """With references followed."""
    kind: Kind | None

    @property
    def has_members(self) -> bool:
        return self.kind in (None, Kind.JSON, Kind.XML)


def add_body(
    to: Arguments,
    payload: Payload,
    dialect: Dialect,
    max_members: int = MAX_MEMBERS,
    examples: Sequence[Example] = (),
) -> list[Finding]:
    """`examples` are those of the media type. What there is to say about the whole; with an error
    among it, and where it says so, there is no body.
    """
    kinds = Kinds.of(to.schemas, dialect)
    made = _made(payload, compiled_body(payload, to.schemas), kinds)
    if types := _no_fields(made, kinds):
        rule = body_rules.FORM_OF_NO_OBJECT if payload.required else body_rules.FORM_LEFT_OUT
        shown = " or ".join(sorted(types))
        return [rule.at(payload.path, media_type=payload.media_type, types=shown)]
    flat = _flat(to, made, max_members)
    if flat is None:
        body = _whole(to, made, kinds, examples)
    else:
        body = _taken_apart(to, flat.made, kinds, examples)
        to.conditions += _renamed(flat.needed, body)
    same = (payload.schema, payload.items)
    others = [each for each in payload.others if (each.schema, each.items) == same]
    made_alike = (_made(other, made.compiled, kinds) for other in others)
    alternatives = [_alternative(body, other, kinds) for other in made_alike]
    to.body = body.model_copy(
        update={
            "alternatives": tuple(each for each in alternatives if each is not None),
            "other_media_types": tuple(other.media_type for other in payload.others),
        }
    )
    found = [] if flat else [*_about_text(made, kinds)]
    return [*found, *_about_styles(made, kinds)]


def _about_styles(made: _Made, kinds: Kinds) -> Iterator[Finding]:
    """Of an OpenAPI 3 form: Swagger 2.0 has its styles at parameters."""
    payload = made.payload
    if is_form(payload.media_type) and payload.path[-1:] == ("schema",):
        schema, media = made.compiled.schema, payload.path[:-1]
        yield from undefined_in_form(payload.encoding, schema, kinds.shapes, media)


def _no_fields(made: _Made, kinds: Kinds) -> set[str]:
    """The types of a form's schema where none of them can be sent as one. A text may be a form of
    application/x-www-form-urlencoded that is written already.
    """
    media_type = made.payload.media_type
    if not is_form(media_type):
        return set()
    said = kinds.shapes.types(made.compiled.schema) or kinds.shapes.listed(made.compiled.schema)
    types = said - {"null"} or said
    return set() if types & sent_as_form(media_type) else types


def _about_text(made: _Made, kinds: Kinds) -> Iterator[Finding]:
    """Nothing makes a table or lines of JSON of an object."""
    types = kinds.shapes.types(made.compiled.schema) & CONTAINERS
    if made.kind is Kind.TEXT and types:
        kind = "list" if "array" in types else "object"
        yield body_rules.BODY_AS_TEXT.at(
            made.payload.path, media_type=made.payload.media_type, kind=kind
        )


@dataclass(frozen=True, slots=True)
class _Flat:
    """An object whose members become arguments, and what some of their values need besides."""

    made: _Made
    needed: list[dict[str, Any]]


def _flat(to: Arguments, made: _Made, max_members: int) -> _Flat | None:
    if not made.has_members:
        return None
    merged = to.schemas.merged(made.payload.schema, made.payload.path)
    if merged is not None and _is_flat(merged.whole.schema, max_members):
        whole, needed = merged.whole, merged.needed
    else:
        whole, needed = to.schemas.resolved(made.compiled), []
    if not _is_flat(whole.schema, max_members):
        return None
    return _Flat(replace(made, compiled=whole, schema=whole.schema), needed)


def _made(payload: Payload, compiled: Compiled, kinds: Kinds) -> _Made:
    schema = kinds.shapes.schemas.followed(compiled.schema)
    if is_form(payload.media_type):
        return _Made(payload, compiled, schema, None)
    kind = kinds.of_body(payload.media_type, compiled.schema)
    media_type = _CONCRETE.get((essence(payload.media_type), kind), payload.media_type)
    return _Made(replace(payload, media_type=media_type), compiled, schema, kind)


def _body(made: _Made, kinds: Kinds, **more: Any) -> Body:
    payload = made.payload
    is_file = made.kind is Kind.FILE
    url_safe = is_file and kinds.encoding_of(made.compiled.schema) == "base64url"
    encoding = payload.encoding
    others = None
    if is_multipart(payload.media_type):
        encoding = _known_parts(made, kinds)
        others = _other_parts(made, kinds)
    body = Body(
        media_type=payload.media_type,
        required=payload.required is True,
        other_encoding=others,
        inner_delimiters=payload.inner_delimiters,
        whole=PropertyEncoding(kind=made.kind, base64url=url_safe),
        xml=_root(made) if made.kind is Kind.XML else None,
        **more,
    )
    return body.model_copy(update={"encoding": encoding})  # all bodies of one place share it


def _alternative(body: Body, made: _Made, kinds: Kinds) -> Body | None:
    """The same arguments in another media type; None where it cannot be made from them."""
    is_object = not _is_scalar(made, kinds)
    if (is_object and not made.has_members) or is_range(made.payload.media_type):
        return None
    if made.kind is Kind.FILE and body.whole.kind is not Kind.FILE:
        return None
    more = {"members": body.members, "extra_members": body.extra_members}
    return _body(made, kinds, argument=body.argument, **more)


def _known_parts(made: _Made, kinds: Kinds) -> dict[str, PropertyEncoding]:
    """Once for each body that is written, however many operations have it."""
    place = ("parts", made.payload.path, made.payload.media_type)
    return kinds.shapes.schemas.beside(made.compiled.schema, lambda: _parts(made, kinds), place)


def _parts(made: _Made, kinds: Kinds) -> dict[str, PropertyEncoding]:
    """How each property is sent."""
    declared = made.payload.encoding
    parts = dict(declared)
    members = kinds.shapes.members(made.compiled.schema)
    for name, schema in islice(members.items(), MAX_MEMBERS):
        parts[name] = _part(schema, declared.get(name, _PLAIN), kinds)
    return parts


def _other_parts(made: _Made, kinds: Kinds) -> PropertyEncoding | None:
    """How each property is sent that nothing names; None where its value says that."""
    schema = next(iter(kinds.shapes.others(made.compiled.schema)), None)
    if schema is None:
        return None
    part = _part(schema, _PLAIN, kinds)
    return part if part.kind in _FILES else None


def _part(schema: Schema, encoding: PropertyEncoding, kinds: Kinds) -> PropertyEncoding:
    kind = kinds.of_part(schema, encoding)
    changes: dict[str, Any] = {"kind": kind}
    if encoding.content_type is None and kind is not Kind.JSON:
        changes["content_type"] = kinds.media_type_of(schema)
    if kind in _FILES:
        changes["base64url"] = kinds.encoding_of(schema) == "base64url"
    return encoding.model_copy(update=changes)


def _root(made: _Made) -> XmlName:
    schema = made.schema if isinstance(made.schema, dict) else {}
    xml = schema.get("xml") or made.payload.xml  # alternatives of a discriminator have none
    texts = {key: xml[key] for key in ("prefix", "namespace") if isinstance(xml.get(key), str)}
    name = qualified(root_name(made.payload.schema, xml), texts.get("prefix", ""))
    return XmlName(
        name=name.local,
        prefix=name.prefix,
        namespace=texts.get("namespace", ""),
        namespaces=made.payload.xml_namespaces,
    )


def _whole(to: Arguments, made: _Made, kinds: Kinds, examples: Sequence[Example]) -> Body:
    body = _body(made, kinds)
    name = to.name(*reversed(WHOLE_BODY))
    if not (isinstance(made.schema, dict) and made.schema.get("description")):
        made = replace(made, compiled=about(made.compiled, made.payload.description))
    compiled = _whole_schema(made, body, kinds)
    if made.kind is not Kind.FILE:
        compiled, _ = exemplified(compiled, examples)
    to.take(name, compiled, required=made.payload.required is True)
    return body.model_copy(update={"argument": name})


def _whole_schema(made: _Made, body: Body, kinds: Kinds) -> Compiled:
    """A text has the schema that it is declared with, unless that is an object's or a list's."""
    if made.kind is Kind.FILE:
        named = is_range(made.payload.media_type)
        return file_argument(made.compiled, kinds, named=named, media_type=made.payload.media_type)
    if is_form(made.payload.media_type):
        return _as_form(made, body, kinds)
    if made.kind is Kind.TEXT and not _is_scalar(made, kinds):
        return described(Compiled({"type": "string"}), made.compiled, "")
    return made.compiled


def _as_form(made: _Made, body: Body, kinds: Kinds) -> Compiled:
    """Only with values that are sent as one, also where the schema admits any."""
    compiled = kinds.shapes.only(made.compiled, sent_as_form(made.payload.media_type))
    files = [name for name, each in body.encoding.items() if each.kind in _FILES]
    if body.other_encoding is not None:
        files.append("all other members")
    if not files:
        return compiled
    return described(compiled, compiled, f"Give the bytes of {', '.join(files)} in base64.")


def _is_scalar(made: _Made, kinds: Kinds) -> bool:
    if made.schema is True or made.schema == {}:
        return False
    return not kinds.shapes.types(made.compiled.schema) & {"object", "array"}


def _taken_apart(to: Arguments, made: _Made, kinds: Kinds, examples: Sequence[Example]) -> Body:
    payload, schema = made.payload, made.schema
    assert isinstance(schema, dict)  # noqa: S101 - it is flat
    properties: dict[str, Schema] = schema["properties"]
    wanted = schema.get("required", [])
    body = _body(made, kinds)
    examples = [*examples, *map(Example, schema.get("examples", ()))]
    names: dict[str, str] = {}
    for member in [*properties, *(name for name in wanted if name not in properties)]:
        names[member] = to.name(member, "body")
        part = to.schemas.part_of(made.compiled, properties.get(member, True))
        part, _ = exemplified(part, members_of(examples, member))
        part = called(
            _asked_for(part, body.encoding.get(member, _PLAIN), kinds), member, names[member]
        )
        to.take(names[member], part, required=member in wanted and payload.required is not False)
        if member in payload.sent_by_default:
            to.send_default(names[member], part.schema)
    if payload.required is False:
        to.dependent = _dependent(names, [names[member] for member in wanted])
    to.extra = schema.get("additionalProperties", False)
    if isinstance(to.extra, dict):
        part = to.schemas.part_of(made.compiled, to.extra)
        to.extra = _asked_for(part, body.other_encoding or _PLAIN, kinds).schema
        to.uses.update(part.uses)
    return body.model_copy(
        update={
            "members": {name: member for member, name in names.items()},
            "extra_members": to.extra is not False,
        }
    )


def _asked_for(part: Compiled, encoding: PropertyEncoding, kinds: Kinds) -> Compiled:
    if encoding.kind is Kind.FILE:
        return file_argument(part, kinds, named=True, media_type=encoding.content_type)
    if encoding.kind is Kind.FILES:
        return files_argument(part, kinds, encoding.content_type)
    return part


def _renamed(conditions: list[dict[str, Any]], body: Body) -> Iterator[dict[str, Any]]:
    """Conditions on members as conditions on the arguments that they became."""
    names = {member: argument for argument, member in (body.members or {}).items()}
    for each in conditions:
        yield {keyword: _of_arguments(part, names) for keyword, part in each.items()}


def _of_arguments(part: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    renamed: dict[str, Any] = {}
    if "properties" in part:
        renamed["properties"] = {names[name]: each for name, each in part["properties"].items()}
    if "required" in part:
        renamed["required"] = [names[name] for name in part["required"]]
    return renamed


def _dependent(names: dict[str, str], needed: list[str]) -> dict[str, list[str]]:
    """An optional body needs its required members once it has any."""
    if len(names) * len(needed) > _MAX_DEPENDENCIES:
        return {}
    others = {name: [each for each in needed if each != name] for name in names.values()}
    return {name: each for name, each in others.items() if each}


def _is_flat(schema: Schema, max_members: int) -> bool:
    if not isinstance(schema, dict) or not set(schema) <= _FLAT:
        return False
    properties, required = schema.get("properties", {}), schema.get("required", ())
    few = 0 < len(properties) <= max_members and len(required) <= max_members
    return few and schema.get("type", "object") == "object"
