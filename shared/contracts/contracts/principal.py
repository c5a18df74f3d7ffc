"""Who acts: the principal behind a request, and the scopes of roles."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from contracts.errors import Denied
from contracts.ids import MemberId, TokenId, WorkspaceId


class Role(StrEnum):
    OWNER = "owner"
    ADMIN = "admin"
    BUILDER = "builder"
    USER = "user"


class Via(StrEnum):
    """How a principal came."""

    TOKEN = "token"  # noqa: S105 - a word, no secret
    """With an API token."""
    SESSION = "session"
    """With a browser session."""
    ON_BEHALF_OF = "on_behalf_of"
    """A service acts for the member, who is not there."""


SESSION_KEY = "session:"
"""How that begins which is kept of a session in place of a token's digest; its digest follows."""


ON_BEHALF_KEY = "on_behalf_of:"
"""The same of a token whose bearer acts for a member; its digest, a colon and the member follow."""


def via_of_key(key: str) -> Via:
    """How somebody came of whom a token's digest, or such a key, was kept."""
    if key.startswith(ON_BEHALF_KEY):
        return Via.ON_BEHALF_OF
    return Via.SESSION if key.startswith(SESSION_KEY) else Via.TOKEN


class Scope(StrEnum):
    """What a route demands, and what a token may be limited to."""

    WORKSPACE_READ = "workspace:read"
    WORKSPACE_WRITE = "workspace:write"
    WORKSPACE_REMOVE = "workspace:remove"
    SIGN_IN_WRITE = "sign_in:write"
    MEMBERS_READ = "members:read"
    MEMBERS_WRITE = "members:write"
    TOKENS_READ = "tokens:read"
    TOKENS_WRITE = "tokens:write"
    GPTS_READ = "gpts:read"
    GPTS_WRITE = "gpts:write"
    SCHEMAS_READ = "schemas:read"
    SCHEMAS_WRITE = "schemas:write"
    CREDENTIALS_WRITE = "credentials:write"
    CONNECTIONS_WRITE = "connections:write"
    """Of one's own accounts and keys at APIs."""
    CONNECTIONS_MANAGE = "connections:manage"
    """To see and end those of others, never what they hold."""
    DOMAINS_READ = "domains:read"
    DOMAINS_WRITE = "domains:write"
    SETTINGS_READ = "settings:read"
    SETTINGS_WRITE = "settings:write"
    INVOCATIONS_READ = "invocations:read"
    INVOCATIONS_CREATE = "invocations:create"
    USERS_IMPERSONATE = "users:impersonate"
    """To act for other members; no role has it (`GRANTED_SCOPES`)."""
    MEMBERS_PROVISION = "members:provision"
    """For a directory that manages the members by SCIM; no role has it (`GRANTED_SCOPES`)."""


GRANTED_SCOPES: Mapping[str, Role] = {
    Scope.USERS_IMPERSONATE: Role.OWNER,
    Scope.MEMBERS_PROVISION: Role.ADMIN,
}
"""Scopes of no role: a token has them where its `scopes` name them. With the least role that may
name them.
"""
ON_BEHALF_SCOPES: frozenset[str] = frozenset(
    {Scope.GPTS_READ, Scope.INVOCATIONS_READ, Scope.INVOCATIONS_CREATE}
)
"""All that anybody may do for somebody else: nothing that manages members, tokens, sessions,
settings, or what others build.
"""
_USER = {
    Scope.WORKSPACE_READ,
    Scope.GPTS_READ,
    Scope.CONNECTIONS_WRITE,
    Scope.INVOCATIONS_READ,
    Scope.INVOCATIONS_CREATE,
}
_BUILDER = _USER | {
    Scope.MEMBERS_READ,
    Scope.GPTS_WRITE,
    Scope.SCHEMAS_READ,
    Scope.SCHEMAS_WRITE,
    Scope.CREDENTIALS_WRITE,
    Scope.DOMAINS_READ,
    Scope.SETTINGS_READ,
}
_ADMIN = _BUILDER | {
    Scope.WORKSPACE_WRITE,
    Scope.MEMBERS_WRITE,
    Scope.TOKENS_READ,
    Scope.TOKENS_WRITE,
    Scope.CONNECTIONS_MANAGE,
    Scope.DOMAINS_WRITE,
    Scope.SETTINGS_WRITE,
}
SCOPES_OF_ROLE: Mapping[Role, frozenset[str]] = {
    Role.USER: frozenset(_USER),
    Role.BUILDER: frozenset(_BUILDER),
    Role.ADMIN: frozenset(_ADMIN),
    Role.OWNER: frozenset(Scope) - GRANTED_SCOPES.keys(),
}
CLOSING_SCOPES: frozenset[str] = frozenset({Scope.WORKSPACE_READ, Scope.WORKSPACE_REMOVE})
"""What is left of a role's scopes while the workspace waits for its removal."""


class ScopeMissing(Denied):
    """It says what lacks, which decides whom to ask: the role, the token alone, or the role of
    whoever made the token, which is below the member's.
    """

    code = "identity.scope_missing"

    def __init__(
        self, scope: str, role: Role, via: Via, *, member_role: Role | None = None
    ) -> None:
        """`role` and `member_role` as a `Principal` has them."""
        own = member_role or role
        is_capped = scope in SCOPES_OF_ROLE[own] - SCOPES_OF_ROLE[role]
        if is_capped:
            super().__init__(_what_caps(scope, role), hint=_how_to_have_it_all(own))
        else:
            said = role if scope in SCOPES_OF_ROLE[role] else own
            super().__init__(_what_lacks(scope, said, via), hint=_whom_to_ask(scope, said))


def _what_caps(scope: str, role: Role) -> str:
    return (
        f"This token may not do that: it lacks the scope `{scope}`. It acts with the role `{role}` "
        "at most, which somebody else had when they made it, or what it was made with."
    )


def _how_to_have_it_all(own: Role) -> str:
    allows = f"The role of this token's member, `{own}`, allows it"
    if Scope.TOKENS_WRITE in SCOPES_OF_ROLE[own]:
        return f"{allows}: sign in as this member, and create a token yourself (POST /v1/tokens)."
    return f"{allows}: ask an owner or an admin for another token of this member."


def _what_lacks(scope: str, role: Role, via: Via) -> str:
    if scope in GRANTED_SCOPES:
        what = "session" if via is Via.SESSION else "token"
        return f"This {what} may not do that: no role has the scope `{scope}`."
    if scope in SCOPES_OF_ROLE[role]:
        return f"This token may not do that: it lacks the scope `{scope}`."
    if via is Via.SESSION:
        return f"Your role, `{role}`, does not allow this: it lacks the scope `{scope}`."
    return (
        f"The role of this token's member, `{role}`, does not allow this: it lacks the scope "
        f"`{scope}`."
    )


def _whom_to_ask(scope: str, role: Role) -> str:
    """No role above `role` is needed where the token alone lacks it."""
    if (least := GRANTED_SCOPES.get(scope)) is not None:
        who = "An owner" if least is Role.OWNER else "An owner or an admin"
        return f"{who} creates a token whose `scopes` name it."
    if scope in SCOPES_OF_ROLE[role]:
        return "Use a token of this member with that scope; owners and admins create tokens."
    roles = [f"`{each}`" for each in reversed(Role) if scope in SCOPES_OF_ROLE[each]]
    if len(roles) == 1:
        return f"Only the role {roles[0]} does. Ask an owner of the workspace."
    allow = f"{', '.join(roles[:-1])} and {roles[-1]}"
    return f"The roles {allow} do. Ask an owner or an admin of the workspace."


class WorkspaceClosing(Denied):
    code = "identity.workspace_closing"

    def __init__(self, until: datetime) -> None:
        super().__init__(
            f"This workspace is going to be removed on {until:%d %B %Y}, and is closed until then.",
            hint="An owner can undo that: POST /v1/workspace/restore.",
        )


class NotOnBehalf(Denied):
    code = "identity.not_on_behalf"

    def __init__(self, scope: str) -> None:
        super().__init__(
            f"Nobody does this for somebody else: it takes the scope `{scope}`.",
            hint="Leave out the header `OpenActions-User` to act as the token's own member.",
        )


class CannotActFor(Denied):
    """The same words for whoever is unknown, of another workspace, switched off, a service account,
    or above the token's member.
    """

    code = "identity.cannot_act_for"

    def __init__(self) -> None:
        super().__init__(
            "This token may not act for the member that the header `OpenActions-User` names.",
            hint="Name a person of this workspace by id or e-mail address, who is switched on and "
            "has no higher role than the token's member: GET /v1/members lists them.",
        )


class OnlyTokensAct(Denied):
    code = "identity.only_tokens_act"

    def __init__(self) -> None:
        super().__init__(
            "Nobody acts for somebody else in a browser's session, and this request has the header "
            "`OpenActions-User`.",
            hint="Leave the header out. Only programs act for others, with a token that has the "
            "scope `users:impersonate`.",
        )


@dataclass(frozen=True, slots=True)
class Principal:
    """A member of a workspace, as verified for one request. Only `kit.caller.Verifier` makes one
    from what a request carries.
    """

    workspace_id: WorkspaceId
    member_id: MemberId
    role: Role
    via: Via
    scopes: frozenset[str]
    """Those of the token or session, within those of the role."""
    expires_at: datetime | None
    credential_id: str
    """The id of the token or session that was presented."""
    closing_until: datetime | None = None
    """When the workspace is going to be removed; None unless an owner asked for that."""
    acting_member_id: MemberId | None = None
    """Whose token it is, where its bearer acts on behalf of the member."""
    member_role: Role | None = None
    """The member's own, where it is above `role`: somebody else made the token, which acts with no
    higher role than they had then. None: it is `role`.
    """
    rests_on: tuple[MemberId, ...] = ()
    """Other members, who made the token, or made what it was made with."""

    @property
    def acted_by(self) -> TokenId | None:
        """The token whose bearer acts on behalf of the member; None: they came themselves."""
        return TokenId(self.credential_id) if self.via is Via.ON_BEHALF_OF else None

    def demand(self, scope: str) -> None:
        if scope in self.scopes:
            return
        if self.via is Via.ON_BEHALF_OF and scope not in ON_BEHALF_SCOPES:
            raise NotOnBehalf(scope)
        if self.closing_until is not None:
            raise WorkspaceClosing(self.closing_until)
        raise ScopeMissing(scope, self.role, self.via, member_role=self.member_role)
