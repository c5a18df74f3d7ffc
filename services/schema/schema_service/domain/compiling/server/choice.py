"""Which server an operation is called at (OAS 3.1, 4.8.5 and 4.8.6)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from contracts.errors import PlatformError
from contracts.operation import ServerVariable
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
from schema_service.domain.compiling.server.resolving import absolute, behind, referring
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
from schema_service.domain.needed_values import BASE_URL

MAX_SERVERS = 50
MAX_OTHERS = 10
"""Servers that an operator may allow, of those that a document lists."""
MAX_NAMED = 3
"""Servers that were passed over, in a finding."""
_KEPT, _PUBLIC, _EXAMPLE, _HTTPS, _OTHER = range(5)
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
    rank: int = _OTHER
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
    refuses_choice: bool = False
    """Whether a builder's value may not be that of its variable: no base URL hides that."""

    @property
    def is_public(self) -> bool:
        return self.url is not None and self.obstacle is None


def choose_server(
    servers: list[Any], path: Path, allowed: ServerRules, kept_origin: str | None = None
) -> Choice:
    """The first usable entry at the origin that is kept, else the first public one, else the first
    with https, else the first.

    Findings about the others only where none is usable.
    """
    refused: list[Finding] = []
    usable: list[Choice] = []
    passed_over: list[tuple[str, str]] = []
    best: Choice | None = None
    blocked: Choice | None = None
    relative: Choice | None = None
    for index, entry in enumerate(servers[:MAX_SERVERS]):
        choice = _one(entry, (*path, index), allowed, kept_origin)
        passed_over += _passed_over(entry, choice)
        relative = relative or (choice if choice.relative else None)
        if choice.written is None:
            refused += choice.found
            blocked = blocked or (choice if choice.template else None)
            continue
        usable.append(choice)
        best = min(best or choice, choice, key=lambda each: each.rank)
        if best.is_public and best.rank == (_KEPT if kept_origin else _PUBLIC):
            break
    if best is None:
        found = tuple(refused) or (missing(path),)
        if blocked is None:
            return Choice(None, found)
        return replace(blocked, found=tuple(wanted.put_behind(found, blocked.relative)))
    if len(servers) == 1:
        return best
    several = _several(path, best, passed_over)
    others = tuple(_others(usable, best))
    if not best.is_public:
        best = _beside(best, relative, blocked)
    return replace(best, found=(*best.found, several), place=pointers.join(path), others=others)


def _beside(best: Choice, relative: Choice | None, blocked: Choice | None) -> Choice:
    """A server that cannot be called, with what the builder's values make of another one."""
    if relative is not None and not best.template:
        return _with_relative(best, relative)
    return best if _lacks_a_value(best) else _with_template(best, blocked)


def _with_relative(best: Choice, relative: Choice) -> Choice:
    """A server that cannot be called, with the relative one beside it: a base URL before that one
    takes its place. Not where either has a query, which belongs to the compiled operation.
    """
    if best.written is None or best.query or relative.query:
        return best
    edits = tuple(wanted.behind(each, relative.relative) for each in best.written.replacing)
    return replace(
        best,
        written=replace(best.written, replacing=edits),
        relative=relative.relative,
        template=relative.template,
        variables=relative.variables,
    )


def _lacks_a_value(best: Choice) -> bool:
    """Whether it could be called with another value of one of its variables."""
    edits = best.written.replacing if best.written else ()
    return any(edit.needs != BASE_URL for edit in edits)


def _with_template(best: Choice, blocked: Choice | None) -> Choice:
    """A server that cannot be called, with the URL of one beside it that lacks a value: whoever
    gives that has it called.
    """
    if blocked is None or best.query or blocked.query:
        return best
    return replace(best, template=blocked.template, variables=blocked.variables)


def _passed_over(entry: Any, choice: Choice) -> Iterator[tuple[str, str]]:
    """The URL of one that stands before the chosen one, and why it is not that."""
    if choice.is_public:
        return
    url = choice.url or (entry.get("url") if isinstance(entry, dict) else None)
    if not isinstance(url, str) or not url.strip():
        yield "one without a URL", " cannot be called"
    elif choice.obstacle is not None:
        yield url, f" cannot be called: {choice.obstacle.sentence.rstrip('.')}"
    elif choice.url is None:
        yield url, " cannot be called as it stands"


def _several(path: Path, best: Choice, passed_over: list[tuple[str, str]]) -> Finding:
    because = besides = ""
    if best.is_public and passed_over:
        because = f", because {''.join(passed_over[0])}"
        others = [url for url, _ in passed_over[1:]]
        more = f" and {len(others) - MAX_NAMED} more" if len(others) > MAX_NAMED else ""
        besides = f"; nor can {', '.join(others[:MAX_NAMED])}{more}" if others else ""
    return server_rules.SERVERS_SEVERAL.at(path, url=best.url, because=because, besides=besides)


def _others(usable: list[Choice], best: Choice) -> Iterator[Other]:
    """A query belongs to the compiled operation, so that no other server can take its place."""
    at = usable.index(best)
    for index, each in enumerate(usable[:MAX_OTHERS]):
        if index == at or each.is_public or each.query or best.query or each.written is None:
            continue
        yield Other(each.written.origin, each.url or "", index < at)


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


def given(base_url: str, path: Path, instead: Choice) -> Choice:
    """What the builder said, where the document says nothing that can be called: with the relative
    URL that it has behind it, if it has one, and refused where both are too long together.
    """
    whole = WrittenUrl.of(behind(base_url, instead.relative)).plain
    try:
        server = ServerUrl.parse(whole)
    except EgressError as why:
        finding = server_rules.SERVER_BROKEN.at(path, url=whole, reason=why.sentence)
        return replace(instead, url=None, written=None, found=(finding,), others=())
    found = (server_rules.SERVER_GIVEN.at(path, url=server.base),)
    written = Written(server.origin, whole, pointers.join(path))
    if not instead.relative:
        return Choice(server.base, found, written)
    about_query = (each for each in instead.found if each.code == server_rules.SERVER_QUERY.code)
    return Choice(server.base, (*found, *about_query), written, query=instead.query)


def _one(entry: Any, path: Path, allowed: ServerRules, kept_origin: str | None) -> Choice:
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
        about_query = written.found(template, (*path, "url")) if relative else ()
        return Choice(
            None,
            (*filled.found, *about_query),
            template=kept_template,
            variables=variables,
            query=written.pairs if relative else (),
            relative=relative,
            refuses_choice=filled.refuses_choice,
        )
    choice = _checked(filled.url, template, (*path, "url"), allowed)
    if variables and not choice.is_public:
        choice = _by_variable(choice, helping_variable(url, filled), entry.get("variables"), path)
    beside = written.found(template, (*path, "url")) if choice.written or choice.relative else ()
    return replace(
        choice,
        found=(*filled.found, *choice.found, *beside),
        rank=_KEPT if choice.written and choice.written.origin == kept_origin else choice.rank,
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
    slash = trailing_slash(url, template, path, repairable=rank == _PUBLIC)
    found = (*resolved_against_source(url, parsed, path), *slash)
    relative = "" if against is None else referring(url, template)
    return Choice(parsed.base, found, written, rank, against, relative=relative)


def _rank(server: ServerUrl, against: PlatformError | None) -> int:
    if against is None:
        return _EXAMPLE if is_example(server.host) else _PUBLIC
    return _HTTPS if server.scheme == "https" else _OTHER


def _relative(url: str, template: str, path: Path) -> Choice:
    besides = ", or give your API's base URL, which is put before it"
    reference = referring(url, template)
    if not reference:
        finding = server_rules.SERVER_RELATIVE.at(path, url=url, besides="")
        return Choice(None, (wanted.asking_for_url(finding, path),))
    finding = server_rules.SERVER_RELATIVE.at(path, url=url, besides=besides)
    return Choice(None, (wanted.resolving(finding, path, reference),), relative=reference)
