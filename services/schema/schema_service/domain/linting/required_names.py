"""Names in `required` that no property of the same object has (JSON Schema 2020-12, 6.5.3)."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

from schema_service.domain.finding import Edit, Finding
from schema_service.domain.linting import rules
from schema_service.domain.misspelt import misspelt

_ELSEWHERE = frozenset(
    {
        "$ref",
        "$dynamicRef",
        "allOf",
        "anyOf",
        "oneOf",
        "if",
        "not",
        "patternProperties",
        "dependentSchemas",
        "discriminator",
    }
)
"""With one of these beside it, a property may be described elsewhere."""
_COMPOSED = frozenset({"allOf", "anyOf", "oneOf", "then", "else", "not", "if", "dependentSchemas"})
MAX_COMPARED = 200
"""Properties with which such a name is compared."""
MAX_LETTERS = 100
"""Of a name that is compared."""


def required_names(node: dict[str, Any], path: tuple[str | int, ...]) -> Iterator[Finding]:
    """Silent where another schema may have the property, or any name is allowed by a schema."""
    names, properties = node["required"], node.get("properties")
    if not isinstance(names, list) or not isinstance(properties, dict) or not properties:
        return
    if not _ELSEWHERE.isdisjoint(node) or not _COMPOSED.isdisjoint(map(str, path[-3:])):
        return
    if isinstance(node.get("additionalProperties"), dict):
        return
    known = [each for each in islice(properties, MAX_COMPARED) if len(each) <= MAX_LETTERS]
    for index, name in enumerate(names):
        if isinstance(name, str) and name not in properties:
            yield _about(name, known, names, (*path, "required", index))


def _about(name: str, known: list[str], names: list[Any], where: tuple[str | int, ...]) -> Finding:
    meant = None
    if len(name) <= MAX_LETTERS:
        meant = misspelt(name, known) or _doubled(name, known)
    if meant is None:
        return rules.REQUIRED_UNDESCRIBED.at(where, name=name)
    finding = rules.REQUIRED_MISSPELT.at(where, name=name, meant=meant)
    if meant in names:
        return finding
    return finding.repaired_by(
        f"Write {meant} in required, in place of {name}",
        Edit("replace", finding.pointer, meant),
    )


def _doubled(name: str, known: list[str]) -> str | None:
    """`nn` for `n`, which is too short to compare."""
    return next((each for each in known if name in (each * 2, f"{each}s")), None)
