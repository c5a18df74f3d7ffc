"""Methods in the column of their path, which then has none (OAS 3.1, 4.8.8)."""

from dataclasses import dataclass, field
from typing import Any

from schema_service.domain import pointers
from schema_service.domain.compiling import path_rules
from schema_service.domain.compiling.path_members import METHODS
from schema_service.domain.finding import Edit, Finding


@dataclass(slots=True)
class Fallen:
    """`places` are the keys of `paths` that one of the findings is about."""

    found: list[Finding] = field(default_factory=list)
    places: set[str] = field(default_factory=set)


def fallen_out(paths: dict[str, Any]) -> Fallen:
    """Each path with the methods that follow it at once and that it has none of, in the order of
    the document.
    """
    fallen, above = Fallen(), ""
    methods: dict[str, list[str]] = {}
    for name, value in paths.items():
        if name.startswith("/"):
            above = name if value is None or isinstance(value, dict) else ""
        elif above and _belongs_to(paths[above], name, value):
            methods.setdefault(above, []).append(name)
        else:
            above = ""
    for path, names in methods.items():
        fallen.places |= {path, *names} if paths[path] is None else {*names}
        fallen.found.append(_about(path, names, paths))
    return fallen


def _belongs_to(item: Any, name: str, value: Any) -> bool:
    if name not in METHODS or not isinstance(value, dict):
        return False
    return item is None or (name not in item and not METHODS & value.keys())


def _about(path: str, names: list[str], paths: dict[str, Any]) -> Finding:
    finding = path_rules.METHOD_BESIDE_PATH.at(("paths", names[0]), path=path, method=names[0])
    item = {name: paths[name] for name in names}
    removed = [Edit("remove", pointers.join(("paths", name))) for name in names]
    if paths[path] is None:
        moved = [Edit("replace", pointers.join(("paths", path)), item)]
    else:
        moved = [
            Edit("add", pointers.join(("paths", path, name)), each) for name, each in item.items()
        ]
    return finding.repaired_by(f"Move {' and '.join(names)} into {path}", *moved, *removed)
