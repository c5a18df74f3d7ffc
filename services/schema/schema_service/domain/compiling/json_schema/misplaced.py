"""`required: true` where it was in JSON Schema's third draft: at a member itself."""

from collections.abc import Iterator
from typing import Any

from schema_service.domain import pointers
from schema_service.domain.compiling import rules
from schema_service.domain.compiling.references import Path
from schema_service.domain.finding import Edit, Finding


def misplaced_required(node: dict[str, Any], path: Path) -> Iterator[Finding]:
    """About the members of an object. All have one repair: the second of two would overwrite the
    list that the first one made.
    """
    if node.get("required") is True and path[-1:] == ("schema",):
        yield _about_parameter(path)
    properties = node.get("properties")
    if not isinstance(properties, dict):
        return
    names = [
        name
        for name, each in properties.items()
        if type(each) is dict and each.get("required") is True
    ]
    if not names:
        return
    edits = _moved(node, names, path)
    for name in names:
        where = (*path, "properties", name, "required")
        finding = rules.REQUIRED_MISPLACED.at(where, name=name)
        yield finding.repaired_by("Move required to the object", *edits)


def _moved(node: dict[str, Any], names: list[str], path: Path) -> list[Edit]:
    where, listed = pointers.join((*path, "required")), node.get("required")
    if isinstance(listed, list) and listed:
        added = [Edit("add", f"{where}/-", name) for name in names if name not in listed]
    else:
        added = [Edit("replace" if "required" in node else "add", where, names)]
    steps = [(*path, "properties", name, "required") for name in names]
    return [*added, *(Edit("remove", pointers.join(each)) for each in steps)]


def _about_parameter(path: Path) -> Finding:
    finding = rules.PARAMETER_REQUIRED_MISPLACED.at((*path, "required"))
    moved = Edit("add", pointers.join((*path[:-1], "required")), value=True)
    return finding.repaired_by(
        "Move required to the parameter", moved, Edit("remove", finding.pointer)
    )
