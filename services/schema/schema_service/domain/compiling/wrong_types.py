"""Objects where lists belong, and other values of another type than the specification has."""

from typing import Any

from schema_service.domain.compiling import rules
from schema_service.domain.compiling.references import Path
from schema_service.domain.finding import Edit, Finding

MAX_REPAIRED = 50
"""Parameters that a repair writes as a list."""
_OBJECT = "Write its members on lines below it, indented deeper, or in braces: {name: value}."
_LIST = "Write a list there: [] where it is empty, else each item on a line, behind a dash."
_PARAMETERS = (
    "Write each parameter as an item of a list, on lines below it: a dash, its name as in "
    "- name: limit, and in and schema below that name."
)


def wrong_type(where: Path, name: str, wanted: str) -> Finding:
    hint = _OBJECT if wanted == "an object" else _LIST
    return rules.WRONG_TYPE.at(where, name=name, wanted=wanted, hint=hint)


def parameters_as_object(given: Any, where: Path) -> Finding:
    """One parameter alone, or each below its name, is written as a list by a repair."""
    finding = rules.WRONG_TYPE.at(where, name="parameters", wanted="a list", hint=_PARAMETERS)
    meant = _as_list(given) if isinstance(given, dict) else []
    if not meant:
        return finding
    return finding.repaired_by("Write a list", Edit("replace", finding.pointer, meant))


def _as_list(given: dict[str, Any]) -> list[dict[str, Any]]:
    if isinstance(given.get("name"), str) or isinstance(given.get("$ref"), str):
        return [given]
    items = [
        {"name": name, **each}
        for name, each in given.items()
        if isinstance(each, dict) and isinstance(each.get("in"), str)
    ]
    return items if len(items) == len(given) <= MAX_REPAIRED else []
