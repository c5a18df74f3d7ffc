"""Parameters (OAS 3.1, 4.8.12; Swagger 2.0, parameter object) as one thing with a schema each."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from contracts.headers import ACCEPT, is_reserved_parameter, is_token
from contracts.operation import Location, Parameter, PropertyEncoding
from schema_service.domain import pointers
from schema_service.domain.compiling import rules
from schema_service.domain.compiling.dialect import Dialect
from schema_service.domain.compiling.inputs.encodings import Encodings
from schema_service.domain.compiling.inputs.media_types import is_written
from schema_service.domain.compiling.inputs.sendable import Left, Way, about_values, sendable
from schema_service.domain.compiling.inputs.shapes import CONTAINERS, Shapes
from schema_service.domain.compiling.inputs.styles import Style, style_of
from schema_service.domain.compiling.inputs.undefined_styles import undefined
from schema_service.domain.compiling.json_schema.compiled import Compiled, Schema
from schema_service.domain.compiling.json_schema.examples import (
    Changed,
    Example,
    about,
    with_examples,
)
from schema_service.domain.compiling.json_schema.nullable import without_null
from schema_service.domain.compiling.json_schema.schemas import Schemas
from schema_service.domain.compiling.references import Broken, Path, References
from schema_service.domain.compiling.wrong_types import parameters_as_object
from schema_service.domain.finding import Edit, Finding
from schema_service.domain.misspelt import misspelt

_CREDENTIALS = "Credentials belong into the action's authentication."
_WAYS = {
    "accept": "It is made of the media types of the operation's responses; a caller chooses one "
    "of them with `accept`.",
    "content-type": "It is made of the media types of the operation's request body; a caller "
    "chooses one of them with `content_type`.",
    "authorization": _CREDENTIALS,
    "cookie": _CREDENTIALS,
    "proxy-authorization": _CREDENTIALS,
}
_NO_WAY = "Nothing is to be done; to have no warning, leave the parameter out of the document."


@dataclass(frozen=True, slots=True)
class Declared:
    """One parameter as the document declares it, its references followed."""

    name: str
    location: str
    node: dict[str, Any]
    path: Path
    shared: bool = False
    """Declared elsewhere, where other operations may refer to it too."""
    said: str = ""
    """The description beside the reference to it, which wins over its own (OAS 3.1, 4.8.23)."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A parameter that a call sends: where, how, and which schema its value must match."""

    name: str
    location: Location
    required: bool
    style: Style
    schema: Compiled
    content_type: str | None = None
    encoding: dict[str, PropertyEncoding] = field(default_factory=dict)

    @property
    def is_sent_by_default(self) -> bool:
        """Whether its default is sent: what is required cannot be left out, and APIs look for
        headers that say a version.
        """
        return self.required or self.location is Location.HEADER

    def as_argument(self, argument: str) -> Parameter:
        return Parameter(
            argument=argument,
            name=self.name,
            location=self.location,
            required=self.required,
            style=self.style.name,
            explode=self.style.explode,
            allow_reserved=self.style.allow_reserved,
            allow_empty_value=self.style.allow_empty_value,
            content_type=self.content_type,
            encoding=self.encoding,
            delimiter=self.style.delimiter,
            is_encoded=self.style.is_encoded,
            inner_delimiters=self.style.inner,
        )


@dataclass(frozen=True, slots=True)
class Prepared:
    """How a parameter is sent, or None where it is not; `broken` if a call needs it anyway."""

    sent: Sent | None
    found: tuple[Finding, ...] = ()
    broken: bool = False


class Compiling(Protocol):
    """What preparing a parameter takes of `Context`."""

    @property
    def references(self) -> References: ...
    @property
    def schemas(self) -> Schemas: ...
    @property
    def dialect(self) -> Dialect: ...


@dataclass(slots=True)
class Declarations:
    """What a path item and an operation declare together (OAS 4.8.9.1, `parameters`)."""

    parameters: list[Declared] = field(default_factory=list)
    found: list[Finding] = field(default_factory=list)
    broken: bool = False


def declared(
    lists: list[tuple[Any, Path]], references: References, where: dict[str, str]
) -> Declarations:
    """Later lists override earlier ones; within a list, the first of a name and location counts."""
    result, known = Declarations(), {}
    for entries, path in lists:
        if entries is None:
            continue
        if not isinstance(entries, list):
            result.found.append(parameters_as_object(entries, path))
            continue
        own: dict[tuple[str, str], Declared] = {}
        for index, entry in enumerate(entries):
            parameter = _one(entry, (*path, index), references, where, result)
            if parameter is None:
                continue
            key = (parameter.name, parameter.location)
            if key in own:
                finding = rules.PARAMETER_REPEATED.at((*path, index), name=parameter.name, **where)
                edit = Edit("remove", finding.pointer)
                result.found.append(
                    finding.repaired_by(f"Remove the second {parameter.name}", edit)
                )
            else:
                own[key] = parameter
        known.update(own)
    result.parameters = list(known.values())
    return result


def _one(
    entry: Any, path: Path, references: References, where: dict[str, str], into: Declarations
) -> Declared | None:
    target = references.follow(entry, path)
    if isinstance(target, Broken):
        into.found.append(target.at((*path, "$ref")))
        into.broken = True
        return None
    node = target.value
    name, location = (node.get("name"), node.get("in")) if isinstance(node, dict) else (None, None)
    if not isinstance(name, str) or not isinstance(location, str) or not name:
        into.found.append(rules.PARAMETER_BROKEN.at(path, name=name or path[-1], **where))
        into.broken = True
        return None
    shared = target.path != path
    said = entry.get("description") if shared and isinstance(entry, dict) else None
    said = said if isinstance(said, str) else ""
    return Declared(name, location, node, target.path, shared=shared, said=said)


def prepared(parameter: Declared, context: Compiling) -> Prepared:
    """As it is sent, or why it is not."""
    refused = _refused(parameter)
    if refused is not None:
        return refused
    name, node, path = parameter.name, parameter.node, parameter.path
    location = Location(parameter.location)
    required = node.get("required") is True
    style, found = style_of(node, location, path)
    found += _optional_in_path(name, location, path, required=required)
    content = _content(node, path, context)
    compiled = context.schemas.compile(content.schema, content.path)
    if content.media_type is None and not style.inner:
        found += undefined(name, style, compiled.schema, Shapes(context.schemas), path)
    found += _sent_as_json(name, content, compiled, context, path)
    if location is Location.PATH:
        compiled = _never_null(compiled, context.schemas)
    compiled, changed = exemplified(compiled, [*_examples(node, path, context.schemas)])
    found += about(changed, path)
    always = required or location is Location.PATH
    left = Left(compiled)
    if content.media_type is None:
        way = Way(location, style.is_encoded)
        left = sendable(compiled, way, content.path, context.schemas)
    found += [*left.found, *about_values(left, name, path, always=always)]
    if left.is_empty and not always:
        return Prepared(None, tuple(found))
    compiled = left.compiled
    if name.lower() == ACCEPT and location is Location.HEADER:
        if not _is_constant(context.schemas.followed(compiled.schema)):
            return Prepared(None, (_reserved(parameter),))
        always = True
    sent = Sent(
        name,
        location,
        always,
        style,
        described(compiled, node.get("description")),
        content.media_type,
        content.encoding,
    )
    return Prepared(sent, tuple(found), broken=left.is_empty)


def _optional_in_path(
    name: str, location: Location, path: Path, *, required: bool
) -> Iterator[Finding]:
    if location is Location.PATH and not required:
        edit = Edit("add", pointers.join((*path, "required")), value=True)
        finding = rules.PATH_PARAMETER_OPTIONAL.at(path, name=name)
        yield finding.repaired_by("Make it required", edit)


def _never_null(compiled: Compiled, schemas: Schemas) -> Compiled:
    schema = schemas.followed(compiled.schema)
    plain = without_null(schema)
    if plain == schema:
        return compiled
    whole = schemas.resolved(compiled)
    return replace(whole, schema=plain, uses=schemas.part_of(whole, plain).uses, _size=None)


def _sent_as_json(
    name: str, content: "_Content", compiled: Compiled, context: Compiling, path: Path
) -> Iterator[Finding]:
    """Of an object or a list in a media type in which no parameter is written."""
    media_type = content.media_type
    if media_type is None or is_written(media_type):
        return
    if Shapes(context.schemas).types(compiled.schema) & CONTAINERS:
        yield rules.CONTENT_AS_JSON.at(path, name=name, media_type=media_type[:80])


def _refused(parameter: Declared) -> Prepared | None:
    name, path = parameter.name, parameter.path
    required = parameter.node.get("required") is True
    if parameter.location not in _LOCATIONS:
        rule = rules.PARAMETER_UNSUPPORTED if required else rules.PARAMETER_LEFT_OUT
        finding = rule.at(path, name=name, location=parameter.location)
        meant = misspelt(parameter.location, _LOCATIONS)
        if meant:
            edit = Edit("replace", pointers.join((*path, "in")), str(meant))
            finding = finding.repaired_by(f"Write in: {meant}", edit)
        return Prepared(None, (finding,), broken=required)
    if parameter.location != Location.HEADER or name.lower() == ACCEPT:
        return None
    if is_reserved_parameter(name):
        return Prepared(None, (_reserved(parameter),))
    if not is_token(name):
        rule = rules.HEADER_NAME_INVALID if required else rules.HEADER_NAME_LEFT_OUT
        return Prepared(None, (rule.at(path, name=name),), broken=required)
    return None


def _reserved(parameter: Declared) -> Finding:
    way = _WAYS.get(parameter.name.strip().lower(), _NO_WAY)
    return rules.PARAMETER_RESERVED.at(
        parameter.path, name=parameter.name, location=parameter.location, way=way
    )


def _is_constant(schema: Schema) -> bool:
    """`Accept` is the platform's (OAS 3.1, 4.8.12.1), unless the document gives its value."""
    if not isinstance(schema, dict):
        return False
    values = [schema["const"]] if "const" in schema else schema.get("enum", ())
    return len(values) == 1 and isinstance(values[0], str)


def described(compiled: Compiled, description: Any) -> Compiled:
    """A parameter's own description wins over its schema's."""
    if not isinstance(description, str) or not description:
        return compiled
    schema = compiled.schema if isinstance(compiled.schema, dict) else {}
    return replace(compiled, schema={**schema, "description": description}, _size=None)


def called(compiled: Compiled, original: str, name: str) -> Compiled:
    """With the original name before its description, where it has another one here."""
    if name == original or compiled.schema is False:
        return compiled
    schema = compiled.schema if isinstance(compiled.schema, dict) else {}
    about = f"Called {original} in the API. {schema.get('description', '')}".rstrip()
    return replace(compiled, schema={**schema, "description": about}, _size=None)


def exemplified(compiled: Compiled, examples: Sequence[Example]) -> tuple[Compiled, list[Changed]]:
    """With these examples before those of the schema, and which were read as another type."""
    if not examples:
        return compiled, []
    schema, changed = with_examples(compiled.schema, examples)
    return replace(compiled, schema=schema, _size=None), changed


def _examples(node: dict[str, Any], path: Path, schemas: Schemas) -> Iterator[Example]:
    """Of the parameter, and of the media type in its `content`."""
    yield from schemas.examples_of(node, path)
    content = node.get("content")
    for name, media in content.items() if isinstance(content, dict) else ():
        yield from schemas.examples_of(media, (*path, "content", name))


def undeclared(name: str) -> Sent:
    """A path parameter that the template has and nothing describes: a text."""
    style = Style("simple", explode=False)
    return Sent(name, Location.PATH, required=True, style=style, schema=_TEXT)


def fixed_query(name: str, value: str) -> Sent:
    """A query parameter that the path itself states."""
    style = Style("form", explode=True)
    constant = Compiled({"const": value})
    return Sent(name, Location.QUERY, required=True, style=style, schema=constant)


def open_query(name: str) -> Sent:
    """A query parameter whose value the path leaves open, and nothing describes: a text."""
    style = Style("form", explode=True)
    return Sent(name, Location.QUERY, required=True, style=style, schema=_TEXT)


@dataclass(frozen=True, slots=True)
class _Content:
    """Where a parameter's schema is, and the media type in which its value is written."""

    schema: Any
    path: Path
    media_type: str | None = None
    encoding: dict[str, PropertyEncoding] = field(default_factory=dict)


def _content(node: dict[str, Any], path: Path, context: Compiling) -> _Content:
    """Under `schema`, under the one media type of `content`, or (2.0) in the parameter itself."""
    content = node.get("content")
    if isinstance(content, dict) and content:
        media_type, media = next(iter(content.items()))
        target = context.references.follow(media, (*path, "content", media_type))
        if isinstance(target, Broken):
            return _Content(media, (*path, "content", media_type))  # compiling says so
        media = target.value if isinstance(target.value, dict) else {}
        where = (*target.path, "schema")
        encodings = Encodings(context.references, context.dialect, is_multipart=False)
        encoding = encodings.of(media.get("encoding"))
        return _Content(media.get("schema", True), where, str(media_type), encoding)
    if "schema" in node:
        return _Content(node["schema"], (*path, "schema"))
    inline = {key: value for key, value in node.items() if key not in _NOT_OF_SCHEMA}
    return _Content(inline or True, path)


_TEXT = Compiled({"type": "string"})
_LOCATIONS = frozenset(Location)
_NOT_OF_SCHEMA = frozenset(
    {"name", "in", "description", "required", "collectionFormat", "allowEmptyValue", "style"}
    | {"explode", "allowReserved", "example", "examples", "content", "deprecated"}
)
