"""Where the servers of a list, the builder's values and a base URL together have an operation
called: the one rule for a validation, a repair and a binding (decision 34).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from contracts.errors import PlatformError
from contracts.operation import ListedServer
from egress.errors import EgressError
from egress.server_url import ServerUrl
from schema_service.domain import pointers
from schema_service.domain.compiling import server_rules
from schema_service.domain.compiling.references import Path
from schema_service.domain.compiling.server.choice import (
    KEPT,
    PUBLIC,
    Choice,
    Other,
    ServerRules,
    Written,
    from_import,
    is_blank,
    one,
)
from schema_service.domain.compiling.server.hosts import host_refused
from schema_service.domain.compiling.server.query import WrittenUrl
from schema_service.domain.compiling.server.resolving import behind
from schema_service.domain.compiling.server.url_findings import missing
from schema_service.domain.compiling.server.values import MAX_KEPT, kept, only_begins
from schema_service.domain.compiling.server.variables import permits
from schema_service.domain.finding import Finding

MAX_SERVERS = 50
MAX_COUNTED = 10
"""Servers of a list for which the builder's values count."""
MAX_OTHERS = 10
"""Servers that an operator may allow, of those that a document lists."""
MAX_NAMED = 3
"""Servers that were passed over, in a finding."""


def decided(
    servers: Sequence[Any],
    path: Path,
    allowed: ServerRules,
    kept_origin: str | None = None,
    base_path: str | None = None,
) -> Choice:
    """Where a list has an operation called; nowhere where values lead to a server with another
    query, which belongs to the compiled operation: only writing them into the document changes it.
    """
    choice = _by_rules(servers, path, allowed, kept_origin, base_path)
    if not allowed.variables or allowed.writes or choice.url is None:
        return choice
    without = _by_rules(servers, path, allowed.without_choices, kept_origin, base_path)
    if without.query == choice.query:
        return choice
    finding = server_rules.SERVER_QUERY_OTHER.at(path, url=choice.url)
    refused = dict.fromkeys(allowed.variables, finding)
    return replace(choice, url=None, written=None, found=(finding,), others=(), refused=refused)


def _by_rules(
    servers: Sequence[Any],
    path: Path,
    allowed: ServerRules,
    kept_origin: str | None,
    base_path: str | None,
) -> Choice:
    """The first server at the origin that is kept, else the first public one; else the base URL,
    with the first relative server behind it; else the first server with https, else the first.

    A value of the builder's that is no value of any variable of its name is refused, and so is a
    base URL with which only the value of a variable behind it is missing. `base_path` is that of
    Swagger 2.0, which has one in place of relative servers, and no variables.
    """
    if allowed.source_url is not None and all(map(is_blank, servers)):
        return placed(from_import(allowed, path), path, allowed)
    if base_path is not None:
        allowed = replace(allowed, variables={})
    walk = _Walk.through(servers, path, allowed, kept_origin)
    choice = walk.refusal() or walk.choice()
    if base_path is not None and not choice.is_public:
        plain = WrittenUrl.of(base_path).plain
        plain = f"/{plain.lstrip('/')}" if plain.startswith("/") else plain
        choice = replace(choice, relative=base_path, template=plain, variables={}, listed=())
    if choice.is_public or choice.refused or allowed.base_url is None:
        return choice
    begun = walk.begun_by(allowed.base_url)
    if begun is not None:
        return choice if begun.url is not None else replace(begun, listed=choice.listed)
    return placed(choice, path, allowed)


def placed(choice: Choice, path: Path, allowed: ServerRules) -> Choice:
    """What cannot be called, at the base URL that the builder gave, if there is one: with the
    relative URL that it has behind it, and its query, which a base URL cannot have. Refused where
    both are too long together.
    """
    if allowed.base_url is None or choice.is_public:
        return choice
    whole = WrittenUrl.of(behind(allowed.base_url, choice.relative)).plain
    try:
        server = ServerUrl.parse(whole)
    except EgressError as why:
        finding = server_rules.SERVER_BROKEN.at(path, url=whole, reason=why.sentence)
        return replace(choice, url=None, written=None, found=(finding,), others=())
    found = (server_rules.SERVER_GIVEN.at(path, url=server.base),)
    about_query = (each for each in choice.found if each.code == server_rules.SERVER_QUERY.code)
    written = Written(server.origin, whole, pointers.join(path))
    return Choice(server.base, (*found, *about_query), written, query=choice.query)


@dataclass(frozen=True, slots=True)
class _Walk:
    """The servers of a list, up to the one that is called in any case."""

    servers: Sequence[Any]
    path: Path
    allowed: ServerRules
    seen: tuple[Choice, ...]

    @classmethod
    def through(
        cls, servers: Sequence[Any], path: Path, allowed: ServerRules, kept_origin: str | None
    ) -> "_Walk":
        seen: list[Choice] = []
        counted, without = counted_of(servers), replace(allowed, variables={})
        wanted_rank = KEPT if kept_origin else PUBLIC
        for index, entry in enumerate(servers[:MAX_SERVERS]):
            counts = index < counted
            choice = one(entry, (*path, index), allowed if counts else without, kept_origin)
            seen.append(choice if counts else replace(choice, relative=""))
            if choice.is_public and choice.rank == wanted_rank:
                break
        return cls(servers, path, allowed, tuple(seen))

    def refusal(self) -> Choice | None:
        """Without a server, where a value may not be that of any variable of its name."""
        counted = self.servers[: counted_of(self.servers)]
        values = self.allowed.variables
        refused = {
            name: finding
            for choice in self.seen
            for name, finding in choice.refused.items()
            if not any(permits(entry, name, values[name]) for entry in counted)
        }
        if not refused:
            return None
        first = next(each for each in self.seen if {*each.refused} & {*refused})
        found = first.found if len(self.seen) == 1 else tuple(refused.values())
        return replace(first, url=None, written=None, found=found, refused=refused)

    def begun_by(self, base_url: str) -> Choice | None:
        """The server of which the base URL is what stands before a variable of its path."""
        return next((each for each in self.seen if only_begins(base_url, each.template)), None)

    def choice(self) -> Choice:
        usable = [each for each in self.seen if each.written is not None]
        if not usable:
            return self._blocked()
        best = min(usable, key=lambda each: each.rank)
        if len(self.servers) == 1:
            return best
        found = (*best.found, self._several(best))
        others = tuple(_others(usable, best))
        place, listed = pointers.join(self.path), self._listed(best)
        chosen = replace(best, found=found, place=place, others=others, listed=listed)
        return chosen if best.is_public else _beside(chosen, self._carrier(best.query))

    def _blocked(self) -> Choice:
        """None of them can be called: about all of them."""
        carrier = self._carrier()
        code = server_rules.SERVER_QUERY.code
        found = tuple(
            each
            for choice in self.seen
            for each in choice.found
            if choice is carrier or each.code != code
        )
        if carrier is None:
            return Choice(None, found or (missing(self.path),))
        return replace(carrier, found=found, listed=self._listed(carrier))

    def _carrier(self, query: tuple[tuple[str, str], ...] | None = None) -> Choice | None:
        """Whose place a base URL takes, or before which it stands: the first relative one, else the
        first with variables. A query belongs to the compiled operation, so none has another one
        than that.
        """
        may = [each for each in self.seen if query is None or each.query == query]
        ordered = [*(each for each in may if each.relative), *(each for each in may)]
        return next((each for each in ordered if each.relative or each.template), None)

    def _listed(self, best: Choice) -> tuple[ListedServer, ...]:
        """What a compiled operation holds of the list: up to the first server that is public
        whatever the builder says. Only the best one, where that is another one because releases
        have it called there.
        """
        taken = [n for n, each in enumerate(self.seen) if each.is_public and each.rank <= PUBLIC]
        if taken and best is not self.seen[taken[0]]:
            return ()
        counted = counted_of(self.servers)
        fixed = next((n for n in taken if not self.seen[n].template), counted)
        seen = self.seen[: fixed + 1]
        if len(self.servers) == 1 or not any(each.template or each.relative for each in seen):
            return ()
        end = min(counted, fixed + 1)
        return tuple(_as_listed(entry) for entry in self.servers[:end] if _has_url(entry))

    def _passed_over(self) -> Iterator[tuple[str, str]]:
        """URLs of those that cannot be called, and why."""
        for entry, choice in zip(self.servers, self.seen, strict=False):
            url = choice.url or (entry.get("url") if isinstance(entry, dict) else None)
            if choice.is_public:
                continue
            if not isinstance(url, str) or not url.strip():
                yield "one without a URL", " cannot be called"
            elif choice.obstacle is not None:
                reason = _reason(url, choice.obstacle)
                yield url, f" cannot be called: {reason.sentence.rstrip('.')}"
            elif choice.url is None:
                yield url, " cannot be called as it stands"

    def _several(self, best: Choice) -> Finding:
        because = besides = ""
        passed_over = [*self._passed_over()]
        if best.is_public and passed_over:
            because = f", because {''.join(passed_over[0])}"
            others = [url for url, _ in passed_over[1:]]
            more = f" and {len(others) - MAX_NAMED} more" if len(others) > MAX_NAMED else ""
            besides = f"; nor can {', '.join(others[:MAX_NAMED])}{more}" if others else ""
        url = best.url
        return server_rules.SERVERS_SEVERAL.at(self.path, url=url, because=because, besides=besides)


def _reason(url: str, obstacle: PlatformError) -> PlatformError:
    """That of the host, where there is one: https alone would not help."""
    try:
        return host_refused(ServerUrl.parse(url)) or obstacle
    except PlatformError:
        return obstacle


def counted_of(servers: Sequence[Any]) -> int:
    """For how many of the first servers the builder's values count: as many as a compiled operation
    has room for.
    """
    room = MAX_KEPT
    for number, entry in enumerate(servers[:MAX_COUNTED]):
        if _has_url(entry):
            listed = _as_listed(entry)
            room -= len(listed.url)
            for name, variable in listed.variables.items():
                room -= len(name) + len(variable.default or "") + sum(map(len, variable.enum))
        if room < 0 and number:
            return number
    return min(len(servers), MAX_COUNTED)


def _has_url(entry: Any) -> bool:
    return isinstance(entry, dict) and isinstance(entry.get("url"), str)


def _as_listed(entry: Any) -> ListedServer:
    url = entry["url"].strip()
    return ListedServer(url=url, variables=kept(WrittenUrl.of(url).plain, entry.get("variables")))


def _beside(best: Choice, carrier: Choice | None) -> Choice:
    """A server that cannot be called, with what stands behind a base URL in place of it."""
    if carrier is None:
        return best
    if carrier.relative or not best.template:
        template, variables = carrier.template, carrier.variables
    else:
        template, variables = best.template, best.variables
    return replace(best, relative=carrier.relative, template=template, variables=variables)


def _others(usable: list[Choice], best: Choice) -> Iterator[Other]:
    """A query belongs to the compiled operation, so that no other server can take its place."""
    at = usable.index(best)
    for index, each in enumerate(usable[:MAX_OTHERS]):
        if index == at or each.is_public or each.query or best.query or each.written is None:
            continue
        yield Other(each.written.origin, each.url or "", index < at)
