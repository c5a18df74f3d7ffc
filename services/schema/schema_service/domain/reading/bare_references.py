"""`$ref: #/components/schemas/Pet` without quotes: YAML begins a comment there (1.2.2, 6.6)."""

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

MAX_EACH = 200
_BARE = re.compile(r"\$ref[\"']?[ \t]*+:[ \t]++(#[^\s#,}\]]++)")


def bare_references(reading: Reading) -> list[Finding]:
    """One for each of the first `MAX_EACH`, with a repair that writes the quotes."""
    if not _BARE.search(reading.text):
        return []
    return list(islice(_found(reading), MAX_EACH))


def _found(reading: Reading) -> Iterator[Finding]:
    for path in _empty(reading.document):
        pointer = pointers.join(path)
        member = reading.locator.exact(pointer)
        key = (0, 0) if member is None else (member.key_offset, member.key_end)
        start = reading.text.find("$ref", *key)
        bare = _BARE.match(reading.text, start) if start >= 0 else None
        if bare is None:
            continue
        edit = Edit.of_text(Splice(bare.start(1), bare.end(1), f'"{bare[1]}"'))
        finding = rules.REFERENCE_AS_COMMENT.at(pointer, reference=bare[1])
        yield finding.repaired_by(f'Write "{bare[1]}" in quotes', edit)


def _empty(document: Any) -> Iterator[tuple[str, ...]]:
    """Paths of references without a value."""
    stack: list[tuple[Any, Trail]] = [(document, None)]
    while stack:
        node, trail = stack.pop()
        if isinstance(node, dict):
            if "$ref" in node and node["$ref"] is None:
                yield path_of((trail, "$ref"))
            stack += [(each, (trail, name)) for name, each in reversed(node.items())]
        elif isinstance(node, list):
            stack += [(each, (trail, at)) for at, each in reversed([*enumerate(node)])]
