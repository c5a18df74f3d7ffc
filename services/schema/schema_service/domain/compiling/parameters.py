"""Parameters (OAS 3.1, 4.8.12; Swagger 2.0, parameter object) as one thing with a schema each."""

from dataclasses import dataclass, field
from typing import Any

from contracts.operation import Location
from schema_service.domain.compiling import rules
from schema_service.domain.compiling.references import Broken, Path, References
from schema_service.domain.compiling.reserved import is_reserved
from schema_service.domain.compiling.styles import Style, style_of
from schema_service.domain.finding import Finding


@dataclass(frozen=True, slots=True)
class Declared:
    """One parameter as the document declares it, its references followed."""

    name: str
    location: str
    node: dict[str, Any]
    path: Path


@dataclass(frozen=True, slots=True)
class Sent:
    """A parameter that a call sends: where, how, and which schema its value must match."""

    name: str
    location: Location
    required: bool
    style: Style
    schema: Any
    schema_path: Path
    description: str = ""
    content_type: str | None = None


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
            result.found.append(rules.WRONG_TYPE.at(path, name="parameters", wanted="a list"))
            continue
        own: dict[tuple[str, str], Declared] = {}
        for index, entry in enumerate(entries):
            parameter = _one(entry, (*path, index), references, where, result)
            if parameter is None:
                continue
            key = (parameter.name, parameter.location)
            if key in own:
                place = (*path, index)
                result.found.append(
                    rules.PARAMETER_REPEATED.at(place, name=parameter.name, **where)
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
        into.found.append(target.rule.at(path, reference=target.reference))
        into.broken = True
        return None
    node = target.value
    name, location = (node.get("name"), node.get("in")) if isinstance(node, dict) else (None, None)
    if not isinstance(name, str) or not isinstance(location, str) or not name:
        into.found.append(rules.PARAMETER_BROKEN.at(path, name=name or path[-1], **where))
        into.broken = True
        return None
    return Declared(name, location, node, target.path)


def sent(parameter: Declared, path_template: str) -> tuple[Sent | None, list[Finding]]:
    """How it is sent; None where it is not, for a reason that does not hinder the call."""
    name, node, path = parameter.name, parameter.node, parameter.path
    location = Location(parameter.location)
    if location is Location.HEADER and is_reserved(name):
        return None, [rules.PARAMETER_RESERVED.at(path, name=name, location="header")]
    if location is Location.PATH and f"{{{name}}}" not in path_template:
        return None, [rules.PATH_PARAMETER_UNUSED.at(path, name=name, path=path_template)]
    style, found = style_of(node, location, path)
    schema, schema_path, content_type = _schema(node, path)
    required = node.get("required") is True
    if location is Location.PATH and not required:
        found.append(rules.PATH_PARAMETER_OPTIONAL.at(path, name=name))
    result = Sent(
        name,
        location,
        required or location is Location.PATH,
        style,
        schema,
        schema_path,
        _text(node.get("description")),
        content_type,
    )
    return result, found


def undeclared(name: str) -> Sent:
    """A path parameter that the template has and nothing describes: a text."""
    style = Style("simple", explode=False)
    return Sent(name, Location.PATH, True, style, {"type": "string"}, ())  # noqa: FBT003 - required


def fixed_query(name: str, value: str) -> Sent:
    """A query parameter that the path itself states."""
    style = Style("form", explode=True)
    return Sent(name, Location.QUERY, True, style, {"const": value}, ())  # noqa: FBT003 - required


def _schema(node: dict[str, Any], path: Path) -> tuple[Any, Path, str | None]:
    """Under `schema`, under the one media type of `content`, or (2.0) in the parameter itself."""
    content = node.get("content")
    if isinstance(content, dict) and content:
        media_type, media = next(iter(content.items()))
        inner = media.get("schema", True) if isinstance(media, dict) else True
        return inner, (*path, "content", media_type, "schema"), str(media_type)
    if "schema" in node:
        return node["schema"], (*path, "schema"), None
    inline = {key: value for key, value in node.items() if key not in _NOT_OF_SCHEMA}
    return inline or True, path, None


_NOT_OF_SCHEMA = frozenset(
    {"name", "in", "description", "required", "collectionFormat", "allowEmptyValue", "style"}
    | {"explode", "allowReserved", "example", "examples", "content", "deprecated"}
)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
