"""What a security scheme has besides, by its type (OAS 3.2, 4.8.27; Swagger 2.0)."""

from collections.abc import Sequence
from typing import Any

_SECTIONS = (("components", "securitySchemes"), ("securityDefinitions",))
_MEMBERS = {
    "apiKey": {"name", "in"},
    "http": {"scheme", "bearerFormat"},
    "oauth2": {"flows", "oauth2MetadataUrl", "flow", "authorizationUrl", "tokenUrl", "scopes"},
    "openIdConnect": {"openIdConnectUrl"},
}


def is_of_its_type(path: Sequence[str | int], name: str, around: Any) -> bool:
    """Whether the scheme at the path may have such a member. A validator says that it may not where
    something else is wrong with the scheme, of which there is an error of its own.
    """
    if not isinstance(around, dict) or tuple(path[:-1]) not in _SECTIONS:
        return False
    kind = around.get("type")
    return isinstance(kind, str) and name in _MEMBERS.get(kind, ())
