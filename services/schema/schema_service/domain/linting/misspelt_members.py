"""Members whose names are known with other letters: nothing reads them, and nothing says so."""

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from typing import Any

from schema_service.domain import pointers
from schema_service.domain.compiling.dialect import Dialect
from schema_service.domain.compiling.json_schema.keywords import SIMPLE, meant
from schema_service.domain.compiling.path_members import member_meant
from schema_service.domain.consent import CONSENT, is_consent
from schema_service.domain.finding import Edit, Finding, Repair
from schema_service.domain.linting import rules
from schema_service.domain.linting.consent import consequential_misplaced
from schema_service.domain.linting.known_members import MEMBERS, OTHER_WORDS, Held
from schema_service.domain.linting.known_objects import objects_of
from schema_service.domain.linting.required_names import required_names
from schema_service.domain.misspelt import misspelt, plain_name

MAX_FINDINGS = 60
MAX_WORDS = 400
"""Different unknown names that are compared with the known ones."""
_OURS = (CONSENT, "x-openactions-send-defaults")
_NAME = re.compile(r"[$A-Za-z][\w$ -]*")
_Path = tuple[str | int, ...]


def misspelt_members(document: dict[str, Any], dialect: Dialect) -> list[Finding]:
    """In the objects of OpenAPI and in schemas, wherever the document has them.

    Of the members of a path item those that are no methods: methods have rules of their own.
    """
    return [*islice(_misspelt(document, dialect), MAX_FINDINGS)]


def _misspelt(document: dict[str, Any], dialect: Dialect) -> Iterator[Finding]:
    words: dict[tuple[str, str], str | None] = {}
    for node, kind, path in objects_of(document, dialect):
        if not MEMBERS[kind].keys() >= node.keys():
            for name in [each for each in node if each not in MEMBERS[kind]]:
                known = _meant(name, node[name], kind, words)
                if known is not None:
                    yield _finding(node, name, known, path)
            if kind != "operation":
                yield from consequential_misplaced(node, kind, path)
        if kind == "schema" and "required" in node:
            yield from required_names(node, path)


def _meant(
    name: str, value: Any, kind: str, words: dict[tuple[str, str], str | None]
) -> str | None:
    if kind == "path":
        return member_meant(name, value)
    known = _known(name, kind, words)
    return known if known is not None and _fits(kind, known, value) else None


def _known(name: str, kind: str, words: dict[tuple[str, str], str | None]) -> str | None:
    if not _NAME.fullmatch(name) or is_consent(name):
        return None  # `linting.consent` has it
    if (name, kind) not in words:
        if len(words) >= MAX_WORDS:
            return None
        names = _OURS if name.lower().startswith("x-") else MEMBERS[kind]
        words[name, kind] = misspelt(name, names) or _other_word(name, kind)
    return words[name, kind]


def _other_word(name: str, kind: str) -> str | None:
    known = OTHER_WORDS.get(plain_name(name))
    return known if known in MEMBERS[kind] else None


def _fits(kind: str, name: str, value: Any) -> bool:
    """Whether the value is one that the member could have."""
    child = MEMBERS[kind].get(name)
    if name == "required":
        return not isinstance(value, dict)
    if child is not None:
        is_list = isinstance(value, list)
        return is_list if child.held is Held.LIST else isinstance(value, dict)
    if kind == "schema" and name in SIMPLE:
        looks_right, _ = SIMPLE[name]
        return looks_right(value) or meant(name, value) is not None
    return not isinstance(value, dict) or name in _OF_ANY_FORM


_OF_ANY_FORM = frozenset(
    {"callbacks", "default", "example", "examples", "links", "mapping", "scopes", "flows"}
)


def _finding(node: dict[str, Any], name: str, known: str, path: _Path) -> Finding:
    where = (*path, name)
    if known in node:
        hint = f"{known} stands here, too: remove {name}, or begin it with x- if it is your own."
        return rules.MEMBER_MISSPELT.at(where, name=name, meant=known, hint=hint)
    hint = f"Write {known}, if that was meant: capital letters count, too."
    finding = rules.MEMBER_MISSPELT.at(where, name=name, meant=known, hint=hint)
    if OTHER_WORDS.get(plain_name(name)) == known and plain_name(name) != "propertys":
        return finding
    return finding.repaired_by(
        f"Write {known} in place of {name}", Edit("rename", finding.pointer, known)
    )


def without_what_renaming_mends(found: list[Finding]) -> list[Finding]:
    """A member that only has to be renamed is not missing, and nothing else is put in its place."""
    code = rules.MEMBER_MISSPELT.code
    renamed = {
        _target(each.pointer, each.repair) for each in found if each.code == code and each.repair
    }
    if not renamed:
        return found
    kept = [
        each
        for each in found
        if each.pointer not in renamed or each.code != rules.MEMBER_MISSING.code
    ]
    return [_without_repair(each) if each.pointer in renamed else each for each in kept]


def _target(pointer: str, repair: Repair) -> str:
    return pointers.join((*pointers.split(pointer)[:-1], repair.edits[0].value))


def _without_repair(finding: Finding) -> Finding:
    return replace(finding, repair=None)
