from datetime import datetime
from typing import Annotated

from pydantic import Field

from contracts.ids import MemberId, TokenId, WorkspaceId
from contracts.principal import Role, Via
from contracts.request import Reply, Request

MAX_MEMBERS = 501
"""That one question checks: an access list and an owner, 64 characters each."""


class AuthenticatedCaller(Reply):
    """Whom a live token stands for, and what it may do."""

    workspace_id: WorkspaceId
    member_id: MemberId
    token_id: TokenId
    role: Role
    scopes: frozenset[str]
    expires_at: datetime | None = None
    via: Via = Via.TOKEN
    """A release that does not say so knows nothing but tokens."""
    closing_until: datetime | None = None
    """When the workspace is going to be removed; its scopes are few until then."""


class OldestOwner(Reply):
    member_id: MemberId | None
    """None where the workspace is unknown."""


class ReadOldestOwner(Request[OldestOwner], name="identity.read_oldest_owner"):
    """Who has been an owner of the workspace for the longest time?"""

    workspace_id: WorkspaceId


class MembersChecked(Reply):
    unknown: tuple[MemberId, ...] = ()
    """In the order of the question."""
    users: tuple[MemberId, ...] = ()
    """Those of them who have the role `user`, who build nothing."""


class CheckMembers(Request[MembersChecked], name="identity.check_members"):
    """Which of these are no members of the workspace, and which only use what others build? Removed
    and foreign ones are unknown.
    """

    workspace_id: WorkspaceId
    member_ids: Annotated[tuple[MemberId, ...], Field(max_length=MAX_MEMBERS)]


class Authenticate(Request[AuthenticatedCaller], name="identity.authenticate"):
    """Who is behind this token? An unknown, expired or revoked one is `identity.token_invalid`."""

    token_digest: str
    """SHA-256 (hex) of the token; the token itself never travels."""
