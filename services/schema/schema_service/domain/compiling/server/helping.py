"""Which server variable a builder is asked for, where a server cannot be called as it is."""

from collections.abc import Iterator, Mapping
from typing import Any

from contracts.errors import PlatformError
from egress.server_url import ServerUrl
from schema_service.domain.compiling.server.hosts import obstacle
from schema_service.domain.compiling.server.values import MAX_LENGTH, Declared, Template
from schema_service.domain.needed_values import VARIABLE

_MOST = 20
"""Variables, and values of each, that are tried."""
_STAND_INS = ("api.acme.io", "acme", "443", "https")
"""Values that a variable without a closed list might have: a host, a label, a port, a scheme."""


def helping_variable(template: str, variables: Any, choices: Mapping[str, str]) -> str | None:
    """The first one with another value of which the server could be called; None where the rest of
    its URL stands in the way. What all others say is worked out once.
    """
    written = Template(template)
    declared = variables if isinstance(variables, dict) else {}
    known = {name: Declared.of(declared.get(name)) for name in written.names}
    values = {name: written.value(name, known[name], choices.get(name)) for name in known}
    texts = {name: value.text[:MAX_LENGTH] for name, value in values.items()}
    unfit = {name for name, value in values.items() if value.unfit is not None}
    scheme, _, rest = template.partition("://")
    for name in Template(f"{scheme}://{rest.partition('/')[0]}").names[:_MOST]:
        if unfit - {name}:
            continue
        for tried in _values(name, variables):
            value = written.value(name, known[name], tried)
            if value.unfit is None and _is_public(written.filled({**texts, name: value.text})):
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
    if len(url) > MAX_LENGTH:
        return False
    try:
        return obstacle(ServerUrl.parse(url)) is None
    except PlatformError:
        return False
