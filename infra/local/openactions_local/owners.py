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

NOT_YET_ANSWERED = frozenset({"session", "models", "connections", "permissions", "approvals"})
"""Segments that have an owner, so that nobody else takes them, and nothing below them."""
ONLY_FOR_THE_OPERATOR = frozenset({"workspaces"})
"""They exist where `IDENTITY_OPERATOR_TOKEN` is set."""


def answered_segments(service: str, *, operator: bool) -> list[str]:
    """Segments under which a service has routes."""
    hidden = NOT_YET_ANSWERED if operator else NOT_YET_ANSWERED | ONLY_FOR_THE_OPERATOR
    return [each for each in OWNED_SEGMENTS[service] if each not in hidden]


def service_of(process: str) -> str:
    """The service that a process belongs to: `policy`, or `policy-2` for its second replica."""
    return process.partition("-")[0]
