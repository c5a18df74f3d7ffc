"""Whether a document follows the specification's JSON Schema, and where it does not.

The validator says in milliseconds that a document is valid; explaining why one is not takes it up
to half a millisecond for each mistake and their number is not bounded, so a document that fails
is taken apart and its parts are looked at one by one, up to a limit.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import jsonschema_rs

from schema_service.domain.compiling import body_rules, server_rules
from schema_service.domain.compiling import rules as compiling_rules
from schema_service.domain.compiling.dialect import Dialect
from schema_service.domain.finding import Finding
from schema_service.domain.linting import rules
from schema_service.domain.linting.meta_schemas import validator_for
from schema_service.domain.linting.schema_errors import (
    Around,
    findings_of,
    not_to_specification,
)

MAX_FINDINGS = 100
MAX_NODES = 3_000
"""Values in the parts whose mistakes are listed; beyond, only the part is named."""

_STUB_INFO = {"title": "-", "version": "-"}
_SECTIONS = ("components", "definitions", "parameters", "responses", "securityDefinitions")


def grammar_findings(
    document: dict[str, Any],
    dialect: Dialect,
    written: Callable[[Sequence[str | int]], str | None] = lambda _path: None,
) -> list[Finding]:
    """In the order of the document, all warnings: what blocks a call is found elsewhere.

    `written` has the characters of a number, by its path.
    """
    around = Around(dialect, written)
    validator = validator_for(dialect)
    if validator.is_valid(document):
        return []
    found: list[Finding] = []
    room = MAX_NODES
    for path, part in _parts(document, dialect):
        if validator.is_valid(part):
            continue
        size = _size(part, room)
        if size > room:
            reason = "it is too large to list its mistakes"
            found.append(not_to_specification([*path], dialect, reason))
        else:
            found += _listed(validator, replace(around, part=part))
            room -= size
        if len(found) >= MAX_FINDINGS:
            break
    return found[:MAX_FINDINGS]


def not_reported(grammar: list[Finding], reported: list[Finding]) -> Iterator[Finding]:
    """Without those about places of which a rule of our own says more."""
    places = {finding.pointer for finding in reported} | {*_contents(reported)}
    if any(each.code == compiling_rules.VERSION_AT_OTHER_KEY.code for each in reported):
        places |= {"/openapi", "/swagger"}
    wholes = {finding.pointer for finding in reported if finding.code in _ABOUT_ALL_OF_IT}
    parents = {pointer.rpartition("/")[0] for pointer in places}
    untyped = {each.pointer.removesuffix("/type") for each in grammar if _is_scheme_type(each)}
    answers = {p.rpartition("/")[0] for p in _pointers_of_statuses(reported)}
    wrong = {*_wrong_within(grammar)}
    for finding in grammar:
        parent = finding.pointer.rpartition("/")[0]
        if finding.pointer in places or finding.pointer in parents or parent in wholes:
            continue
        if parent in answers and finding.pointer.endswith("/default"):
            continue  # one that is misspelt is one all the same
        if parent in untyped and finding.code == rules.MEMBER_UNKNOWN.code:
            continue  # what belongs to the scheme depends on its type
        if finding.pointer in wrong and finding.code == rules.MEMBER_UNKNOWN.code:
            continue  # the specification has it, with another value
        yield finding


def _wrong_within(grammar: list[Finding]) -> Iterator[str]:
    """Members of which the value is wrong, or something in it."""
    for finding in grammar:
        if finding.code != rules.MEMBER_UNKNOWN.code:
            steps = finding.pointer.split("/")
            yield from ("/".join(steps[: depth + 1]) for depth in range(1, len(steps)))


def _contents(reported: list[Finding]) -> Iterator[str]:
    """Where `content` belongs, of bodies whose media types stand there without it."""
    code = body_rules.BODY_CONTENT_MISSING.code
    missing = (each.pointer for each in reported if each.code == code)
    return (f"{pointer.rpartition('/')[0]}/content" for pointer in missing)


def _pointers_of_statuses(reported: list[Finding]) -> Iterator[str]:
    code = rules.STATUS_UNKNOWN.code
    return (each.pointer for each in reported if each.code == code)


def _is_scheme_type(finding: Finding) -> bool:
    is_type = finding.pointer.endswith("/type") and "/securitySchemes/" in finding.pointer
    return is_type and finding.code == rules.VALUE_NOT_ALLOWED.code


_ABOUT_ALL_OF_IT = frozenset(
    rule.code
    for rule in (
        body_rules.BODY_MEDIA_MISSING,
        body_rules.BODY_SCHEMA_MISPLACED,
        body_rules.BODY_SCHEMA_MISSING,
        body_rules.BODY_SECOND,
        compiling_rules.KEYWORD_IGNORED,
        compiling_rules.PARAMETER_BROKEN,
        compiling_rules.PARAMETER_LEFT_OUT,
        compiling_rules.PARAMETER_MAKES_BODY,
        compiling_rules.PARAMETER_REPEATED,
        compiling_rules.PARAMETER_UNSUPPORTED,
        server_rules.SERVER_MISSING,
        compiling_rules.TYPE_FILE,
        compiling_rules.TYPE_UNKNOWN,
        compiling_rules.WRONG_TYPE,
        rules.RESPONSES_MISSING,
    )
)


def _listed(validator: jsonschema_rs.Validator, around: Around) -> Iterator[Finding]:
    for error in validator.iter_errors(around.part):
        yield from findings_of(error, around)


def _parts(
    document: dict[str, Any], dialect: Dialect
) -> Iterator[tuple[list[str], dict[str, Any]]]:
    """Documents with one operation or one component each; together they say all that one says."""
    is_swagger = dialect is Dialect.SWAGGER_2
    key = "swagger" if is_swagger else "openapi"
    stub = {key: {"2.0": "2.0"}.get(dialect, f"{dialect}.0"), "info": _STUB_INFO, "paths": {}}
    paths = document.get("paths")
    yield [], {**document, **_emptied(document)}
    for path, item in paths.items() if isinstance(paths, dict) else ():
        for piece in _methods(item):
            yield ["paths", path], {**stub, "paths": {path: piece}}
    for section in _SECTIONS:
        members = document.get(section)
        for name, member in members.items() if isinstance(members, dict) else ():
            for piece in _entries(member) if section == "components" else (member,):
                yield [section, name], {**stub, section: {name: piece}}


def _emptied(document: dict[str, Any]) -> dict[str, Any]:
    return {name: {} for name in ("paths", *_SECTIONS) if isinstance(document.get(name), dict)}


def _methods(item: Any) -> Iterator[Any]:
    if not isinstance(item, dict):
        yield item
        return
    yield {key: value for key, value in item.items() if not isinstance(value, dict)}
    yield from ({key: value} for key, value in item.items() if isinstance(value, dict))


def _entries(section: Any) -> Iterator[Any]:
    if not isinstance(section, dict):
        yield section
        return
    for name, entry in section.items():
        yield {name: entry}


def _size(node: Any, limit: int) -> int:
    """How many values it holds, counted no further than just beyond the limit."""
    stack, size = [node], 0
    while stack and size <= limit:
        here = stack.pop()
        size += 1
        if isinstance(here, dict):
            stack += here.values()
        elif isinstance(here, list):
            stack += here
    return size + len(stack)
