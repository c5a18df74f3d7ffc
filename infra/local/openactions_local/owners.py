"""Which service owns which paths."""

from collections.abc import Iterable

OWNED_SEGMENTS: dict[str, tuple[str, ...]] = {
    "identity": ("workspace", "workspaces", "members", "tokens", "session", "operator"),
    "catalog": ("gpts", "models"),
    "schema": ("schemas",),
    "auth": ("credentials", "connections"),
    "policy": ("domains", "settings", "permissions", "approvals"),
    "execution": ("invocations", "tools"),
}
"""First path segment after `/v1/` → service, as in `infra/edge/nginx.conf`."""
CONSOLE = "console"
SERVICES = (*OWNED_SEGMENTS, CONSOLE)
"""All of them."""
PAGES = ("gpts", "admin", "account", "connections", "operator", "assets")
"""First path segments of the console's pages and files, beside `/`."""
OWNED_BEGINNINGS = {"scim": "identity", "aip": "auth", **dict.fromkeys(PAGES, CONSOLE)}
"""First path segment → service, of what does not begin with `/v1/`."""

OTHER_PATHS = {"identity": ("/scim/v2",)}
"""Of services: what people enter elsewhere, and no OpenAPI document has."""


def first_segments(paths: Iterable[str]) -> list[str]:
    """`gpts` of `/v1/gpts/{gpt_id}`: what a service's routes begin with, each once."""
    public = (path.split("/") for path in paths if path.startswith("/v1/"))
    return list(dict.fromkeys(parts[2] for parts in public))
