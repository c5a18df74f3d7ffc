from datetime import datetime
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from contracts.ids import MemberId, TokenId, WorkspaceId
from contracts.principal import Role, Via
from contracts.request import Reply, Request

MAX_MEMBERS = 501
"""That one question checks: an access list and an owner, 64 characters each."""


class AuthenticatedCaller(Reply):
    """Whom a live token or session stands for, and what it may do."""

    workspace_id: WorkspaceId
    member_id: MemberId
    token_id: TokenId
    """Or the id of the session."""
    role: Role
    scopes: frozenset[str]
    expires_at: datetime | None = None
    via: Via = Via.TOKEN
    """A release that does not say so knows nothing but tokens."""
    acting_member_id: MemberId | None = None
    """Whose token it is, where its bearer acts on behalf of the member."""
    closing_until: datetime | None = None
    """When the workspace is going to be removed; its scopes are few until then."""
    member_role: Role | None = None
    """The member's own, where it is above `role`: somebody else made the token, and had `role`.
    A release that does not say so bounds no token by that.
    """
    rests_on: tuple[MemberId, ...] = ()
    """Other members: the token is refused once one of them is removed or switched off."""


class OldestOwner(Reply):
    member_id: MemberId | None
    """None where the workspace is unknown."""


class ReadOldestOwner(Request[OldestOwner], name="identity.read_oldest_owner"):
    """Who has been an owner of the workspace for the longest time?"""

    workspace_id: WorkspaceId


class MemberNamed(Reply):
    """By which people know them."""

    member: str
    workspace: str
    active: bool = True
    """False: the member is switched off; the release before does not say."""


class NameMember(Request[MemberNamed], name="identity.name_member"):
    """What are a member and their workspace called? For pages that say who somebody is;
    `platform.not_found` where there is no such member.
    """

    workspace_id: WorkspaceId
    member_id: MemberId


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


class CredentialKind(StrEnum):
    """What somebody presented."""

    TOKEN = "token"  # noqa: S105 - a word, no secret
    """An API token."""
    SESSION = "session"
    """The secret of a browser session, from its cookie."""


class Authenticate(Request[AuthenticatedCaller], name="identity.authenticate"):
    """Who is behind this token or session? An unknown, expired or revoked token is
    `identity.token_invalid`, a session `identity.session_ended`. One whose member has another role
    since is `identity.session_renewal`, and a member for whom the token may not act
    `identity.cannot_act_for`.
    """

    token_digest: str
    """SHA-256 (hex) of the token or secret, which itself never travels."""
    kind: CredentialKind = CredentialKind.TOKEN
    on_behalf_of: str | None = None
    """The member for whom the token's bearer acts: an id, or an e-mail address in lower case. It
    takes a token whose `scopes` name `users:impersonate`.
    """
