"""What the builder says of a document's servers: written into its text, or why it was not used."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from egress.server_url import ServerUrl
from schema_service.domain import pointers
from schema_service.domain.compiling import server_rules
from schema_service.domain.compiling.references import Path
from schema_service.domain.compiling.server.choice import EXAMPLE
from schema_service.domain.compiling.server.deciding import MAX_COUNTED, MAX_SERVERS
from schema_service.domain.compiling.server.values import Template
from schema_service.domain.finding import Edit, Finding, Repair, Rule, Severity
from schema_service.domain.needed_values import NO_VALUES, NeededValues
from schema_service.domain.repairing.placing import Placing, ServerList
from schema_service.domain.repairing.terms import NO_TERMS, Terms

MAX_LISTS = 200
"""Of servers, in which values are written."""
_SERVERS = "servers"
SERVER_VALUE_UNUSED = Rule(
    "schema.server_value_unused",
    Severity.WARNING,
    "{value} was not written as the value of the server variable {name}: {reason}",
    "Give it another value, or change the variable below `servers`.",
)


@dataclass(frozen=True, slots=True)
class _Variable:
    """A server variable, where it is, and what is written for it, if anything is."""

    name: str
    path: Path
    server: dict[str, Any]

    @property
    def _written(self) -> Mapping[str, Any]:
        variables = self.server.get("variables")
        written = variables.get(self.name) if isinstance(variables, dict) else None
        return written if isinstance(written, dict) else {}

    @property
    def choices(self) -> list[Any]:
        listed = self._written.get("enum")
        return listed if isinstance(listed, list) else []


def writing(
    document: dict[str, Any],
    values: NeededValues,
    written: Collection[str] = (),
    terms: Terms = NO_TERMS,
) -> list[Repair]:
    """Repairs that make the values of server variables their defaults, in each list of servers that
    is called by them, or write the base URL where that is what is called; but for those lists in
    which one of the pointers `written` leads.
    """
    made: list[Repair] = []
    for path, servers in _lists(document) if values != NO_VALUES else ():
        begins = f"{pointers.join(path)}/"
        listed = ServerList(servers, path, terms.source_url, terms.known_rules)
        if any(pointer.startswith(begins) for pointer in written):
            continue
        made += _of_placing(listed, values, listed.placing(values))
    return made


def _of_placing(listed: ServerList, values: NeededValues, placing: Placing) -> Iterator[Repair]:
    """No finding asks for the base URL where values lead from a public server to one that is not,
    or where a slip keeps the server from being called.
    """
    if placing.writes_url:
        without = listed.under(NO_VALUES)
        if not without.is_public or without.rank != EXAMPLE:
            yield Repair.of("Write your API's base URL", placing.edits)
        return
    for edit in placing.edits:
        if edit.op == "first":
            yield Repair.of("Put the server that takes the given values first", [edit])
        else:
            yield _written(listed, values, edit)


def _written(listed: ServerList, values: NeededValues, edit: Edit) -> Repair:
    name = _name_in(edit, listed.path)
    return Repair.of(f"Write {values.server_variables[name]} as the value of {name}", [edit])


def _name_in(edit: Edit, path: Path) -> str:
    """Of the variable: behind the server's number and `variables`, or within the edit's value."""
    steps = pointers.split(edit.pointer)[len(path) + 2 :]
    return steps[0] if steps else next(iter(edit.value))


def unknown_variables(document: dict[str, Any], values: Mapping[str, str]) -> Iterator[Finding]:
    """About values of variables that no server's URL has."""
    if not values:
        return
    known = dict.fromkeys(variable.name for variable in _variables(document))
    way = f"It has: {', '.join(known)}." if known else "Its servers have no variables at all."
    for name in values:
        if name not in known:
            yield server_rules.SERVER_VARIABLE_UNKNOWN.at((_SERVERS,), name=name, way=way)


def not_written(
    document: dict[str, Any], values: NeededValues, terms: Terms = NO_TERMS
) -> Iterator[Finding]:
    """About values with which a repaired document would be called elsewhere, though it has
    variables for them.
    """
    yield from unknown_variables(document, values.server_variables)
    said = set[str]()
    for path, servers in _lists(document) if values.server_variables else ():
        listed = ServerList(servers, path, terms.source_url, terms.known_rules)
        for variable in _of_list(path, servers):
            name, value = variable.name, values.server_variables.get(variable.name)
            if value is None or name in said or _is_written(listed, name, value):
                continue
            said.add(name)
            choices = ", ".join(map(str, variable.choices))
            reason = f"its enum has only {choices}" if choices else "no call could be made with it"
            yield SERVER_VALUE_UNUSED.at(variable.path, name=name, value=value, reason=reason)


def _is_written(listed: ServerList, name: str, value: str) -> bool:
    """Whether giving the value would change nothing any more."""
    given = listed.under(NeededValues(None, {name: value}))
    without = listed.under(NO_VALUES)
    return given.url is not None and given.url == without.url


def unused_base_url(base_url: str | None, origins: Mapping[str, str]) -> Iterator[Finding]:
    """`origins` are those at which the document's operations are called, each with a URL there."""
    if base_url is None or not origins or ServerUrl.parse(base_url).origin in origins:
        return
    url = next(iter(origins.values()))
    yield server_rules.BASE_URL_UNUSED.at((_SERVERS,), given=base_url, url=url)


def _variables(document: dict[str, Any]) -> Iterator[_Variable]:
    for path, servers in _lists(document):
        yield from _of_list(path, servers)


def _of_list(path: Path, servers: list[Any]) -> Iterator[_Variable]:
    for index, server in enumerate(servers[:MAX_COUNTED]):
        if isinstance(server, dict) and isinstance(server.get("url"), str):
            for name in Template(server["url"]).names:
                yield _Variable(name, (*path, index), server)


def _lists(document: dict[str, Any]) -> Iterator[tuple[Path, list[Any]]]:
    return islice(_every_list(document), MAX_LISTS)


def _every_list(document: dict[str, Any]) -> Iterator[tuple[Path, list[Any]]]:
    """Of the document, of paths and of operations (OAS 3.1, 4.8.5)."""
    yield from _listed(document, ())
    paths = document.get("paths")
    for path, item in paths.items() if isinstance(paths, dict) else ():
        if isinstance(item, dict):
            yield from _listed(item, ("paths", path))
            for method, operation in item.items():
                if isinstance(operation, dict):
                    yield from _listed(operation, ("paths", path, method))


def _listed(node: dict[str, Any], path: Path) -> Iterator[tuple[Path, list[Any]]]:
    servers = node.get(_SERVERS)
    if isinstance(servers, list):
        yield (*path, _SERVERS), servers[:MAX_SERVERS]
