"""Lint rules: what OpenAPI allows and models handle badly. One function a rule."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from contracts.tool_forms.text import HIDDEN, MAX_DESCRIPTION, MAX_PARAMETER_DESCRIPTION
from schema_service.domain.compiling.inputs.parameters import Declared
from schema_service.domain.compiling.places import Place
from schema_service.domain.finding import Finding
from schema_service.domain.linting import rules

_CREDENTIALS = frozenset(
    {"access_token", "api-key", "api_key", "apikey", "auth_token", "client_secret", "x-api-key"}
)


@dataclass(frozen=True, slots=True)
class Described:
    """An operation as a builder describes it."""

    place: Place
    operation_id: str
    parameters: Sequence[Declared]


def description_long(operation: Described) -> Iterator[Finding]:
    place = operation.place
    for key in ("summary", "description"):
        text = place.node.get(key)
        if isinstance(text, str) and len(text) > MAX_DESCRIPTION:
            yield rules.DESCRIPTION_LONG.at(
                (*place.pointer, key),
                path=place.path_as_written,
                method=place.key,
                name=operation.operation_id,
                length=len(text),
                limit=MAX_DESCRIPTION,
            )


def parameter_description_long(operation: Described) -> Iterator[Finding]:
    for parameter in operation.parameters:
        text = parameter.node.get("description")
        if isinstance(text, str) and len(text) > MAX_PARAMETER_DESCRIPTION:
            yield rules.PARAMETER_DESCRIPTION_LONG.at(
                (*parameter.path, "description"),
                name=parameter.name,
                length=len(text),
                limit=MAX_PARAMETER_DESCRIPTION,
            )


def undescribed(operation: Described) -> Iterator[Finding]:
    node = operation.place.node
    if not node.get("summary") and not node.get("description"):
        yield rules.UNDESCRIBED.at(operation.place.pointer, name=operation.operation_id)


def deprecated(operation: Described) -> Iterator[Finding]:
    if operation.place.node.get("deprecated") is True:
        where = (*operation.place.pointer, "deprecated")
        yield rules.DEPRECATED.at(where, name=operation.operation_id)


def hidden_characters(operation: Described) -> Iterator[Finding]:
    for node, path in _texts(operation):
        for key in ("summary", "description"):
            text = node.get(key)
            if isinstance(text, str) and not text.isascii():
                hidden = HIDDEN.findall(text)
                if hidden:
                    first = f"U+{ord(hidden[0]):04X}"
                    where = (*path, key)
                    yield rules.HIDDEN_CHARACTERS.at(where, count=len(hidden), first=first)


def credential_parameter(operation: Described) -> Iterator[Finding]:
    for parameter in operation.parameters:
        if parameter.name.lower() in _CREDENTIALS and parameter.location in ("query", "header"):
            yield rules.CREDENTIAL_PARAMETER.at(parameter.path, name=parameter.name)


def _texts(operation: Described) -> Iterator[tuple[dict[str, Any], Sequence[str | int]]]:
    yield operation.place.node, operation.place.pointer
    for parameter in operation.parameters:
        yield parameter.node, parameter.path


OPERATION_RULES: tuple[Callable[[Described], Iterator[Finding]], ...] = (
    description_long,
    parameter_description_long,
    undescribed,
    deprecated,
    hidden_characters,
    credential_parameter,
)


def security_several(schemes: dict[str, Any], path: Sequence[str]) -> Iterator[Finding]:
    if len(schemes) > 1:
        yield rules.SECURITY_SEVERAL.at(path, names=", ".join(schemes))


def components_schemas(document: dict[str, Any]) -> Iterator[Finding]:
    components = document.get("components")
    schemas = components.get("schemas", {}) if isinstance(components, dict) else {}
    if not isinstance(schemas, dict):
        yield rules.SCHEMAS_NOT_AN_OBJECT.at(("components", "schemas"))
