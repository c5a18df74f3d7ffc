"""`required` where it was in JSON Schema's third draft, at a member itself, and what stands in
quotes that should not.
"""

from collections.abc import Iterator
from typing import Any

from schema_service.domain import pointers
from schema_service.domain.compiling import rules
from schema_service.domain.compiling.json_schema import keywords
from schema_service.domain.compiling.references import Path
from schema_service.domain.finding import Edit, Finding


def is_misplaced(value: Any, path: Path) -> bool:
    """Whether `required`, with that value, says of a property, parameter or body that it is
    needed. `path` is the schema's.
    """
    is_property = "properties" in path[-2:-1]
    if not is_property and path[-1:] != ("schema",):
        return False
    return _says_so(value) or (is_property and value == path[-1])


def _says_so(value: Any) -> bool:
    return value is True or keywords.meant("deprecated", value) is True


def mended_keyword(finding: Finding, keyword: str, node: dict[str, Any]) -> Finding:
    """With what its value was meant as; left out if it says nothing."""
    value, where = node[keyword], finding.pointer
    if value is None or (keyword == "required" and value is False):
        return finding.repaired_by(f"Remove {keyword}", Edit("remove", where))
    meant = keywords.meant(keyword, value)
    if meant is not None:
        shown = str(meant).lower() if isinstance(meant, bool) else meant
        written = Edit("replace", where, meant)
        return finding.repaired_by(f"Write {shown} without quotes", written)
    properties = node.get("properties")
    known = properties if isinstance(properties, dict) else {}
    if keyword == "required" and isinstance(value, str) and value in known:
        return finding.repaired_by("Write it as a list", Edit("replace", where, [value]))
    return finding


def misplaced_required(node: dict[str, Any], path: Path) -> Iterator[Finding]:
    """About the members of an object. All have one repair: the second of two would overwrite the
    list that the first one made.
    """
    if path[-1:] == ("schema",) and _says_so(node.get("required")):
        yield _of_body(path) if "content" in path[-3:-2] else _about_parameter(path)
    properties = node.get("properties")
    if not isinstance(properties, dict):
        return
    names = [
        name
        for name, each in properties.items()
        if type(each) is dict and is_misplaced(each.get("required"), (*path, "properties", name))
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
    if not {"parameters", "headers"}.intersection(path[-3:-2]):
        return finding  # of a component or a property that is called schema
    moved = Edit("add", pointers.join((*path[:-1], "required")), value=True)
    return finding.repaired_by(
        "Move required to the parameter", moved, Edit("remove", finding.pointer)
    )


def _of_body(path: Path) -> Finding:
    """`required` of the body stands beside `content`; an answer has none (OAS 3.1, 4.8.13)."""
    finding = rules.BODY_REQUIRED_MISPLACED.at((*path, "required"))
    if "requestBody" not in path[-4:-3] and "requestBodies" not in path[-5:-4]:
        return finding
    moved = Edit("add", pointers.join((*path[:-3], "required")), value=True)
    return finding.repaired_by("Move required to the body", moved, Edit("remove", finding.pointer))
