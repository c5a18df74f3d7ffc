"""References that lead nowhere, where no operation needs them to be called."""

from collections.abc import Collection, Iterator
from itertools import islice, takewhile
from typing import Any

from schema_service.domain import pointers
from schema_service.domain.compiling import rules as compiling
from schema_service.domain.compiling.references import Broken, Path, References
from schema_service.domain.finding import Finding, shown
from schema_service.domain.linting import rules

MAX_FINDINGS = 100
_BESIDE = frozenset({"$ref", "summary", "description"})
"""What a reference may have (OAS 3.1, 4.8.23)."""
_DATA = frozenset({"example", "examples", "default", "enum", "const", "value"})
"""Below these, `$ref` is an ordinary member (OAS 4.8.19, JSON Schema 2020-12, 8.2.3.1)."""


def broken_references(
    document: dict[str, Any],
    texts: frozenset[str],
    references: References,
    reported: set[str],
) -> Iterator[Finding]:
    """`texts` are all that stand under a key `$ref`; `reported` are pointers with a finding.

    What another reference passes on its way to nowhere is needed by whatever needs that one.
    """
    targets = ((text, references.target(text)) for text in texts)
    found = {text: target for text, target in targets if isinstance(target, Broken)}
    if not found:
        return
    unreported, passed = [], set[str]()
    for path, text in _places(document, found.keys()):
        if {pointers.join(path), pointers.join(path[:-1])} & reported:
            passed.update(takewhile(lambda each: each not in passed, references.passed(text)))
        else:
            unreported.append((path, text))
    elsewhere = ((path, text) for path, text in unreported if text not in passed)
    for path, text in islice(elsewhere, MAX_FINDINGS):
        yield _elsewhere(path, found[text])


def _elsewhere(path: Path, broken: Broken) -> Finding:
    words = _WORDS.get(broken.rule.code, _UNKNOWN)
    what = words.format(reference=shown(broken.reference), meant=shown(broken.meant))
    finding = rules.REFERENCE_BROKEN_ELSEWHERE.at(path, what=what)
    repair = broken.at(path).repair
    return finding.repaired_by(repair.title, *repair.edits) if repair else finding


_UNKNOWN = "Reference to unknown component {reference}"
_WORDS = {
    compiling.REFERENCE_CYCLE.code: "{reference} leads back to itself and never to a value",
    compiling.REFERENCE_MISSPELT.code: "Reference {reference} leads nowhere; {meant} is meant",
    compiling.REFERENCE_REMOTE.code: "{reference} points out of this document",
    compiling.REFERENCE_TO_DOCUMENT.code: 'Reference "{reference}" names the whole document',
}


def _places(
    document: dict[str, Any], wanted: Collection[str]
) -> Iterator[tuple[tuple[str, ...], str]]:
    stack: list[tuple[Any, tuple[str, ...]]] = [(document, ())]
    while stack:
        node, path = stack.pop()
        if isinstance(node, list):
            stack += [(item, (*path, str(index))) for index, item in enumerate(node)]
        elif isinstance(node, dict):
            text = node.get("$ref")
            if isinstance(text, str) and text in wanted:
                yield (*path, "$ref"), text
            yield from _of_examples(node, path, wanted)
            stack += [
                (value, (*path, key))
                for key, value in node.items()
                if isinstance(value, dict | list) and not _is_data(key, path)
            ]


def _of_examples(
    node: dict[str, Any], path: tuple[str, ...], wanted: Collection[str]
) -> Iterator[tuple[tuple[str, ...], str]]:
    """Examples by name, of parameters, headers and media types, may be references (OAS 3.1,
    4.8.12.2 and 4.8.14.1); of a schema they are a list of values.
    """
    examples = node.get("examples")
    if not isinstance(examples, dict) or path[-1:] == ("properties",):
        return
    for name, each in examples.items():
        text = each.get("$ref") if isinstance(each, dict) else None
        if isinstance(text, str) and text in wanted and each.keys() <= _BESIDE:
            yield (*path, "examples", name, "$ref"), text


def _is_data(key: str, path: tuple[str, ...]) -> bool:
    """A property may be named like a keyword."""
    if path and path[-1] == "properties":
        return False
    return key in _DATA or key.startswith("x-")
