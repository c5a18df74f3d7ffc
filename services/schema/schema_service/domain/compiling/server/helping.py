"""Which server variable a builder is asked for, where a server cannot be called as it is."""

from contracts.errors import PlatformError
from egress.server_url import ServerUrl
from schema_service.domain.compiling.server.hosts import obstacle
from schema_service.domain.compiling.server.values import MAX_LENGTH, Template
from schema_service.domain.compiling.server.variables import Filled
from schema_service.domain.needed_values import VARIABLE

_MOST = 20
"""Variables, and values of each, that are tried."""
_STAND_INS = ("api.acme.io", "acme", "443", "https")
"""Values that a variable without a closed list might have: a host, a label, a port, a scheme."""


def helping_variable(template: str, filled: Filled) -> str | None:
    """The first one with another value of which the server could be called; None where the rest of
    its URL stands in the way.
    """
    written = Template(template)
    scheme, _, rest = template.partition("://")
    for name in Template(f"{scheme}://{rest.partition('/')[0]}").names[:_MOST]:
        variable = filled.variables[name]
        for tried in variable.enum[:_MOST] or _STAND_INS:
            value = written.value(name, variable, tried)
            texts = {**filled.values, name: value.text}
            if value.unfit is None and _is_public(written.filled(texts)):
                return name
    return None


def title_of(needs: str | None) -> str:
    """Of the repair that writes what it needs."""
    if needs is not None and needs.startswith(VARIABLE):
        return f"Write the value of {needs.removeprefix(VARIABLE)}"
    return "Write your API's base URL"


def _is_public(url: str) -> bool:
    if len(url) > MAX_LENGTH:
        return False
    try:
        return obstacle(ServerUrl.parse(url)) is None
    except PlatformError:
        return False
