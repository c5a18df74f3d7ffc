"""Which server an operation is called at (OAS 3.1, 4.8.5 and 4.8.6)."""

from collections.abc import Callable, Iterator, Mapping
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
    """What the import and the operator allow: variables are the builder's choice, never a model's.

    `lets_through` says of an origin such as `http://127.0.0.1:9000` whether it may be plain http.
    """

    source_url: str | None = None
    lets_through: Callable[[str], bool] = lambda _origin: False
    variables: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Choice:
    """The base URL, or None; and what there is to say about it."""

    url: str | None
    found: tuple[Finding, ...] = ()


def choose_server(servers: list[Any], path: Path, allowed: ServerRules) -> Choice:
    """The first usable entry. Findings about the others only where none is."""
    refused: list[Finding] = []
    for index, entry in enumerate(servers[:MAX_SERVERS]):
        choice = _one(entry, (*path, index), allowed)
        if choice.url is None:
            refused += choice.found
            continue
        several = [rules.SERVERS_SEVERAL.at(path, url=choice.url)] if len(servers) > 1 else []
        return Choice(choice.url, (*choice.found, *several))
    return Choice(None, tuple(refused) or (missing(path, allowed),))


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
    return Choice(choice.url, (*filled.found, *choice.found))


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
    if parsed.scheme != "https" and not allowed.lets_through(parsed.origin):
        return Choice(None, (_not_https(url, whole, path),))
    return Choice(parsed.base, tuple(_slash(url, path)))


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


def _not_https(url: str, whole: str, path: Path) -> Finding:
    found = rules.SERVER_NOT_HTTPS.at(path, url=whole)
    if not url.lower().startswith("http://"):
        return found
    edit = Edit("replace", pointers.join(path), "https" + url[len("http") :])
    return found.repaired_by("Use https", edit)


def _slash(url: str, path: Path) -> Iterator[Finding]:
    if url.endswith("/"):
        edit = Edit("replace", pointers.join(path), url.rstrip("/"))
        yield rules.SERVER_TRAILING_SLASH.at(path, url=url).repaired_by("Drop the slash", edit)
