"""`enum`, `const` and `default` beside a `type` that some of their values do not have."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from schema_service.domain import pointers
from schema_service.domain.compiling import rules
from schema_service.domain.compiling.json_schema.typed import Written, as_declared, fits, once
from schema_service.domain.compiling.references import Path
from schema_service.domain.finding import Edit, Finding

LISTED = frozenset({"enum", "const", "default"})
MAX_EDITS = 100
"""Beyond, a repair writes the whole list."""


def settled(
    node: dict[str, Any], to: dict[str, Any], path: Path, written: Written
) -> Iterator[Finding]:
    """Values are read as the declared type; each stands once. `to` is the schema being made."""
    kinds = to.get("type")
    kinds = [kinds] if isinstance(kinds, str) else kinds
    if kinds and "enum" in to:
        yield from _enum(node, to, kinds, path, written)
    for keyword in ("const", "default"):
        if kinds and keyword in to:
            yield from _one(keyword, to, kinds, path, written)
    if "enum" in to:
        to["enum"] = once(to["enum"])


def _enum(
    node: dict[str, Any], to: dict[str, Any], kinds: Sequence[str], path: Path, written: Written
) -> Iterator[Finding]:
    values = to["enum"]
    if all(value is None or fits(value, kinds) for value in values):
        return
    if kinds == ["array"] and _moved_into_items(to, values):
        yield _about_items(node, (*path, "enum"))
        return
    read = [
        value if value is None else as_declared(value, kinds, (*path, "enum", i), written)
        for i, value in enumerate(values)
    ]
    usable = [value for value in read if value is not pointers.MISSING]
    if not any(value is not None for value in usable):
        del to["type"]  # the values say more about what is wanted than the type
        yield rules.ENUM_TYPE_IGNORED.at((*path, "type"), kind=" or ".join(kinds), first=values[0])
        return
    to["enum"] = usable
    changed = {i: new for i, (new, old) in enumerate(zip(read, values, strict=True)) if new != old}
    changed |= {i: new for i, new in enumerate(read) if type(new) is not type(values[i])}
    yield _about_values(values, read, sorted(changed), kinds, (*path, "enum"))


def _about_values(
    values: list[Any], read: list[Any], changed: list[int], kinds: Sequence[str], path: Path
) -> Finding:
    kind = " or ".join(kinds)
    lost = [i for i in changed if read[i] is pointers.MISSING]
    if lost:
        return rules.ENUM_VALUE_LOST.at((*path, lost[0]), value=values[lost[0]], kind=kind)
    first = changed[0]
    finding = rules.ENUM_OF_OTHER_TYPE.at(
        path, value=shown(values[first], read[first]), read=_written(read[first]), kind=kind
    )
    where = finding.pointer
    edits = [Edit("replace", f"{where}/{i}", read[i]) for i in changed]
    if len(edits) > MAX_EDITS:
        edits = [Edit("replace", where, read)]
    return finding.repaired_by(f"Write the values as {kind}", *edits)


def _one(
    keyword: str, to: dict[str, Any], kinds: Sequence[str], path: Path, written: Written
) -> Iterator[Finding]:
    """`const` or `default`. What cannot be read so stays: it is refused where it is used."""
    found, where = to[keyword], (*path, keyword)
    if found is None or fits(found, kinds):
        return
    value = as_declared(found, kinds, where, written)
    if value is pointers.MISSING:
        return
    to[keyword] = value
    finding = rules.ENUM_OF_OTHER_TYPE.at(
        where,
        value=shown(found, value),
        read=_written(value),
        kind=" or ".join(kinds),
    )
    yield finding.repaired_by(f"Write {_written(value)}", Edit("replace", finding.pointer, value))


def shown(found: Any, read: Any) -> str:
    """A value as the document has it: what became a text has the same characters there."""
    is_text = isinstance(read, str) and not isinstance(found, str | bool)
    return read if is_text else _written(found)


def _moved_into_items(to: dict[str, Any], values: list[Any]) -> bool:
    """A list's `enum` of values that are no lists is meant for its items."""
    items = to.get("items", {})
    items = {} if items is True else items
    if not isinstance(items, dict) or "$ref" in items or "enum" in items:
        return False
    kinds = items.get("type", ())
    kinds = [kinds] if isinstance(kinds, str) else [*kinds]
    if any(isinstance(value, list) or (kinds and not fits(value, kinds)) for value in values):
        return False
    to["items"] = {**items, "enum": to.pop("enum")}
    return True


def _about_items(node: dict[str, Any], path: Path) -> Finding:
    finding = rules.ENUM_OF_ITEMS.at(path)
    if not isinstance(node.get("items"), dict):
        return finding
    moved = Edit("add", pointers.join((*path[:-1], "items", "enum")), node["enum"])
    return finding.repaired_by("Move it into items", moved, Edit("remove", finding.pointer))


def _written(value: Any) -> str:
    if value is None or isinstance(value, bool):
        return json.dumps(value)
    return f'"{value}"' if isinstance(value, str) else str(value)
