from datetime import datetime
from enum import StrEnum

from contracts.ids import MemberId, TokenId, WorkspaceId
from contracts.request import Reply, Request


class Role(StrEnum):
    OWNER = "owner"
    ADMIN = "admin"
    BUILDER = "builder"
    USER = "user"


class AuthenticatedCaller(Reply):
    """Whom a live token stands for, and what it may do."""

    workspace_id: WorkspaceId
    member_id: MemberId
    token_id: TokenId
    role: Role
    scopes: frozenset[str]
    expires_at: datetime | None = None


class Authenticate(Request[AuthenticatedCaller], name="identity.authenticate"):
    """Who is behind this token? An unknown, expired or revoked one is `identity.token_invalid`."""

    token_digest: str
    """SHA-256 (hex) of the token; the token itself never travels."""
