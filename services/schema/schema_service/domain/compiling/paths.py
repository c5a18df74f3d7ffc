"""What may be wrong with a path as a document writes it (OAS 3.1, 4.8.8.1 and 4.8.9)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from schema_service.domain import pointers
from schema_service.domain.compiling import path_rules
from schema_service.domain.compiling.path_members import METHODS
from schema_service.domain.compiling.path_templates import without_mark, without_type
from schema_service.domain.compiling.places import Place
from schema_service.domain.compiling.server.beginnings import lacks_scheme
from schema_service.domain.finding import Edit, Finding

_TEMPLATE = re.compile(r"\{[^{}]+\}")
_DOUBLED = re.compile(r"\{\{([^{}]++)\}\}")
_FOREIGN = re.compile(r"(?<=/):([A-Za-z_]\w*)(?=/|$)|(?<=/)<(?:\w+:)?([A-Za-z_]\w*)>(?=/|$)")
_WITH_METHOD = re.compile(
    r"/?(get|put|post|delete|options|head|patch|query)\s+(/\S*)", re.IGNORECASE
)
_URL = re.compile(r"/?https?://", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class PathFinding:
    """`blocks` where no call of the path can mean what was written."""

    finding: Finding
    blocks: bool = False


_OF_OPERATIONS = frozenset({"responses", "requestBody", "parameters", "content"})
"""Names that rather stand too far left than without a slash."""


def about_path(place: Place, server: str | None) -> Iterator[PathFinding]:
    written, where = place.path_as_written, place.item_pointer
    if _URL.match(written.strip()):
        yield PathFinding(_whole_url(written.strip().lstrip("/"), place, server), blocks=True)
        return
    if written != written.strip():
        finding = path_rules.PATH_WHITE_SPACE.at(where, path=written.strip())
        yield PathFinding(
            _renamed(finding, place, "Leave out the white space around the path", written.strip())
        )
    elif (elsewhere := _more_than_path(place, server)) is not None:
        yield PathFinding(elsewhere, blocks=True)
    elif not written.startswith("/"):
        finding = path_rules.PATH_WITHOUT_SLASH.at(where, path=written)
        mended = _renamed(finding, place, "Put a slash before it", f"/{written}")
        yield PathFinding(finding if written in _OF_OPERATIONS else mended)
    if "?" in written or "#" in written:
        yield PathFinding(path_rules.PATH_NOT_PLAIN.at(where, path=written))
    if place.has_mixed_query:
        yield PathFinding(path_rules.PATH_QUERY_OPEN.at(where, path=written), blocks=True)
    yield from _about_templates(place)


def _about_templates(place: Place) -> Iterator[PathFinding]:
    written, where = place.path_as_written, place.item_pointer
    typed = _about_typed(place)
    if typed is not None:
        yield PathFinding(typed)
    marked = without_mark(place.path)
    if marked:
        finding = path_rules.PATH_TEMPLATE_MARKED.at(
            where, path=written, found=marked[0], meant=marked[1]
        )
        whole = without_mark(written)
        path = whole[1] if whole else marked[1]
        yield PathFinding(_renamed(finding, place, f"Write {path}", path))
    left = _TEMPLATE.sub("", place.path)
    if "{" in left or "}" in left:
        finding = path_rules.PATH_TEMPLATE_BROKEN.at(where, path=written)
        mended = _DOUBLED.sub(lambda each: f"{{{each[1].strip()}}}", written)
        if mended != written:
            finding = _renamed(finding, place, f"Write {mended}", mended)
        yield PathFinding(finding, blocks=True)
    found = _FOREIGN.search(place.path)
    if found:
        name = found[1] or found[2]
        mended = _FOREIGN.sub(_in_braces, written)
        finding = path_rules.PATH_TEMPLATE_FOREIGN.at(
            where, path=written, found=found[0], name=name
        )
        yield PathFinding(_renamed(finding, place, f"Write {mended}", mended))


def _about_typed(place: Place) -> Finding | None:
    """Unless a parameter has that very name."""
    typed = without_type(place.path_as_written)
    if typed is None or typed[0][1:-1] in _declared(place):
        return None
    found, mended = typed
    finding = path_rules.PATH_TEMPLATE_TYPED.at(
        place.item_pointer, path=place.path_as_written, found=found, meant=mended
    )
    return _renamed(finding, place, f"Write {mended}", mended)


def _declared(place: Place) -> set[str]:
    entries = [each for given, _ in place.parameters if isinstance(given, list) for each in given]
    return {str(each.get("name")) for each in entries if isinstance(each, dict)}


def _in_braces(found: re.Match[str]) -> str:
    return f"{{{found[1] or found[2]}}}"


def _renamed(finding: Finding, place: Place, title: str, path: str) -> Finding:
    return finding.repaired_by(title, Edit("rename", pointers.join(place.item_pointer), path))


def _whole_url(url: str, place: Place, server: str | None) -> Finding:
    """What stands behind the server's own URL is the path; another host has to be a server."""
    path = urlsplit(url.partition("?")[0]).path or "/"
    base = (server or "").rstrip("/")
    if base and url.lower().startswith(f"{base.lower()}/"):
        path = url[len(base) :]
        finding = path_rules.PATH_IS_URL.at(place.item_pointer, path=url, rest=path)
        return _renamed(finding, place, f"Write {path}", path)
    return path_rules.PATH_IS_URL.at(place.item_pointer, path=url, rest=path)


def _more_than_path(place: Place, server: str | None) -> Finding | None:
    """`GET /a`, `api.example.com/a`: what stands before the slash belongs elsewhere."""
    written, where = place.path_as_written, place.item_pointer
    named = _WITH_METHOD.fullmatch(written)
    if named:
        method, rest = named[1].lower(), named[2]
        finding = path_rules.PATH_NAMES_METHOD.at(where, path=written, rest=rest, method=method)
        return (
            _renamed(finding, place, f"Write {rest}", rest)
            if place.key.lower() == method
            else finding
        )
    if written.startswith("/") or not lacks_scheme(written):
        return None
    rest = f"/{written.partition('/')[2]}"
    finding = path_rules.PATH_NAMES_HOST.at(where, path=written, rest=rest)
    base = (server or "").partition("://")[2].rstrip("/").lower()
    if base and written.lower().startswith(f"{base}/"):
        rest = written[len(base) :]
        return _renamed(finding, place, f"Write {rest}", rest)
    return finding


def equal_paths(paths: Any) -> Iterator[Finding]:
    """Paths that differ in nothing but the names of their templates (OAS 3.1, 4.8.8.2)."""
    if not isinstance(paths, dict):
        return
    first: dict[str, str] = {}
    for path in paths:
        if not isinstance(path, str) or "{" not in path:
            continue
        shape = _TEMPLATE.sub("{}", path.partition("?")[0].strip().rstrip("/"))
        if first.setdefault(shape, path) != path:
            other = first[shape]
            if _share_a_method(paths[path], paths[other]):
                but = _difference(path, other)
                yield path_rules.PATHS_EQUAL.at(("paths", path), path=path, other=other, but=but)


def _difference(one: str, other: str) -> str:
    """Of two paths of the same shape, by what is left out of that."""
    plain = [each.partition("?")[0].strip() for each in (one, other)]
    braces = "the names in braces" * (len({each.rstrip("/") for each in plain}) > 1)
    slash = "the slash at the end" * (plain[0].endswith("/") != plain[1].endswith("/"))
    query = "what stands behind the ?" * (("?" in one) or ("?" in other))
    return " and ".join(each for each in (braces, slash, query) if each) or "spaces around it"


def _share_a_method(one: Any, other: Any) -> bool:
    if not isinstance(one, dict) or not isinstance(other, dict):
        return False
    return bool(METHODS & one.keys() & other.keys())
