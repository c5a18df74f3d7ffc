"""References that lead nowhere, where no operation needs them to be called."""

from collections.abc import Iterator
from typing import Any

from schema_service.domain import pointers
from schema_service.domain.compiling.references import Broken, References
from schema_service.domain.finding import Finding
from schema_service.domain.linting import rules

MAX_FINDINGS = 100
_DATA = frozenset({"example", "examples", "default", "enum", "const", "value"})
"""Below these, `$ref` is an ordinary member (OAS 4.8.19, JSON Schema 2020-12, 8.2.3.1)."""


def broken_references(
    document: dict[str, Any],
    texts: frozenset[str],
    references: References,
    said: set[str],
) -> Iterator[Finding]:
    """`texts` are all that stand under a key `$ref`; `said` are pointers with a finding."""
    broken = {text for text in texts if isinstance(references.target(text), Broken)}
    if not broken:
        return
    count = 0
    for path, text in _places(document, broken):
        if not {pointers.join(path), pointers.join(path[:-1])} & said:
            yield rules.REFERENCE_BROKEN_ELSEWHERE.at(path, reference=text)
            count += 1
        if count >= MAX_FINDINGS:
            return


def _places(document: dict[str, Any], wanted: set[str]) -> Iterator[tuple[tuple[str, ...], str]]:
    stack: list[tuple[Any, tuple[str, ...]]] = [(document, ())]
    while stack:
        node, path = stack.pop()
        if isinstance(node, list):
            stack += [(item, (*path, str(index))) for index, item in enumerate(node)]
        elif isinstance(node, dict):
            text = node.get("$ref")
            if isinstance(text, str) and text in wanted:
                yield (*path, "$ref"), text
            stack += [
                (value, (*path, key))
                for key, value in node.items()
                if isinstance(value, dict | list) and not _is_data(key, path)
            ]


def _is_data(key: str, path: tuple[str, ...]) -> bool:
    """A property may be named like a keyword."""
    if path and path[-1] == "properties":
        return False
    return key in _DATA or key.startswith("x-")
