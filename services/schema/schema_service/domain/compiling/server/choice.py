"""Which server an operation is called at (OAS 3.1, 4.8.5 and 4.8.6)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin, urlsplit

from egress.errors import EgressError
from egress.server_url import ServerUrl
from schema_service.domain import pointers
from schema_service.domain.compiling import rules
from schema_service.domain.compiling.references import Path
from schema_service.domain.compiling.server.variables import fill
from schema_service.domain.finding import Edit, Finding

MAX_SERVERS = 50
PLACEHOLDER = "https://api.example.com"


@dataclass(frozen=True, slots=True)
class ServerRules:
    """Where the document came from, and the builder's choice of variables: never a model's.

    Which origins the operator's settings allow is no part of it: they are asked whenever a schema
    is read (`operator_rules`).
    """

    source_url: str | None = None
    variables: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Written:
    """A usable server as the document has it: its origin, the whole URL, where it stands, and what
    makes it https.
    """

    origin: str
    url: str
    pointer: str
    edits: tuple[Edit, ...] = ()

    @property
    def is_https(self) -> bool:
        return self.origin.startswith("https://")


@dataclass(frozen=True, slots=True)
class Choice:
    """The base URL and how it is written, or neither; and what there is to say about it."""

    url: str | None
    found: tuple[Finding, ...] = ()
    written: Written | None = None


def choose_server(
    servers: list[Any], path: Path, allowed: ServerRules, kept_origin: str | None = None
) -> Choice:
    """The first usable entry at the origin that is kept, else the first with https, else the first.

    Findings about the others only where none is usable.
    """
    refused: list[Finding] = []
    best: Choice | None = None
    for index, entry in enumerate(servers[:MAX_SERVERS]):
        choice = _one(entry, (*path, index), allowed)
        if choice.written is None:
            refused += choice.found
            continue
        best = min(best or choice, choice, key=lambda each: _rank(each, kept_origin))
        if _rank(best, kept_origin) == (0 if kept_origin else 1):
            break
    if best is None:
        return Choice(None, tuple(refused) or (missing(path, allowed),))
    several = [rules.SERVERS_SEVERAL.at(path, url=best.url)] if len(servers) > 1 else []
    return Choice(best.url, (*best.found, *several), best.written)


def _rank(choice: Choice, kept_origin: str | None) -> int:
    written = choice.written
    if written is not None and written.origin == kept_origin:
        return 0
    return 1 if written is not None and written.is_https else 2


def missing(path: Path, allowed: ServerRules) -> Finding:
    """Asks for a base URL; on an import it proposes where the document came from."""
    edit = Edit("add", pointers.join(path), [{"url": _proposal(allowed)}])
    return rules.SERVER_MISSING.at(path).repaired_by("Add a server", edit)


def _proposal(allowed: ServerRules) -> str:
    source = urlsplit(allowed.source_url or "").netloc
    return f"https://{source}" if source else PLACEHOLDER


def _one(entry: Any, path: Path, allowed: ServerRules) -> Choice:
    template = entry.get("url") if isinstance(entry, dict) else None
    if not isinstance(template, str) or not template.strip():
        return Choice(None, (_blank(entry, path, allowed),))
    filled = fill(template.strip(), entry.get("variables"), path, allowed.variables)
    if filled.url is None:
        return Choice(None, tuple(filled.found))
    choice = _checked(filled.url, (*path, "url"), allowed)
    return Choice(choice.url, (*filled.found, *choice.found), choice.written)


def _blank(entry: Any, path: Path, allowed: ServerRules) -> Finding:
    if not isinstance(entry, dict):
        edit = Edit("replace", pointers.join(path), {"url": _proposal(allowed)})
    else:
        url = pointers.join((*path, "url"))
        edit = Edit("replace" if "url" in entry else "add", url, _proposal(allowed))
    return rules.SERVER_MISSING.at(path).repaired_by("Write its URL", edit)


def _checked(url: str, path: Path, allowed: ServerRules) -> Choice:
    whole = _absolute(url, allowed.source_url)
    if whole is None:
        return Choice(None, (rules.SERVER_RELATIVE.at(path, url=url),))
    try:
        parsed = ServerUrl.parse(whole)
    except EgressError as why:
        return Choice(None, (rules.SERVER_BROKEN.at(path, url=whole, reason=why.sentence),))
    written = Written(parsed.origin, whole, pointers.join(path), tuple(_to_https(url, path)))
    return Choice(parsed.base, tuple(_slash(url, path)), written)


def _absolute(url: str, source_url: str | None) -> str | None:
    """Relative ones are resolved against where the document came from (RFC 3986, 5.2).

    One that begins with a host lacks nothing but its scheme.
    """
    try:
        if url.startswith("//"):
            return f"https:{url}"
        whole = urljoin(source_url or "", url)
        return whole if urlsplit(whole).scheme else None
    except ValueError:
        return url


def _to_https(url: str, path: Path) -> Iterator[Edit]:
    if url.lower().startswith("http://"):
        yield Edit("replace", pointers.join(path), "https" + url[len("http") :])


def _slash(url: str, path: Path) -> Iterator[Finding]:
    if url.endswith("/"):
        edit = Edit("replace", pointers.join(path), url.rstrip("/"))
        yield rules.SERVER_TRAILING_SLASH.at(path, url=url).repaired_by("Drop the slash", edit)
