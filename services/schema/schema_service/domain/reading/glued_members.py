"""Members that were read as a text, and items that were read as a member: a space is missing."""

import re
from collections.abc import Iterator
from typing import Any

from schema_service.domain.finding import Edit, Finding
from schema_service.domain.position.splices import Splice
from schema_service.domain.reading import openapi_names, rules
from schema_service.domain.reading.reading import Reading, Syntax
from schema_service.domain.reading.trails import Trail, path_of
from schema_service.domain.reading.yaml_line import is_blank, width

MAX_EACH = 50
_LISTS = frozenset({"parameters", "servers", "tags", "security", "allOf", "anyOf", "oneOf"})
_OF_OBJECTS = """schema items info contact license requestBody responses content components schemas
paths properties externalDocs get put post delete patch additionalProperties"""
_OBJECTS = frozenset(_OF_OBJECTS.split())
_MEMBER = re.compile(r"([A-Za-z_$][\w$-]*):\S")
_DASHED = re.compile(r"-[A-Za-z_$][\w$.-]*")
_NOT_STRUCTURE = frozenset({"example", "examples", "default", "enum", "mapping", "const", "scopes"})
_Path = tuple[str, ...]


def glued_members(reading: Reading) -> list[Finding]:
    """`url:https://a.example` is a text where an object belongs, `-name: q` a key `-name`."""
    if reading.syntax is not Syntax.YAML:
        return []
    found: list[Finding] = []
    for path, node in _places(reading.document):
        if isinstance(node, str):
            found += _of_text(reading, path, node)
        else:
            found += _of_dash(reading, path, node)
        if len(found) >= MAX_EACH:
            break
    return found


def _places(document: Any) -> Iterator[tuple[_Path, Any]]:
    """Texts that stand where an object is wanted, and objects that stand where a list is."""
    stack: list[tuple[Any, Trail]] = [(document, None)]
    while stack:
        node, trail = stack.pop()
        is_object = type(node) is dict
        wants = trail is not None and trail[1] in _LISTS
        if is_object and wants:
            yield path_of(trail), node
        wants = wants and not is_object
        for key, value in node.items() if is_object else enumerate(node):
            kind = type(value)
            if kind is str:
                if ":" in value and (wants or key in _OBJECTS):
                    yield path_of((trail, key)), value
            elif (kind is dict or kind is list) and value and key not in _NOT_STRUCTURE:
                stack.append((value, (trail, key)))


def _of_text(reading: Reading, path: _Path, value: str) -> Iterator[Finding]:
    names = [_MEMBER.match(word) for word in value.split()]
    meant = names[0][1] if names and names[0] else None
    if meant not in openapi_names.ALL:
        return
    finding = rules.MEMBERS_READ_AS_TEXT.at(path, text=value, meant=meant)
    edits = _spaces(reading, finding.pointer, value)
    yield finding.repaired_by(f"Put a space behind {meant}:", *edits) if edits else finding


def _spaces(reading: Reading, pointer: str, value: str) -> list[Edit]:
    member = reading.locator.exact(pointer)
    if member is None or reading.text[member.value.offset] in "'\"|>&*!":
        return []
    edits, at = [], member.value.offset
    for word in value.split():
        at = reading.text.find(word, at)
        if at < 0:
            return []
        found = _MEMBER.match(word)
        if found and found[1] in openapi_names.ALL:
            end = at + found.end(1) + 1
            edits.append(Edit.of_text(Splice(end, end, " ")))
        at += len(word)
    return edits


def _of_dash(reading: Reading, path: _Path, node: dict[str, Any]) -> Iterator[Finding]:
    """One item alone: of two, one key would stand twice, and which member is whose is unclear."""
    key = next(iter(node))
    if not _DASHED.fullmatch(key):
        return
    finding = rules.DASH_WITHOUT_SPACE.at((*path, key), key=key, meant=f"- {key[1:]}")
    member = reading.locator.exact(finding.pointer)
    alone = member is not None and sum(each.startswith("-") for each in node) == 1
    edits = _item(reading.text, member.key_offset) if member is not None and alone else []
    yield finding.repaired_by("Put a space behind the dash", *edits) if edits else finding


def _item(text: str, at: int) -> list[Edit]:
    """A space behind the dash, and two before each line that belongs to the item."""
    begin = text.rfind("\n", 0, at) + 1
    if text[begin:at].strip() or text[at] != "-":
        return []
    edits, indent = [Edit.of_text(Splice(at + 1, at + 1, " "))], at - begin
    end = text.find("\n", at)
    while 0 <= end < len(text) - 1:
        start = end + 1
        end = text.find("\n", start)
        line = text[start : end if end >= 0 else len(text)]
        if is_blank(line):
            continue
        if width(line) < indent:
            break
        edits.append(Edit.of_text(Splice(start, start, "  ")))
    return edits
