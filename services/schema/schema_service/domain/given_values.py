"""What the builder says of a document's servers: written into its text, or why it was not used."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from egress.server_url import ServerUrl
from schema_service.domain import pointers
from schema_service.domain.compiling import server_rules
from schema_service.domain.compiling.references import Path
from schema_service.domain.compiling.server.values import Declared, Template
from schema_service.domain.finding import Edit, Finding, Repair, Rule, Severity
from schema_service.domain.needed_values import NeededValues

MAX_SERVERS = 200
"""In which values are written."""
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

    def has(self, value: str) -> bool:
        default = self._written.get("default")
        return default is not None and str(default) == value

    def _may_be(self, value: str) -> bool:
        declared = Declared.of(self._written)
        return Template(self.server["url"]).value(self.name, declared, value).unfit is None

    def edit(self, value: str) -> Edit | None:
        """Makes the value its default; None where it stands there, or its `enum` lacks it."""
        listed = [each for each in self.choices if str(each) == value]
        if self.has(value) or (self.choices and not listed) or not self._may_be(value):
            return None
        default: Any = listed[0] if listed else value
        at: Path = (*self.path, "variables")
        variables = self.server.get("variables")
        if not isinstance(variables, dict):
            return Edit("add", pointers.join(at), {self.name: {"default": default}})
        if not isinstance(variables.get(self.name), dict):
            return Edit("add", pointers.join((*at, self.name)), {"default": default})
        op: Literal["add", "replace"] = "replace" if "default" in self._written else "add"
        return Edit(op, pointers.join((*at, self.name, "default")), default)


def writing(document: dict[str, Any], values: NeededValues) -> list[Repair]:
    """Repairs that make the values of server variables their defaults, wherever they are named."""
    wanted = values.server_variables
    made = []
    for variable in _variables(document):
        value = wanted.get(variable.name)
        edit = None if value is None else variable.edit(value)
        if edit is not None:
            made.append(Repair.of(f"Write {value} as the value of {variable.name}", [edit]))
    return made


def unknown_variables(document: dict[str, Any], values: Mapping[str, str]) -> Iterator[Finding]:
    """About values of variables that no server's URL has."""
    if not values:
        return
    known = dict.fromkeys(variable.name for variable in _variables(document))
    way = f"It has: {', '.join(known)}." if known else "Its servers have no variables at all."
    for name in values:
        if name not in known:
            yield server_rules.SERVER_VARIABLE_UNKNOWN.at((_SERVERS,), name=name, way=way)


def not_written(document: dict[str, Any], values: NeededValues) -> Iterator[Finding]:
    """About values that a repaired document holds nowhere, though it has variables for them."""
    yield from unknown_variables(document, values.server_variables)
    variables = [*_variables(document)]
    for name, value in values.server_variables.items():
        own = [each for each in variables if each.name == name]
        if not own or any(each.has(value) for each in own):
            continue
        first = own[0]
        choices = ", ".join(map(str, first.choices))
        reason = f"its enum has only {choices}" if choices else "no call could be made with it"
        yield SERVER_VALUE_UNUSED.at(first.path, name=name, value=value, reason=reason)


def unused_base_url(base_url: str | None, origins: Mapping[str, str]) -> Iterator[Finding]:
    """`origins` are those at which the document's operations are called, each with a URL there."""
    if base_url is None or not origins or ServerUrl.parse(base_url).origin in origins:
        return
    url = next(iter(origins.values()))
    yield server_rules.BASE_URL_UNUSED.at((_SERVERS,), given=base_url, url=url)


def _variables(document: dict[str, Any]) -> Iterator[_Variable]:
    for number, (path, server) in enumerate(_servers(document)):
        if number == MAX_SERVERS:
            return
        for name in Template(server["url"]).names:
            yield _Variable(name, path, server)


def _servers(document: dict[str, Any]) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Of the document, of paths and of operations (OAS 3.1, 4.8.5)."""
    yield from _listed(document, ())
    paths = document.get("paths")
    for path, item in paths.items() if isinstance(paths, dict) else ():
        if isinstance(item, dict):
            yield from _listed(item, ("paths", path))
            for method, operation in item.items():
                if isinstance(operation, dict):
                    yield from _listed(operation, ("paths", path, method))


def _listed(node: dict[str, Any], path: Path) -> Iterator[tuple[Path, dict[str, Any]]]:
    servers = node.get(_SERVERS)
    for index, server in enumerate(servers if isinstance(servers, list) else ()):
        if isinstance(server, dict) and isinstance(server.get("url"), str):
            yield (*path, _SERVERS, index), server
