"""Servers that a document names where OpenAPI 3 does not look for them (OAS 3.1, 4.8.1)."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from schema_service.domain import pointers
from schema_service.domain.compiling import server_rules
from schema_service.domain.compiling.references import Path
from schema_service.domain.finding import Edit, Finding

SERVERS = "servers"
_SINGLE = ("server", "Server", "Servers", "SERVERS", "baseUrl", "baseURL", "base_url", "basePath")
"""Names of members for which a document is searched beside `servers` itself."""
_URL_NAMES = ("url", "URL", "Url", "uri", "href", "baseUrl", "base_url", "address")
_OF_SWAGGER = ("host", "basePath", "schemes")
_PARENTS: tuple[Path, ...] = (
    *((name,) for name in ("info", "paths", "components", "externalDocs")),
    *(("info", name) for name in ("contact", "license")),
)


@dataclass(frozen=True, slots=True)
class _Found:
    """Where servers stand, the members to remove with them, and the list they were meant as."""

    path: Path
    remove: tuple[Path, ...]
    servers: list[dict[str, Any]]


def misplaced_servers(document: dict[str, Any]) -> Finding | None:
    """About the first of them; its repair moves it, with its own value, to where it belongs."""
    found = next(_found(document), None)
    if found is None:
        return None
    edits = [Edit("remove", pointers.join(path)) for path in found.remove]
    edits.append(Edit("add", f"/{SERVERS}", found.servers))
    if found.path == (SERVERS,):
        fault, title = "it is not a list", "Write it as a list"
    else:
        place = pointers.join(found.path)
        fault = f"one stands at {place}, where nobody looks for it"
        title = "Move it to `servers`, as a list"
    return server_rules.SERVER_MISPLACED.at(found.path, fault=fault).repaired_by(title, *edits)


def as_server(entry: Any) -> dict[str, Any] | None:
    """A Server Object (OAS 3.1, 4.8.5) of what was written for one; None where it names no URL."""
    if isinstance(entry, str):
        return {"url": entry.strip()} if _is_url(entry) else None
    if not isinstance(entry, dict):
        return None
    name = next((name for name in _URL_NAMES if _is_url(entry.get(name))), None)
    if name is None:
        return None
    return {"url": entry[name]} | {key: value for key, value in entry.items() if key != name}


def _found(document: dict[str, Any]) -> Iterator[_Found]:
    yield from _at(document, (SERVERS,), remove=())
    for name in _SINGLE:
        yield from _at(document, (name,), remove=((name,),))
    for parent in _PARENTS:
        node = pointers.look_up(document, parent)
        if isinstance(node, dict):
            for name in (SERVERS, *_SINGLE):
                path = (*parent, name)
                alone = len(node) == 1 and parent[0] != "paths"
                yield from _at(document, path, remove=(parent if alone else path,))
    yield from _of_swagger(document)


def _at(document: dict[str, Any], path: Path, remove: tuple[Path, ...]) -> Iterator[_Found]:
    value = pointers.look_up(document, path)
    entries = value if isinstance(value, list) else [value]
    servers = [server for entry in entries if (server := as_server(entry))]
    if servers:
        yield _Found(path, remove, servers)


def _of_swagger(document: dict[str, Any]) -> Iterator[_Found]:
    """`host`, `basePath` and `schemes` are of Swagger 2.0, and say it together."""
    host, base, schemes = (document.get(name) for name in _OF_SWAGGER)
    if not isinstance(host, str) or not host.strip() or "/" in host:
        return
    scheme = "http" if schemes == ["http"] else "https"
    path = f"/{base.strip('/')}" if isinstance(base, str) and base.strip("/") else ""
    remove = tuple((name,) for name in _OF_SWAGGER if name in document)
    yield _Found(("host",), remove, [{"url": f"{scheme}://{host.strip()}{path}"}])


def _is_url(value: Any) -> bool:
    return isinstance(value, str) and value.strip().lower().startswith(("https://", "http://"))
