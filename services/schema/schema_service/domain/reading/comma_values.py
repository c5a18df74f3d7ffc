"""`name: limit,` as it is written in JSON: without quotes, YAML takes the comma along."""

import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

from schema_service.domain import pointers
from schema_service.domain.finding import Edit, Finding
from schema_service.domain.position.splices import Splice
from schema_service.domain.reading import rules
from schema_service.domain.reading.reading import Reading
from schema_service.domain.reading.trails import Trail, path_of

MAX_FOUND = 100
_MARKS = ",;"
_BEGINNING = re.compile(r"[ \t]*:?[ \t]*")
_GATE = re.compile(r"[,;][ \t]*(?:#[^\n]*)?\r?$", re.MULTILINE)
_SINGLE_NAMES = """openapi swagger host basePath version url name in required type format style
explode deprecated allowReserved allowEmptyValue collectionFormat nullable readOnly writeOnly
uniqueItems minimum maximum exclusiveMinimum exclusiveMaximum multipleOf minLength maxLength
minItems maxItems minProperties maxProperties additionalProperties $ref propertyName scheme
bearerFormat flow authorizationUrl tokenUrl refreshUrl openIdConnectUrl contentType"""
_SINGLE = frozenset(_SINGLE_NAMES.split())
"""Members whose values have no comma at their end, whatever they are."""
_BESIDE = frozenset({"default", "example", "const", "pattern"})
"""Members whose values may, and hardly do beside one of `_SINGLE` that has it, too."""
_LISTS = frozenset({"enum", "required", "tags", "consumes", "produces", "schemes", "type"})
_NOT_STRUCTURE = frozenset({"example", "examples", "default", "const", "mapping", "scopes"})
_NO_TEXT = re.compile(r"-?[\d.]+|true|false|null")


def comma_values(reading: Reading) -> list[Finding]:
    """Each with a repair that leaves the mark out of the text."""
    if not _GATE.search(reading.text):
        return []
    return list(islice(_found(reading), MAX_FOUND))


def _found(reading: Reading) -> Iterator[Finding]:
    for path, value in _marked(reading.document):
        pointer = pointers.join(path)
        member = reading.locator.exact(pointer)
        begun = None if member is None else _BEGINNING.match(reading.text, member.value.offset)
        if begun is None or not reading.text.startswith(value, begun.end()):
            continue  # in quotes, or over several lines
        plain = _plain(value)
        mark = "comma" if value[-1] == "," else "semicolon"
        edit = Edit.of_text(Splice(begun.end() + len(plain), begun.end() + len(value), ""))
        finding = rules.MARK_BEHIND_VALUE.at(path, found=value, mark=mark, meant=plain)
        yield finding.repaired_by(f"Write {plain} without the {mark}", edit)


def _marked(document: Any) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Paths and values, in the order of the document."""
    stack: list[tuple[Any, Trail]] = [(document, None)]
    while stack:
        node, trail = stack.pop()
        if isinstance(node, dict):
            for name in _of_object(node):
                yield path_of((trail, name)), node[name]
            for name in _LISTS & node.keys():
                for at in _of_list(node[name]):
                    yield path_of(((trail, name), at)), node[name][at]
            inner = [(name, each) for name, each in node.items() if name not in _NOT_STRUCTURE]
            stack += [(each, (trail, name)) for name, each in reversed(inner) if _holds(each)]
        elif isinstance(node, list):
            stack += [(each, (trail, at)) for at, each in enumerate(node) if _holds(each)]


def _holds(value: Any) -> bool:
    return isinstance(value, dict | list)


def _of_object(node: dict[str, Any]) -> list[str]:
    ended = [name for name, value in node.items() if _is_ended(value)]
    if not ended:
        return []
    sure = [name for name in ended if name in _SINGLE]
    beside = [name for name in ended if name in _BESIDE]
    has_more = sure or any(_of_list(node[name]) for name in _LISTS & node.keys())
    return sure + [each for each in beside if has_more or _NO_TEXT.fullmatch(_plain(node[each]))]


def _of_list(value: Any) -> list[int]:
    """Where all items but the last end so, which may."""
    if not isinstance(value, list) or len(value) < 2:  # noqa: PLR2004 - one says nothing
        return []
    if not all(map(_is_ended, value[:-1])):
        return []
    return [at for at, each in enumerate(value) if _is_ended(each)]


def _is_ended(value: Any) -> bool:
    if not isinstance(value, str) or value[-1:] not in (",", ";"):
        return False
    plain = _plain(value)
    return bool(plain) and "," not in plain and " " not in plain


def _plain(value: str) -> str:
    return value.rstrip(f"{_MARKS} ")
