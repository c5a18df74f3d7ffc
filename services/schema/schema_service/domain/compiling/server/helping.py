"""Which server variable a builder is asked for, where a server cannot be called as it is."""

from collections.abc import Iterator, Mapping
from typing import Any

from contracts.errors import PlatformError
from egress.server_url import ServerUrl
from schema_service.domain.compiling.references import Path
from schema_service.domain.compiling.server.hosts import obstacle
from schema_service.domain.compiling.server.values import Template
from schema_service.domain.compiling.server.variables import fill
from schema_service.domain.needed_values import VARIABLE

_MOST = 20
"""Variables, and values of each, that are tried."""
_STAND_INS = ("api.acme.io", "acme", "443", "https")
"""Values that a variable without a closed list might have: a host, a label, a port, a scheme."""


def helping_variable(
    template: str, variables: Any, path: Path, choices: Mapping[str, str]
) -> str | None:
    """The first one with another value of which the server could be called; None where the rest of
    its URL stands in the way.
    """
    scheme, _, rest = template.partition("://")
    for name in Template(f"{scheme}://{rest.partition('/')[0]}").names[:_MOST]:
        for value in _values(name, variables):
            filled = fill(template, variables, path, {**choices, name: value})
            if filled.url is not None and _is_public(filled.url):
                return name
    return None


def title_of(needs: str | None) -> str:
    """Of the repair that writes what it needs."""
    if needs is not None and needs.startswith(VARIABLE):
        return f"Write the value of {needs.removeprefix(VARIABLE)}"
    return "Write your API's base URL"


def _values(name: str, variables: Any) -> Iterator[str]:
    declared = variables.get(name) if isinstance(variables, dict) else None
    listed = declared.get("enum") if isinstance(declared, dict) else None
    if isinstance(listed, list) and listed:
        yield from map(str, listed[:_MOST])
    else:
        yield from _STAND_INS


def _is_public(url: str) -> bool:
    try:
        return obstacle(ServerUrl.parse(url)) is None
    except PlatformError:
        return False
