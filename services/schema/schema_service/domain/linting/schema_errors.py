"""A JSON Schema validator's errors in words a builder understands."""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import jsonschema_rs

from contracts.error_place import NamesInUse, path_within, with_empty_names
from schema_service.domain import pointers
from schema_service.domain.compiling.dialect import Dialect
from schema_service.domain.finding import Edit, Finding, shown
from schema_service.domain.linting import rules
from schema_service.domain.linting.meta_schemas import INSTANCE
from schema_service.domain.linting.scheme_members import without_its_own
from schema_service.domain.linting.swagger_members import of_swagger
from schema_service.domain.linting.wanted_forms import (
    FLAGS_LEFT_OUT,
    TYPE_WORDS,
    as_wanted,
    form_wanted,
    how_to_write,
)
from schema_service.domain.misspelt import misspelt
from schema_service.domain.reading import openapi_names

Kind = jsonschema_rs.ValidationErrorKind
Path = list[str | int]
MAX_OPTIONS = 12
"""Values that a sentence lists."""


@dataclass(frozen=True, slots=True)
class Around:
    """Of the document: its dialect, and how a number or a flag in it is written, by its path."""

    dialect: Dialect
    written: Callable[[Path], str | None] = lambda _path: None
    part: Any = None
    """What the errors are about, which has the names of their paths."""
    names: NamesInUse = field(default_factory=NamesInUse)


def findings_of(error: Any, around: Around) -> Iterator[Finding]:
    """One finding for each mistake; of alternatives, about the one that was most likely meant."""
    dialect = around.dialect
    within = path_within(around.part, error.instance_path, around.names)
    kind, path = error.kind, [*with_empty_names(around.part, within, error.instance)]
    match kind:
        case Kind.AnyOf() | Kind.OneOfNotValid():
            yield from _of_alternatives(error, path, around)
        case Kind.Required():
            yield _missing(path, kind.property)
        case Kind.AdditionalProperties() | Kind.UnevaluatedProperties():
            names = without_its_own(path, kind.unexpected, error.instance)
            yield from (_unknown(path, name, error.instance) for name in names)
        case Kind.Type():
            yield _of_wrong_type(path, kind.types, error.instance, around)
        case Kind.Enum() if _is_types_in_a_list(path, error.instance, dialect):
            return  # said already: the same value is of the wrong type
        case Kind.Enum() | Kind.Constant() | Kind.Pattern() | Kind.Format():
            yield _not_allowed(path, error, dialect)
        case _:
            yield not_to_specification(path, dialect, *_reason(error, path))


def _reason(error: Any, path: Path) -> tuple[str, str]:
    """With what to do about it."""
    kind = type(error.kind).__name__
    if kind == "Not" and path[-1:] == ["parameters"]:
        return (
            "a parameter with in: querystring stands beside others of the query",
            "Keep in: querystring alone, which is all of the query, or leave it out.",
        )
    said = error.message.removeprefix(INSTANCE).strip()
    return _REASONS.get(kind, (said, _COMPARE))


_COMPARE = "Compare it with an example of the specification; calls work all the same."
_REASONS = {
    "MinProperties": (
        "it is empty, and at least one member belongs here",
        "Write what belongs here, or leave the name out together with {}.",
    ),
    "MinItems": (
        "it is empty, and at least one item belongs here",
        "Write an item, or leave the name out together with [].",
    ),
    "UniqueItems": ("some items stand in it twice", "Leave each of them there once."),
    "OneOfMultipleValid": (
        "it has two things of which only one may be there",
        "Keep the one that you need, such as schema or content, example or examples.",
    ),
    "Not": (
        "it has things together that may not be together",
        "Keep the one that you need, such as schema or content, example or examples.",
    ),
    "FalseSchema": ("nothing may stand here", "Leave it out."),
}


def not_to_specification(
    path: Path, dialect: Dialect, reason: str, hint: str = _COMPARE
) -> Finding:
    return rules.NOT_TO_SPECIFICATION.at(path, dialect=dialect, reason=reason, hint=hint)


def _unknown(path: Path, name: str, around: Any) -> Finding:
    """With the name that it was probably meant as, where that is free."""
    meant = None if _is_sentence(name, around) else misspelt(name, openapi_names.ALL)
    is_free = meant is not None and not (isinstance(around, dict) and meant in around)
    if meant is None or not is_free:
        hint = of_swagger(path, name) or _misplaced(path, name, around)
        return rules.MEMBER_UNKNOWN.at([*path, name], name=name or _EMPTY, hint=hint)
    hint = f"Write {meant}, if that was meant: names have their own capital letters."
    return rules.MEMBER_UNKNOWN.at([*path, name], name=name, hint=hint)


_EMPTY = "member without a name"


def _is_sentence(name: str, around: Any) -> bool:
    """`Note: you must set the key` is no slip in a name."""
    text = around.get(name) if isinstance(around, dict) else None
    return name[:1].isupper() and isinstance(text, str) and " " in text


def _misplaced(path: Path, name: str, around: Any) -> str:
    if name.startswith("//"):
        return "Write # in place of //, if it is a comment."
    if not path and (" " in name.strip() or _is_sentence(name, around)):
        return (
            "If it is no part of the document, leave it out, or write # before its line. Else "
            "begin its name with x-."
        )
    if "parameters" in map(str, path[-2:]) and name in _OF_SCHEMAS:
        return f"Write it below schema, as in schema: {{{name}: …}}."
    return "Correct the name, or begin it with x- if it is your own."


_OF_SCHEMAS = frozenset({"type", "format", "enum", "default", "items", "minimum", "maximum"}) | {
    "pattern",
    "minLength",
    "maxLength",
}


def _of_wrong_type(path: Path, types: Iterable[Any], found: Any, around: Around) -> Finding:
    if _is_types_in_a_list(path, found, around.dialect):
        return _types_in_a_list(path, found, around.dialect)
    wanted = [*map(str, types)]
    shown = _TYPES.get(type(found), "null")
    name = path[-1] if path and isinstance(path[-1], str) else ""
    meant = as_wanted(found, wanted, around.written(path))
    if meant is None:
        title, hint = "", how_to_write(name, wanted)
        if found is None and "string" in wanted:
            hint += " One that begins with # needs them: in YAML a comment begins with #."
    else:
        value = json.dumps(meant, ensure_ascii=False)
        title = f"Write {name}: {value}" if name else f"Write {value}"
        hint = f"{title}.{_until_then(name)}"
    words = " or ".join(TYPE_WORDS.get(each, each) for each in wanted)
    finding = rules.VALUE_OF_WRONG_TYPE.at(path, types=words, found=shown, hint=hint)
    if meant is None:
        return finding
    return finding.repaired_by(title, Edit("replace", finding.pointer, meant))


def _until_then(name: str) -> str:
    return " Until then it counts as left out." if name in FLAGS_LEFT_OUT else ""


def _is_types_in_a_list(path: Path, found: Any, dialect: Dialect) -> bool:
    return path[-1:] == ["type"] and isinstance(found, list) and dialect.refs_stand_alone


_TYPES = {
    bool: "true or false",
    dict: "an object",
    float: "a number",
    int: "a number",
    list: "a list",
    str: "a text",
}


def _types_in_a_list(path: Path, types: list[Any], dialect: Dialect) -> Finding:
    others = [each for each in types if each != "null"]
    nullable = len(others) < len(types)
    if len(others) != 1 or dialect is Dialect.SWAGGER_2:
        hint = "Write one type, or begin the document with openapi: 3.1.0."
        return rules.TYPES_IN_A_LIST.at(path, dialect=dialect, hint=hint)
    hint = f"Write type: {others[0]}{' and nullable: true' if nullable else ''}."
    finding = rules.TYPES_IN_A_LIST.at(path, dialect=dialect, hint=hint)
    edits = [Edit("replace", finding.pointer, others[0])]
    if nullable:
        edits.append(Edit("add", pointers.join([*path[:-1], "nullable"]), value=True))
    return finding.repaired_by(hint.rstrip("."), *edits)


def _not_allowed(path: Path, error: Any, dialect: Dialect) -> Finding:
    """With the value, and all that could stand there."""
    kind, value = error.kind, error.instance
    options = _options(kind)
    if options:
        reason = f"it must be {_listed(options)}"
    else:
        reason = form_wanted(kind, error.message.removeprefix(INSTANCE).strip())
    if path == ["openapi"]:
        version = f"{dialect}.0"
        hint = f"Write the whole version, as in {version}."
        finding = rules.VALUE_NOT_ALLOWED.at(path, value=value, reason=reason, hint=hint)
        return finding.repaired_by(f"Write {version}", Edit("replace", "/openapi", version))
    if path[:2] == ["components", "securitySchemes"] and str(value).lower() in _HTTP_SCHEMES:
        return _http_scheme(path, str(value), reason)
    meant = _as_path(path, value) or _meant(value, options)
    hint = f"Write {meant}, if that was meant." if meant else _otherwise(path, value, options)
    finding = rules.VALUE_NOT_ALLOWED.at(path, value=_shown(value), reason=reason, hint=hint)
    if meant is None:
        return finding
    return finding.repaired_by(f"Write {meant}", Edit("replace", finding.pointer, meant))


def _options(kind: Any) -> list[str]:
    """What may stand there, where that is a list of values, or one text."""
    if isinstance(kind, Kind.Constant):
        return [kind.expected_value] if isinstance(kind.expected_value, str) else []
    return [str(each) for each in getattr(kind, "options", ())]


_HTTP_SCHEMES = frozenset({"bearer", "basic", "digest"})


def _http_scheme(path: Path, value: str, reason: str) -> Finding:
    """Swagger 2.0 had `type: basic`; since 3.0 such a scheme is one of HTTP (OAS 3.1, 4.8.27)."""
    scheme = value.lower()
    hint = f"Write type: http and scheme: {scheme}."
    finding = rules.VALUE_NOT_ALLOWED.at(path, value=value, reason=reason, hint=hint)
    scheme_at = pointers.join([*path[:-1], "scheme"])
    edits = (Edit("replace", finding.pointer, "http"), Edit("add", scheme_at, scheme))
    return finding.repaired_by(hint.rstrip("."), *edits)


def _shown(value: Any) -> str:
    return _TYPES[type(value)] if isinstance(value, dict | list) else shown(value)


def _listed(options: list[str]) -> str:
    shown = options[:MAX_OPTIONS]
    if len(shown) < len(options):
        return f"one of {', '.join(shown)} and {len(options) - len(shown)} others"
    return " or ".join([", ".join(shown[:-1]), shown[-1]] if len(shown) > 1 else shown)


def _as_path(path: Path, value: Any) -> str | None:
    """Swagger 2.0's base path begins with a slash."""
    if path != ["basePath"] or not isinstance(value, str) or not _PATH.fullmatch(value):
        return None
    return f"/{value.strip('/')}"


_PATH = re.compile(r"[\w.~-]+(?:/[\w.~-]+)*/?")


def _meant(value: Any, options: list[str]) -> str | None:
    if not isinstance(value, str):
        return None
    same = [each for each in options if each.lower() == value.strip().lower()]
    return same[0] if same else misspelt(value, options)


def _otherwise(path: Path, value: Any, options: list[str]) -> str:
    if path[-1:] == ["in"] and value == "querystring":
        return "It is sent as it says; begin the document with openapi: 3.2.0, which has it."
    if options:
        return f"Write {_listed(options)}, or leave it out where the specification lets you."
    return "Write it in that form."


def _missing(path: Path, name: str) -> Finding:
    finding = rules.MEMBER_MISSING.at([*path, name], name=name)
    if name not in _USUAL:
        return finding
    edit = Edit("add", finding.pointer, _USUAL[name])
    return finding.repaired_by(f"Add {name}", edit)


_USUAL: Mapping[str, Any] = {
    "description": "-",
    "info": {"title": "Untitled", "version": "1.0.0"},
    "paths": {},
    "responses": {"default": {"description": "-"}},
    "title": "Untitled",
    "version": "1.0.0",
}
"""What stands in for a missing member without saying anything."""


def _of_alternatives(error: Any, path: Path, around: Around) -> Iterator[Finding]:
    branches: list[list[Any]] = error.kind.context
    meant = [branch for branch in branches if branch and not _wants_reference(branch)]
    needed = _any_of_needed(meant)
    if len(meant) > 1 and needed:
        yield rules.MEMBER_MISSING.at(path, name=" or ".join(needed))
    elif len(meant) != 1 and not any(_depth(branch) > len(path) for branch in meant):
        types = _types_wanted(branches)
        if types:
            yield _of_wrong_type(path, types, error.instance, around)
        else:
            reason = "it has none of the forms that are allowed here"
            yield not_to_specification(path, around.dialect, reason)
    else:
        for each in max(meant, key=lambda branch: (not _is_another(branch), _depth(branch))):
            yield from findings_of(each, around)


def _types_wanted(branches: list[list[Any]]) -> list[str]:
    """Those of all alternatives, where each wants another one; none is about a value within."""
    types: list[str] = []
    for branch in branches:
        wrong = [
            [*map(str, each.kind.types)] for each in branch if isinstance(each.kind, Kind.Type)
        ]
        if not wrong:
            return []
        types += wrong[0]
    return [*dict.fromkeys(types)]


def _any_of_needed(branches: list[list[Any]]) -> list[str]:
    """The members of which one must be there, where nothing else is wrong."""
    names = [
        str(branch[0].kind.property)
        for branch in branches
        if len(branch) == 1 and isinstance(branch[0].kind, Kind.Required)
    ]
    return names if len(names) == len(branches) else []


def _is_another(branch: list[Any]) -> bool:
    """An alternative for another location or type than the one that is written."""
    return any(
        isinstance(error.kind, Kind.Enum | Kind.Constant)
        and list(error.instance_path)[-1:] in (["in"], ["type"])
        for error in branch
    )


def _wants_reference(branch: list[Any]) -> bool:
    """The alternative *or a $ref*, where there is none."""
    return any(isinstance(e.kind, Kind.Required) and e.kind.property == "$ref" for e in branch)


def _depth(branch: list[Any]) -> int:
    """How far into the value the alternative came before it failed."""
    return max(len(error.instance_path) for error in branch)
