"""What a security scheme has besides, by its type (OAS 3.2, 4.8.27; Swagger 2.0)."""

from collections.abc import Iterable, Sequence
from typing import Any

_SECTIONS = (("components", "securitySchemes"), ("securityDefinitions",))
_MEMBERS: dict[str, set[str]] = {
    "apiKey": {"name", "in"},
    "http": {"scheme", "bearerFormat"},
    "oauth2": {"flows", "oauth2MetadataUrl", "flow", "authorizationUrl", "tokenUrl", "scopes"},
    "openIdConnect": {"openIdConnectUrl"},
}


def without_its_own(path: Sequence[str | int], names: Iterable[str], around: Any) -> list[str]:
    """Of names that a validator calls unexpected, those that the scheme at the path may not have.
    It names the others where something else is wrong with the scheme, of which there is an error.
    """
    if not isinstance(around, dict) or tuple(path[:-1]) not in _SECTIONS:
        return [*names]
    kind = around.get("type")
    own = _MEMBERS.get(kind, set()) if isinstance(kind, str) else set()
    return [name for name in names if name not in own]
