"""Members of Swagger 2.0 in a document of OpenAPI 3, and what stands in their place there."""

from collections.abc import Sequence

_SERVERS = (
    "It is of Swagger 2.0. In OpenAPI 3 the base URL stands below `servers`, as in "
    "servers: [{url: https://…}]; leave this out."
)
_MEDIA = (
    "It is of Swagger 2.0. In OpenAPI 3 media types stand below content: of the requestBody, and "
    "of each response; leave this out."
)
_HINTS = {
    "host": _SERVERS,
    "basePath": _SERVERS,
    "schemes": _SERVERS,
    "consumes": _MEDIA,
    "produces": _MEDIA,
} | {
    name: "It is of Swagger 2.0. In OpenAPI 3 what it holds stands below components: move it to "
    f"components.{place}, and write #/components/{place}/… in each $ref to it."
    for name, place in (
        ("definitions", "schemas"),
        ("parameters", "parameters"),
        ("responses", "responses"),
        ("securityDefinitions", "securitySchemes"),
    )
}
_OF_OPERATIONS = ("schemes", "consumes", "produces")
_DEPTH = 3
"""Of an operation: paths, path, method."""


def of_swagger(path: Sequence[str | int], name: str) -> str:
    """What to do about it at the root, or in an operation; empty where it is no such member."""
    is_operation = len(path) == _DEPTH and path[0] == "paths" and name in _OF_OPERATIONS
    return _HINTS.get(name, "") if not path or is_operation else ""
