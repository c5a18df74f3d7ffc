"""Which server an operation is called at (OAS 3.1, 4.8.5 and 4.8.6)."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from contracts.errors import PlatformError
from contracts.operation import ListedServer, ServerVariable
from egress.errors import EgressError
from egress.server_url import ServerUrl
from schema_service.domain import pointers
from schema_service.domain.compiling import server_rules
from schema_service.domain.compiling.references import Path
from schema_service.domain.compiling.server import wanted
from schema_service.domain.compiling.server.beginnings import lacks_scheme
from schema_service.domain.compiling.server.helping import helping_variable, title_of
from schema_service.domain.compiling.server.hosts import is_example, obstacle
from schema_service.domain.compiling.server.misplaced import as_server
from schema_service.domain.compiling.server.placeholders import (
    another_tools,
    path_placeholder,
    shouted_placeholder,
)
from schema_service.domain.compiling.server.query import WrittenUrl
from schema_service.domain.compiling.server.resolving import absolute, referring
from schema_service.domain.compiling.server.scheme_slips import scheme_slip
from schema_service.domain.compiling.server.url_findings import (
    broken,
    missing,
    of_another_tool,
    resolved_against_source,
    to_https,
    trailing_slash,
    with_placeholder,
    without_scheme,
    without_url,
)
from schema_service.domain.compiling.server.values import (
    MAX_LENGTH,
    behind_origin,
    kept,
    part_filled,
)
from schema_service.domain.compiling.server.variables import fill
from schema_service.domain.compiling.server.whole_placeholders import whole_placeholder
from schema_service.domain.errors import PlaceholderHost
from schema_service.domain.finding import Edit, Finding

KEPT, PUBLIC, EXAMPLE, HTTPS, OTHER = range(5)
"""Ranks of servers, the best first."""


@dataclass(frozen=True, slots=True)
class ServerRules:
    """Where the document came from, and the builder's choices: never a model's.

    `base_url` counts where no server of the document is public. Which origins the operator's
    settings allow is no part of it: they are asked whenever a schema is read (`operator_rules`).
    """

    source_url: str | None = None
    variables: Mapping[str, str] = field(default_factory=dict)
    base_url: str | None = None


@dataclass(frozen=True, slots=True)
class Written:
    """A usable server as the document has it: its origin, the whole URL, where it stands, what
    makes it https, and what puts another base URL in its place.
    """

    origin: str
    url: str
    pointer: str
    edits: tuple[Edit, ...] = ()
    replacing: tuple[Edit, ...] = ()

    @property
    def is_https(self) -> bool:
        return self.origin.startswith("https://")


@dataclass(frozen=True, slots=True)
class Other:
    """Another server of the same list, which nobody may call unless the operator allows it."""

    origin: str
    url: str
    comes_first: bool
    """Whether it stands before the one that was chosen."""


@dataclass(frozen=True, slots=True)
class Choice:
    """The base URL and how it is written, or neither; and what there is to say about it."""

    url: str | None
    found: tuple[Finding, ...] = ()
    written: Written | None = None
    rank: int = OTHER
    obstacle: PlatformError | None = None
    template: str = ""
    """Its URL as it is written, where it has variables: of a server that is blocked too."""
    variables: Mapping[str, ServerVariable] = field(default_factory=dict)
    query: tuple[tuple[str, str], ...] = ()
    """Behind its URL: sent with every call."""
    place: str = ""
    """Of the list that it is chosen from."""
    others: tuple[Other, ...] = ()
    relative: str = ""
    """Where it cannot be called: what of it stands behind a base URL that a builder gives, with its
    variables' values and its query (`resolving.behind`).
    """
    refused: Mapping[str, Finding] = field(default_factory=dict)
    """By the name of its variable, each of the builder's values that may not be that of it."""
    listed: tuple[ListedServer, ...] = ()
    """The list that it is chosen from, where the builder's values may lead to another choice."""

    @property
    def is_public(self) -> bool:
        return self.url is not None and self.obstacle is None


def is_blank(entry: Any) -> bool:
    """Whether it names no URL at all, not even at a wrong place."""
    url = entry.get("url") if isinstance(entry, dict) else entry
    is_empty = url is None or (isinstance(url, str) and not url.strip())
    return is_empty and as_server(entry) is None


def from_import(source_url: str, path: Path) -> Choice:
    """Without servers there is one at `/` (OAS 3.1, 4.8.1), relative to the document (4.8.5)."""
    choice = _checked("/", "/", path, ServerRules(source_url))
    if choice.written is None:
        return choice
    written = Written(
        choice.written.origin, choice.written.url, pointers.join(path), (), _adding(path)
    )
    found = (server_rules.SERVER_FROM_IMPORT.at(path, url=choice.url),)
    return Choice(choice.url, found, written, choice.rank, choice.obstacle)


def _adding(path: Path) -> tuple[Edit, ...]:
    repair = missing(path).repair
    return repair.edits if repair else ()


def one(entry: Any, path: Path, allowed: ServerRules, kept_origin: str | None) -> Choice:
    template = entry.get("url") if isinstance(entry, dict) else None
    if not isinstance(template, str) or not template.strip():
        return Choice(None, (without_url(entry, path),))
    template = template.strip()
    written = WrittenUrl.of(template)
    if written.is_open:
        finding = server_rules.SERVER_QUERY_OPEN.at((*path, "url"), url=template)
        return Choice(None, (wanted.asking_for_url(finding, (*path, "url")),))
    foreign = another_tools(written.plain[:MAX_LENGTH])
    if foreign is not None:
        return Choice(None, (of_another_tool(template, foreign, (*path, "url")),))
    url = written.plain if len(template) <= MAX_LENGTH else template
    filled = fill(url, entry.get("variables"), path, allowed.variables)
    variables = kept(written.plain, entry.get("variables"))
    kept_template = written.plain if variables else ""
    rest = part_filled(
        behind_origin(written.plain) or "", entry.get("variables"), allowed.variables
    )
    relative = referring(rest, template)
    if filled.url is None:
        about_query = written.found(template, (*path, "url"))
        return Choice(
            None,
            (*filled.found, *about_query),
            template=kept_template,
            variables=variables,
            query=written.pairs,
            relative=relative,
            refused=filled.refused,
        )
    choice = _checked(filled.url, template, (*path, "url"), allowed)
    if variables and not choice.is_public:
        choice = _by_variable(choice, helping_variable(url, filled), entry.get("variables"), path)
    beside = written.found(template, (*path, "url")) if choice.written or choice.relative else ()
    return replace(
        choice,
        found=(*filled.found, *choice.found, *beside),
        rank=KEPT if choice.written and choice.written.origin == kept_origin else choice.rank,
        template=written.plain if choice.relative else kept_template,
        variables=variables,
        query=written.pairs,
        relative=choice.relative or ("" if choice.is_public else relative),
    )


def _by_variable(choice: Choice, name: str | None, declared: Any, path: Path) -> Choice:
    """Asks for the value of a variable in place of a base URL, where one is enough."""
    if name is None:
        return choice
    edit = wanted.writing_variable(path, declared, name)
    if choice.written is not None:
        return replace(choice, written=replace(choice.written, replacing=(edit,)))
    title = title_of(edit.needs)
    return replace(choice, found=tuple(each.repaired_by(title, edit) for each in choice.found))


def _checked(url: str, template: str, path: Path, allowed: ServerRules) -> Choice:
    """`url` has neither query nor fragment; `template` is as the document has it."""
    misspelt = scheme_slip(url, template, path)
    if misspelt is not None:
        return Choice(None, (misspelt,))
    standing_in = whole_placeholder(url or template) or path_placeholder(url)
    if standing_in is not None and "://" not in url:
        return Choice(None, (with_placeholder(template, standing_in, path),))
    if lacks_scheme(url):
        return Choice(None, (without_scheme(url, template, path),))
    whole = absolute(url, allowed.source_url)
    if whole is None:
        return _relative(url, template, path)
    try:
        parsed = ServerUrl.parse(whole)
    except EgressError as why:
        return Choice(None, (broken(whole, why, path),), obstacle=why)
    shouted = shouted_placeholder(whole)
    if shouted is not None:
        placeholder = PlaceholderHost(shouted)
        return Choice(None, (broken(whole, placeholder, path),), obstacle=placeholder)
    replacing = (wanted.replacing_url(path),)
    edits = tuple(to_https(url, template, path))
    written = Written(parsed.origin, whole, pointers.join(path), edits, replacing)
    against = obstacle(parsed)
    rank = _rank(parsed, against)
    slash = trailing_slash(url, template, path, repairable=rank == PUBLIC)
    found = (*resolved_against_source(url, parsed, path), *slash)
    relative = "" if against is None else referring(url, template)
    return Choice(parsed.base, found, written, rank, against, relative=relative)


def _rank(server: ServerUrl, against: PlatformError | None) -> int:
    if against is None:
        return EXAMPLE if is_example(server.host) else PUBLIC
    return HTTPS if server.scheme == "https" else OTHER


def _relative(url: str, template: str, path: Path) -> Choice:
    besides = ", or give your API's base URL, which is put before it"
    reference = referring(url, template)
    if not reference:
        finding = server_rules.SERVER_RELATIVE.at(path, url=url, besides="")
        return Choice(None, (wanted.asking_for_url(finding, path),))
    finding = server_rules.SERVER_RELATIVE.at(path, url=url, besides=besides)
    return Choice(None, (wanted.resolving(finding, path, reference),), relative=reference)
