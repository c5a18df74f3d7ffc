"""What there is to say about the URL of one server (OAS 3.1, 4.8.5)."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from contracts.errors import PlatformError
from egress.errors import EgressError, UrlInvalid
from egress.server_url import ServerUrl
from schema_service.domain import pointers
from schema_service.domain.compiling import server_rules
from schema_service.domain.compiling.references import Path
from schema_service.domain.compiling.server import wanted
from schema_service.domain.compiling.server.hosts import obstacle
from schema_service.domain.compiling.server.misplaced import as_server
from schema_service.domain.compiling.server.placeholders import written_placeholder
from schema_service.domain.errors import PlaceholderHost
from schema_service.domain.finding import Edit, Finding


def missing(path: Path) -> Finding:
    """Asks for a base URL."""
    return wanted.adding_servers(server_rules.SERVER_MISSING.at(path), path)


def without_url(entry: Any, path: Path) -> Finding:
    """Its own URL, where it is written otherwise, is put in its place."""
    server = as_server(entry)
    if server is not None:
        edit = Edit("replace", pointers.join(path), server)
        return server_rules.SERVER_MISSING.at(path).repaired_by("Write it as `url: …`", edit)
    url = (*path, "url") if isinstance(entry, dict) else path
    return wanted.adding_url(server_rules.SERVER_MISSING.at(path), url, alone=url is path)


def broken(url: str, why: PlatformError, path: Path) -> Finding:
    part = written_placeholder(url)
    if part is not None:
        says_more = not isinstance(why, PlaceholderHost | UrlInvalid)
        return with_placeholder(url, part, path, f": {why.sentence}" if says_more else "")
    finding = server_rules.SERVER_BROKEN.at(path, url=url, reason=why.sentence)
    return wanted.asking_for_url(finding, path)


def with_placeholder(url: str, part: str, path: Path, because: str = "") -> Finding:
    shown = part if part == url else f"{part} in {url}"
    finding = server_rules.SERVER_PLACEHOLDER.at(path, part=shown, because=because)
    return wanted.asking_for_url(finding, path)


def of_another_tool(template: str, part: str, path: Path) -> Finding:
    return with_placeholder(template, part, path, ", which another tool fills in, and nobody here")


def without_scheme(url: str, template: str, path: Path) -> Finding:
    finding = server_rules.SERVER_RELATIVE.at(path, url=url, besides="")
    try:
        public = obstacle(ServerUrl.parse(f"https://{url}")) is None
    except EgressError:
        public = False
    if not public:
        return wanted.asking_for_url(finding, path)
    edit = Edit("replace", pointers.join(path), f"https://{template}")
    return finding.repaired_by("Write https:// before it", edit)


def resolved_against_source(url: str, server: ServerUrl, path: Path) -> Iterator[Finding]:
    if not urlsplit(url).netloc:
        yield server_rules.SERVER_RESOLVED.at(path, url=url, whole=server.base)


def to_https(url: str, template: str, path: Path) -> Iterator[Edit]:
    """With its variables; without the port of http, at which nobody answers with https."""
    if not url.lower().startswith("http://"):
        return
    authority, slash, rest = template.partition("://")[2].partition("/")
    yield Edit(
        "replace", pointers.join(path), f"https://{authority.removesuffix(':80')}{slash}{rest}"
    )


def trailing_slash(url: str, template: str, path: Path, *, repairable: bool) -> Iterator[Finding]:
    """Without a repair where another one changes the same URL."""
    if not url.endswith("/") or len(url) == 1:
        return
    finding = server_rules.SERVER_TRAILING_SLASH.at(path, url=url)
    if repairable and template.endswith("/"):
        edit = Edit("replace", pointers.join(path), template.rstrip("/"))
        finding = finding.repaired_by("Drop the slash", edit)
    yield finding
