"""Lint rules: what OpenAPI allows and models handle badly. One function a rule."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from contracts.tool_forms.text import HIDDEN, MAX_DESCRIPTION, MAX_PARAMETER_DESCRIPTION
from schema_service.domain.compiling.inputs.parameters import Declared
from schema_service.domain.compiling.places import Place
from schema_service.domain.finding import Edit, Finding
from schema_service.domain.linting import rules
from schema_service.domain.linting.consent import consequential_misspelt
from schema_service.domain.linting.hidden_text import hidden_in_text

_CREDENTIALS = frozenset(
    {"access_token", "api-key", "api_key", "apikey", "auth_token", "client_secret", "x-api-key"}
)
_STATUS = re.compile(r"[1-5](?:[0-9]{2}|XX)")
_STATUSES = "Write a status such as 200, all of one kind as in 2XX, or default."


@dataclass(frozen=True, slots=True)
class Described:
    """An operation as a builder describes it."""

    place: Place
    operation_id: str
    parameters: Sequence[Declared]
    credentials: frozenset[tuple[str, str]] = frozenset()
    """Location and lower-case name of the API keys that the document describes."""
    needs_responses: bool = True
    """Whether the version of the specification wants them (OAS 3.1, 4.8.10: no more)."""


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
            if isinstance(text, str) and not text.isascii() and HIDDEN.search(text):
                yield hidden_in_text((*path, key), text)


def consequential_elsewhere(operation: Described) -> Iterator[Finding]:
    yield from consequential_misspelt(operation.place.node, tuple(operation.place.pointer))


def credential_parameter(operation: Described) -> Iterator[Finding]:
    for parameter in operation.parameters:
        where = (parameter.location, parameter.name.lower())
        if where in operation.credentials:
            continue  # it is set in the action's authentication already
        if where[1] in _CREDENTIALS and where[0] in ("query", "header"):
            yield rules.CREDENTIAL_PARAMETER.at(parameter.path, name=parameter.name)


_MARKS = {",": "comma", ";": "semicolon", ":": "colon"}


def operation_id_mark(operation: Described) -> Iterator[Finding]:
    """`operationId: listItems,`, as it is written in JSON: YAML takes the comma along."""
    declared = operation.place.node.get("operationId")
    text = declared.strip() if isinstance(declared, str) else ""
    plain = text.rstrip(" ,;:")
    if plain and plain != text:
        where = (*operation.place.pointer, "operationId")
        finding = rules.OPERATION_ID_MARK.at(where, found=text, mark=_MARKS[text[-1]], meant=plain)
        yield finding.repaired_by(f"Write {plain}", Edit("replace", finding.pointer, plain))


def responses_missing(operation: Described) -> Iterator[Finding]:
    node, where = operation.place.node, (*operation.place.pointer, "responses")
    responses = node.get("responses")
    absent = responses is None and (operation.needs_responses or "responses" in node)
    beside = operation.place.answers_of
    if responses != {} and not absent:
        return
    finding = rules.RESPONSES_MISSING.at(where, name=operation.operation_id)
    if beside is not None:
        yield replace(
            finding, hint=f"Move the responses that stand beside {beside} to their place."
        )
        return
    op: Literal["add", "replace"] = "replace" if "responses" in node else "add"
    edit = Edit(op, finding.pointer, {"default": {"description": "-"}})
    yield finding.repaired_by("Describe an answer", edit)


def statuses(operation: Described) -> Iterator[Finding]:
    """Keys of `responses` (OAS 3.1, 4.8.16): 200, 2XX, default."""
    responses = operation.place.node.get("responses")
    known = responses if isinstance(responses, dict) else {}
    for key in known:
        if key.startswith("x-") or key == "default" or _STATUS.fullmatch(key):
            continue
        meant = key.strip().upper()
        meant = "default" if meant == "DEFAULT" else meant
        is_meant = meant == "default" or _STATUS.fullmatch(meant) is not None
        hint = f"Write {meant}." if is_meant else _STATUSES
        where = (*operation.place.pointer, "responses", key)
        finding = rules.STATUS_UNKNOWN.at(where, found=key, hint=hint)
        edit = Edit("rename", finding.pointer, meant)
        free = is_meant and meant not in known
        yield finding.repaired_by(f"Write {meant}", edit) if free else finding


def white_space(operation: Described) -> Iterator[Finding]:
    """Around what is a name or an address: some of it is left out, and some is sent."""
    place = operation.place
    named = place.node.get("operationId")
    if isinstance(named, str) and named != named.strip() and named.strip():
        yield _surrounded((*place.pointer, "operationId"), "The operationId", named, _LEFT_OUT)
    for parameter in operation.parameters:
        if parameter.location != "header" and parameter.name != parameter.name.strip():
            where = (*parameter.path, "name")
            yield _surrounded(
                where, "The parameter's name", parameter.name, "which is sent with it"
            )
    for servers, path in place.servers:
        for index, server in enumerate(servers[:MAX_SERVERS] if isinstance(servers, list) else ()):
            url = server.get("url") if isinstance(server, dict) else None
            if isinstance(url, str) and url != url.strip():
                yield _surrounded((*path, index, "url"), "The server's URL", url, _LEFT_OUT)


def _surrounded(where: Sequence[str | int], name: str, text: str, effect: str) -> Finding:
    finding = rules.WHITE_SPACE.at(where, name=name, effect=effect)
    return finding.repaired_by(
        f"Write {text.strip()} without white space around it",
        Edit("replace", finding.pointer, text.strip()),
    )


MAX_SERVERS = 20
_LEFT_OUT = "which was left out"


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
    consequential_elsewhere,
    credential_parameter,
)
FORM_RULES: tuple[Callable[[Described], Iterator[Finding]], ...] = (
    responses_missing,
    statuses,
    white_space,
    operation_id_mark,
)
"""Of these no operation is any the worse to call."""


def components_schemas(document: dict[str, Any]) -> Iterator[Finding]:
    components = document.get("components")
    schemas = components.get("schemas", {}) if isinstance(components, dict) else {}
    if not isinstance(schemas, dict):
        yield rules.SCHEMAS_NOT_AN_OBJECT.at(("components", "schemas"))
