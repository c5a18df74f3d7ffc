"""What only the builder knows, and a document leaves open: where its API is."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from schema_service.domain.compiling.server.hosts import checked_base_url

BASE_URL = "base_url"
VARIABLE = "server_variables."
HOST, BASE_PATH, SCHEME = "{host}", "{basePath}", "{scheme}"
"""Where a form holds these texts, it takes that part of the base URL: Swagger 2.0 has no servers.
The base path that a document has stands behind them, and stays as it is where the base URL has
none.

Forms are written by this service, never by a document.
"""


def needed_variable(name: str) -> str:
    """How a repair names a server variable among what it needs."""
    return VARIABLE + name


@dataclass(frozen=True, slots=True)
class NeededValues:
    """`server_variables` by the names that the document gives them."""

    base_url: str | None = None
    server_variables: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def checked(
        cls, base_url: str | None = None, server_variables: Mapping[str, str] | None = None
    ) -> "NeededValues":
        """Raises as `checked_base_url`."""
        if base_url is not None:
            base_url = base_url.strip().rstrip("/")
            checked_base_url(base_url)
        return cls(base_url, server_variables or {})

    def find(self, need: str) -> str | None:
        """The value that a repair names so; None where it is not given."""
        if need == BASE_URL:
            return self.base_url
        return self.server_variables.get(need.removeprefix(VARIABLE))


NO_VALUES = NeededValues()
