"""How a parameter's value is written (OAS 3.1, 4.8.12.2; Swagger 2.0, collectionFormat)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from contracts.operation import Location, StyleName
from schema_service.domain.compiling import rules
from schema_service.domain.compiling.references import Path
from schema_service.domain.finding import Finding


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
    Location.COOKIE: ("form", "cookie"),
}
"""The first of each is its default; `cookie` is 3.2's (3.2, 4.12.3)."""
_EXPLODED = ("form", "cookie")
"""Unless `explode` says otherwise (3.2, 4.12.2.2)."""
_COLLECTIONS: Mapping[str, tuple[StyleName, bool]] = {
    "csv": ("form", False),
    "ssv": ("spaceDelimited", False),
    "tsv": ("tabDelimited", False),
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
        explode = declared if isinstance(declared, bool) else name in _EXPLODED
    style = Style(
        name,
        explode,
        allow_reserved=node.get("allowReserved") is True,
        allow_empty_value=node.get("allowEmptyValue") is True,
    )
    return style, found


def collection_style(value: Any) -> tuple[StyleName, bool]:
    """Of a list in a query or a form, and whether it is exploded."""
    return _COLLECTIONS.get(str(value), ("form", False))


def _name(value: Any, location: Location, path: Path, found: list[Finding]) -> StyleName:
    allowed = _ALLOWED[location]
    if value is None:
        return allowed[0]
    for name in allowed:
        if name == value:
            return name
    where = (*path, "style")
    found.append(rules.STYLE_UNKNOWN.at(where, style=value, location=location, used=allowed[0]))
    return allowed[0]


def _collection(
    value: Any, location: Location, path: Path, found: list[Finding]
) -> tuple[StyleName, bool]:
    """All but `multi` are everywhere (Swagger 2.0, collectionFormat); a tab is in no path."""
    is_single = location in (Location.PATH, Location.HEADER)
    unfit = is_single and (value == "multi" or (location is Location.PATH and value == "tsv"))
    if value not in (None, *_COLLECTIONS) or unfit:
        where = (*path, "collectionFormat")
        found.append(rules.STYLE_UNKNOWN.at(where, style=value, location=location, used="csv"))
        value = "csv"
    name, explode = collection_style(value)
    return ("simple" if is_single and name == "form" else name), explode
