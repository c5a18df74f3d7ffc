"""What a reference that leads nowhere was probably meant to say: one that leads somewhere."""

from collections.abc import Iterator
from typing import Any

from schema_service.domain import pointers

_SCHEMAS = ("schemas", "schema", "definitions", "definition", "models", "model", "$defs", "types")
_KINDS = {
    **dict.fromkeys(_SCHEMAS, "schemas"),
    "parameter": "parameters",
    "response": "responses",
    "requestBody": "requestBodies",
    "requestBodys": "requestBodies",
    "header": "headers",
    "example": "examples",
    "securityDefinitions": "securitySchemes",
    "link": "links",
    "callback": "callbacks",
}
_AROUND = frozenset({"", ".", "#", "component", "components", "Components"})
_SWAGGER = {"schemas": "definitions", "parameters": "parameters", "responses": "responses"}


def meant(reference: str, document: dict[str, Any]) -> str | None:
    """A reference into the document that differs from this one by a slip of the pen: a missing
    `#` or slash, the section of another version, a name in another case. None: nothing is like it.
    """
    if "://" in reference or len(reference) > _MAX_LENGTH:
        return None
    steps = [
        step.replace("~1", "/").replace("~0", "~")
        for step in reference.replace("\\", "/").replace("#", "/").split("/")
    ]
    named = [step for step in steps if step]
    while named and named[0] in _AROUND:
        named = named[1:]
    for path in _candidates(named, document):
        found = _spelled(path, document)
        if found is not None and f"#{found}" != reference:
            return f"#{found}"
    return None


_MAX_LENGTH = 1_000


def _candidates(named: list[str], document: dict[str, Any]) -> Iterator[list[str]]:
    """Of a section and a name, or of a name alone, where such components are."""
    if not named:
        return
    is_swagger = "swagger" in document
    sections = document if is_swagger else document.get("components")
    around = [] if is_swagger else ["components"]
    kind = _KINDS.get(named[0], named[0])
    kind = _SWAGGER.get(kind, kind) if is_swagger else kind
    if len(named) > 1:
        yield [*around, kind, *named[1:]]
        if named[0] in _WITHIN:
            yield from _within_a_schema(named, document)
        return
    with_name = [
        section
        for section, members in (sections.items() if isinstance(sections, dict) else ())
        if section in _SECTIONS and isinstance(members, dict) and named[0] in members
    ]
    if len(with_name) == 1:
        yield [*around, with_name[0], named[0]]


_WITHIN = ("$defs", "definitions")


def _within_a_schema(named: list[str], document: dict[str, Any]) -> Iterator[list[str]]:
    """The one component that has it within itself (JSON Schema 2020-12, 8.2.4): as a schema of its
    own, it was referred to from its root.
    """
    section = ("definitions",) if "swagger" in document else ("components", "schemas")
    schemas = pointers.look_up(document, section)
    owners = [
        name
        for name, schema in (schemas.items() if isinstance(schemas, dict) else ())
        if pointers.look_up(schema, named) is not pointers.MISSING
    ]
    if len(owners) == 1:
        yield [*section, owners[0], *named]


_SECTIONS = frozenset({*_KINDS.values(), *_SWAGGER.values()})


def _spelled(path: list[str], document: Any) -> str | None:
    """The pointer as the document spells it, where only one member differs by case alone."""
    here, spelled = document, []
    for step in path:
        if isinstance(here, dict) and step not in here:
            alike = [name for name in here if name.casefold() == step.casefold()]
            if len(alike) != 1:
                return None
            step = alike[0]  # noqa: PLW2901 - from here on it is the name that exists
        here = pointers.look_up(here, [step])
        if not isinstance(here, dict):
            return None
        spelled.append(step)
    return pointers.join(spelled)
