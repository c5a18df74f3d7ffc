"""What makes a list of servers say by itself where a builder's values have it called."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from schema_service.domain import pointers
from schema_service.domain.compiling.references import Path
from schema_service.domain.compiling.server.choice import EXAMPLE, Choice, ServerRules
from schema_service.domain.compiling.server.deciding import MAX_COUNTED, decided, placed
from schema_service.domain.compiling.server.query import WrittenUrl
from schema_service.domain.compiling.server.resolving import behind, below, referring
from schema_service.domain.compiling.server.values import (
    Declared,
    Template,
    behind_origin,
    part_filled,
)
from schema_service.domain.errors import PlaceholderHost
from schema_service.domain.finding import Edit, Severity
from schema_service.domain.needed_values import NO_VALUES, NeededValues
from schema_service.domain.origin_rules import OriginRules
from schema_service.domain.repairing.edited_tree import edited

NOTHING_FITS = "No call could be made with the values that were given."
_AT: Path = ("servers",)


@dataclass(frozen=True, slots=True)
class Placing:
    """The edits, or a sentence why there are none. With `writes_url`, they write a base URL;
    otherwise the values of variables alone.
    """

    edits: tuple[Edit, ...] = ()
    reason: str = ""
    writes_url: bool = False


@dataclass(frozen=True, slots=True)
class ServerList:
    """Servers of a document, where they stand, and where the document came from."""

    servers: Sequence[Any]
    path: Path
    source_url: str | None = None
    origins: OriginRules | None = None

    def under(self, values: NeededValues) -> Choice:
        return decided(self.servers, self.path, self._rules(values))

    def _rules(self, values: NeededValues) -> ServerRules:
        given = (values.server_variables, values.base_url)
        return ServerRules(self.source_url, *given, self.origins, writes=True)

    def _instead_of_example(self, example: Choice, values: NeededValues) -> Choice:
        """A host that is kept for examples may be called: only a repair puts another one there."""
        gone = replace(example, obstacle=PlaceholderHost("example"))
        return placed(gone, self.path, ServerRules(base_url=values.base_url))

    def placing(self, values: NeededValues, first: int = 0) -> Placing:
        """The smallest edits after which it is read as it is under the values; at the server
        `first` before others.
        """
        target = self.under(values)
        if target.is_public and target.rank == EXAMPLE:
            target = self._instead_of_example(target, values)
        if target.url is None:
            return Placing(reason=_reason(target))
        for edits, writes_url in self._ways(values, target, first):
            if self._leads(edits, target):
                moved = (replace(each, pointer=self._moved(each.pointer)) for each in edits)
                return Placing(tuple(moved), writes_url=writes_url)
        return Placing(reason=NOTHING_FITS)

    def _ways(
        self, values: NeededValues, target: Choice, first: int
    ) -> Iterator[tuple[list[Edit], bool]]:
        """Edits of the list as if it stood alone, and whether they write a base URL."""
        each = [self._defaults(n, values) for n in range(min(len(self.servers), MAX_COUNTED))]
        yield [edit for edits in each for edit in edits or ()], False
        for edits in filter(None, each):
            yield edits, False
        yield [*self._first(target, each)], False
        if values.base_url is None or not target.is_public:
            return
        numbers = sorted(range(len(each)), key=lambda n: n != first)
        for number in numbers:
            url = self._kept_template(number, values)
            if url:
                yield [self._writing_url(number, url), *self._left(number, url, values)], True
            yield [self._writing_url(number, self._whole(number, target))], True
        yield [Edit("replace", pointers.join(_AT), [{"url": self._whole(first, target)}])], True

    def _first(self, target: Choice, defaults: Sequence[list[Edit] | None]) -> Iterator[Edit]:
        """The server that is called before all others, with the values as its defaults: those
        before it may not have them.
        """
        steps = pointers.split(target.written.pointer if target.written else "")
        place = steps[len(self.path) :][:1]
        number = int(place[0]) if place else 0
        if not 0 < number < len(defaults) or not target.is_public:
            return
        at = pointers.join((*_AT, number))
        within = [
            replace(each, pointer=each.pointer.removeprefix(at)) for each in defaults[number] or []
        ]
        yield Edit("first", at, within)

    def _leads(self, edits: Sequence[Edit], target: Choice) -> bool:
        after = edited({"servers": list(self.servers)}, list(edits))["servers"]
        found = decided(after, self.path, self._rules(NO_VALUES))
        return (found.url, found.query) == (target.url, target.query)

    def is_led_away(self, edit: Edit, values: NeededValues) -> bool:
        """Whether an edit of the document has another URL called than the values alone."""
        before = self.under(values)
        own = replace(edit, pointer=pointers.join((*_AT, *self._below(edit.pointer))))
        after = edited({"servers": list(self.servers)}, [own])["servers"]
        found = decided(after, self.path, self._rules(values))
        return before.is_public and found.url != before.url

    def _below(self, pointer: str) -> list[str]:
        return pointers.split(pointer)[len(self.path) :]

    def _moved(self, pointer: str) -> str:
        return pointers.join((*self.path, *pointers.split(pointer)[1:]))

    def _server(self, number: int) -> dict[str, Any]:
        server = self.servers[number] if number < len(self.servers) else None
        return server if isinstance(server, dict) else {}

    def _url(self, number: int) -> str:
        url = self._server(number).get("url")
        return url.strip() if isinstance(url, str) else ""

    def _defaults(self, number: int, values: NeededValues) -> list[Edit] | None:
        """What makes the values the defaults of a server's variables; None where one may not be."""
        server, url = self._server(number), self._url(number)
        given = values.server_variables
        names = [name for name in Template(url).names if name in given]
        if not all(_may_be(server, name, given[name]) for name in names):
            return None
        edits = (default_edit((*_AT, number), server, name, given[name]) for name in names)
        return [each for each in edits if each is not None]

    def _left(self, number: int, url: str, values: NeededValues) -> list[Edit]:
        """The same of the variables that a new URL still has."""
        left = {*Template(url).names}
        given = {name: each for name, each in values.server_variables.items() if name in left}
        return self._defaults(number, NeededValues(None, given)) or []

    def _writing_url(self, number: int, url: str) -> Edit:
        at = (*_AT, number)
        if not isinstance(self.servers[number], dict):
            return Edit("replace", pointers.join(at), {"url": url})
        op: Literal["add", "replace"] = "replace" if "url" in self._server(number) else "add"
        return Edit(op, pointers.join((*at, "url")), url)

    def _whole(self, number: int, target: Choice) -> str:
        """The URL, with the query that is sent."""
        url = target.written.url if target.written else target.url or ""
        own = [WrittenUrl.of(self._url(n)) for n in (number, *range(len(self.servers)))]
        query = next((each.query for each in own if each.pairs == target.query), "")
        return f"{url}?{query}" if query else url

    def _kept_template(self, number: int, values: NeededValues) -> str:
        """Its URL behind the base URL, or with that in place of the variables that are its whole
        origin; its other variables as they are, if it is called where their values have it called.
        Empty where a base URL takes the place of the whole (`Choice.relative`).
        """
        url, variables = self._url(number), self._server(number).get("variables")
        plain, choices = WrittenUrl.of(url).plain, values.server_variables
        query = url.partition("#")[0].removeprefix(plain)
        for part in (plain, behind_origin(plain) or ""):
            reference = referring(part_filled(part, variables, choices), url)
            if not values.base_url or not reference:
                continue
            whole = behind(values.base_url, reference)
            template = below(values.base_url, part + query)
            filled = part_filled(WrittenUrl.of(template).plain, variables, choices)
            return template if filled == WrittenUrl.of(whole).plain else whole
        return ""


def default_edit(path: Path, server: dict[str, Any], name: str, value: str) -> Edit | None:
    """Makes a value the default of a server's variable, as its list has it; None where it is that
    already. `path` is the server's.
    """
    at: Path = (*path, "variables")
    variables = server.get("variables")
    if not isinstance(variables, dict):
        return Edit("add", pointers.join(at), {name: {"default": value}})
    written = variables.get(name)
    if not isinstance(written, dict):
        return Edit("add", pointers.join((*at, name)), {"default": value})
    if written.get("default") is not None and str(written["default"]) == value:
        return None
    enum = written.get("enum")
    listed = [each for each in enum if str(each) == value] if isinstance(enum, list) else []
    op: Literal["add", "replace"] = "replace" if "default" in written else "add"
    return Edit(op, pointers.join((*at, name, "default")), listed[0] if listed else value)


def _may_be(server: dict[str, Any], name: str, value: str) -> bool:
    variables = server.get("variables")
    declared = Declared.of(variables.get(name) if isinstance(variables, dict) else None)
    return Template(server["url"].strip()).value(name, declared, value).unfit is None


def _reason(target: Choice) -> str:
    errors = (each for each in target.found if each.severity is Severity.ERROR)
    first = next(errors, None)
    return NOTHING_FITS if first is None else f"{first.message}."
