"""Which service owns which paths."""

OWNED_SEGMENTS: dict[str, tuple[str, ...]] = {
    "identity": ("workspace", "workspaces", "members", "tokens", "session"),
    "catalog": ("gpts", "models"),
    "schema": ("schemas",),
    "auth": ("credentials", "connections"),
    "policy": ("domains", "settings", "permissions", "approvals"),
    "execution": ("invocations", "tools"),
}
"""First path segment after `/v1/` → service, as in `infra/edge/nginx.conf`."""


def service_of(process: str) -> str:
    """The service that a process belongs to: `policy`, or `policy-2` for its second replica."""
    return process.partition("-")[0]
