"""How a parameter's value is written (OAS 3.1, 4.8.12.2; Swagger 2.0, collectionFormat)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
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
    delimiter: str | None = None
    is_encoded: bool = True
    inner: tuple[str, ...] = ()
    """Delimiters of lists within the list, from the outside in."""


_ALLOWED: Mapping[Location, tuple[StyleName, ...]] = {
    Location.PATH: ("simple", "label", "matrix"),
    Location.QUERY: ("form", "spaceDelimited", "pipeDelimited", "deepObject"),
    Location.QUERYSTRING: ("form",),
    Location.HEADER: ("simple",),
    Location.COOKIE: ("form",),
}
"""The first of each is its default."""
_COLLECTIONS: Mapping[str, tuple[StyleName, str | None]] = {
    "csv": ("form", None),
    "ssv": ("spaceDelimited", " "),
    "tsv": ("form", "\t"),
    "pipes": ("pipeDelimited", "|"),
    "multi": ("form", None),
}
"""Style in a query, and delimiter elsewhere."""
_DELIMITERS: Mapping[str, str] = {"csv": ",", "ssv": " ", "tsv": "\t", "pipes": "|"}
_MAX_INNER = 10
TAB_DELIMITED = "tabDelimited"
"""Of a property of a form: OpenAPI has no such style."""


def style_of(node: dict[str, Any], location: Location, path: Path) -> tuple[Style, list[Finding]]:
    found: list[Finding] = []
    collection = node.get("collectionFormat")
    if collection is not None or ("schema" not in node and node.get("type") == "array"):
        style = replace(
            _collection(collection, location, path, found), inner=inner_delimiters(node)
        )
    elif location is Location.COOKIE and node.get("style") == "cookie":  # 3.2's (3.2, 4.12.3)
        style = Style("form", _explode(node, default=True), is_encoded=False)
    else:
        name = _name(node.get("style"), location, path, found)
        style = Style(name, _explode(node, default=name == "form"))
    reserved, empty = node.get("allowReserved") is True, node.get("allowEmptyValue") is True
    if reserved or empty:
        style = replace(style, allow_reserved=reserved, allow_empty_value=empty)
    return style, found


def _explode(node: dict[str, Any], *, default: bool) -> bool:
    declared = node.get("explode")
    return declared if isinstance(declared, bool) else default


def inner_delimiters(node: dict[str, Any]) -> tuple[str, ...]:
    """Of the lists within a list (Swagger 2.0, items object): each has its own format, or csv."""
    found: list[str] = []
    items = node.get("items")
    while isinstance(items, dict) and items.get("type") == "array" and len(found) < _MAX_INNER:
        found.append(_DELIMITERS.get(str(items.get("collectionFormat")), ","))
        items = items.get("items")
    return tuple(found)


def form_style(collection_format: Any) -> tuple[str, bool]:
    """Of a list in a form, and whether it is exploded."""
    if collection_format == "tsv":
        return TAB_DELIMITED, False
    name, _ = _COLLECTIONS.get(str(collection_format), ("form", None))
    return name, collection_format == "multi"


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


def _collection(value: Any, location: Location, path: Path, found: list[Finding]) -> Style:
    """All but `multi` are everywhere (Swagger 2.0, collectionFormat); a tab is in no path."""
    is_single = location in (Location.PATH, Location.HEADER)
    unfit = is_single and (value == "multi" or (location is Location.PATH and value == "tsv"))
    if value not in (None, *_COLLECTIONS) or unfit:
        where = (*path, "collectionFormat")
        found.append(rules.COLLECTION_FORMAT_UNFIT.at(where, found=value, location=location))
        value = "csv"
    name, delimiter = _COLLECTIONS.get(str(value), ("form", None))
    if is_single:
        return Style("simple", explode=False, delimiter=delimiter)
    return Style(name, value == "multi", delimiter=delimiter if name == "form" else None)
