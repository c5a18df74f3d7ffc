"""How a parameter's value is written (OAS 3.1, 4.8.12.2; Swagger 2.0, collectionFormat)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

from contracts.operation import Location
from schema_service.domain.compiling import rules
from schema_service.domain.compiling.references import Path
from schema_service.domain.finding import Finding

StyleName = Literal[
    "matrix", "label", "simple", "form", "spaceDelimited", "pipeDelimited", "deepObject"
]


@dataclass(frozen=True, slots=True)
class Style:
    name: StyleName
    explode: bool
    allow_reserved: bool = False
    allow_empty_value: bool = False


_ALLOWED: Mapping[Location, tuple[StyleName, ...]] = {
    Location.PATH: ("simple", "label", "matrix"),
    Location.QUERY: ("form", "spaceDelimited", "pipeDelimited", "deepObject"),
    Location.QUERYSTRING: ("form",),
    Location.HEADER: ("simple",),
    Location.COOKIE: ("form",),
}
"""The first of each is its default."""
_COLLECTIONS: Mapping[str, tuple[StyleName, bool]] = {
    "csv": ("form", False),
    "ssv": ("spaceDelimited", False),
    "pipes": ("pipeDelimited", False),
    "multi": ("form", True),
}


def style_of(node: dict[str, Any], location: Location, path: Path) -> tuple[Style, list[Finding]]:
    found: list[Finding] = []
    collection = node.get("collectionFormat")
    if collection is not None or ("schema" not in node and node.get("type") == "array"):
        name, explode = _collection(collection, location, path, found)
    else:
        name = _name(node.get("style"), location, path, found)
        declared = node.get("explode")
        explode = declared if isinstance(declared, bool) else name == "form"
    style = Style(
        name,
        explode,
        allow_reserved=node.get("allowReserved") is True,
        allow_empty_value=node.get("allowEmptyValue") is True,
    )
    return style, found


def _name(value: Any, location: Location, path: Path, found: list[Finding]) -> StyleName:
    allowed = _ALLOWED[location]
    if value is None or (value == "cookie" and location is Location.COOKIE):  # 3.2 adds `cookie`
        return allowed[0]
    for name in get_args(StyleName):
        if name == value and name in allowed:
            return name  # type: ignore[no-any-return] # get_args knows no types
    where = (*path, "style")
    found.append(rules.STYLE_UNKNOWN.at(where, style=value, location=location, used=allowed[0]))
    return allowed[0]


def _collection(
    value: Any, location: Location, path: Path, found: list[Finding]
) -> tuple[StyleName, bool]:
    """Lists in a path or a header are always joined by commas."""
    if value not in (None, *_COLLECTIONS):
        where = (*path, "collectionFormat")
        found.append(rules.STYLE_UNKNOWN.at(where, style=value, location=location, used="csv"))
    if location in (Location.PATH, Location.HEADER):
        return "simple", False
    return _COLLECTIONS.get(str(value), ("form", False))
