from collections.abc import Iterable

from contracts.errors import Conflict, Denied, Invalid, NotFound
from contracts.requests import Role


class RoleAboveOwn(Denied):
    code = "identity.role_above_own"

    def __init__(self, role: Role) -> None:
        super().__init__(
            f"The role `{role}` stands above your own.",
            hint="Ask a member who has that role, or an owner.",
        )


class ScopesExceeded(Denied):
    code = "identity.scopes_exceeded"

    def __init__(self, surplus: Iterable[str]) -> None:
        super().__init__(
            f"You cannot give away these scopes: {', '.join(sorted(surplus))}.",
            hint="Neither a token nor a role that you give may do more than your own token; and "
            "no token more than its member's role. `users:impersonate`, which is of no role, is an "
            "owner's to give, to service accounts and owners.",
        )


class TokenEndsNoSession(Denied):
    """Who reads with a token signs nobody out."""

    code = "identity.token_ends_no_session"

    def __init__(self, surplus: Iterable[str]) -> None:
        super().__init__(
            "This token may do less than its member's sessions, and ends none: it lacks "
            f"{', '.join(f'`{each}`' for each in sorted(surplus))}.",
            hint="Sign in and call with that session, or use a token of this member without "
            "`scopes`. An owner or an admin who switches the member off and on again "
            "(PATCH /v1/members/{id}) ends them all.",
        )


class LastOwner(Conflict):
    code = "identity.last_owner"

    def __init__(self) -> None:
        super().__init__(
            "This member is the workspace's last owner.",
            hint="Make another member, who is not switched off, an owner first: "
            "PATCH /v1/members/{id}.",
        )


class LastOwnerToken(Conflict):
    code = "identity.last_owner_token"

    def __init__(self) -> None:
        super().__init__(
            "Without this token no owner could sign in to this workspace any more.",
            hint="Create another token for an owner first, with the scope `tokens:write`, which "
            "lives for more than a day. What members make for others ends with them: a token for a "
            "service account with the role `owner` stays, whoever goes.",
        )


class OwnersRestOnMember(LastOwnerToken):
    """Of a removal: the hint says what gives a token that rests on nobody (`Lend`)."""

    code = "identity.owners_rest_on_member"

    def __init__(self) -> None:
        Conflict.__init__(
            self,
            "Without this member no owner could sign in to this workspace any more: the tokens of "
            "the owners who would stay were made by this member, or with such a token, and end "
            "with the member.",
            hint="Another token that is made with one of those ends, too. Add a service account "
            "with the role `owner` (POST /v1/members) and create a token for it (POST /v1/tokens): "
            "that one stays. With it, create one for each owner who stays. Or sign in with your "
            "company's account, and create a token for yourself there.",
        )


class LentTooOften(Denied):
    code = "identity.lent_too_often"

    def __init__(self, limit: int) -> None:
        super().__init__(
            f"What you call with rests on {limit} members, who made it for each other in turn: "
            "nothing more can be made with it for somebody else.",
            hint="Sign in with your company's account and call with that session, or with a token "
            "that you create there for yourself. A token of a service account will do, too.",
        )


class TooManyMembers(Invalid):
    code = "identity.too_many_members"

    def __init__(self, limit: int) -> None:
        super().__init__(
            f"A workspace can have at most {limit:,} members.",
            hint="Whoever operates this installation can raise IDENTITY_MAX_MEMBERS.",
        )


class TooManyTokens(Invalid):
    code = "identity.too_many_tokens"

    def __init__(self, limit: int) -> None:
        super().__init__(
            f"A member can have at most {limit:,} tokens.",
            hint="Revoke those that nobody uses: GET /v1/tokens shows when each was last used.",
        )


class TitleDiffers(Invalid):
    code = "identity.title_differs"

    def __init__(self) -> None:
        super().__init__(
            "That is not the title of this workspace, so it was not closed.",
            hint="Name the workspace that you want to remove exactly: GET /v1/workspace, and for "
            "operators GET /v1/workspaces/{id}, show it.",
        )


class TooLateToRestore(Conflict):
    code = "identity.too_late_to_restore"

    def __init__(self) -> None:
        super().__init__(
            "This workspace is being removed: the time to undo that is over.",
            hint="Whoever operates this installation can create another workspace.",
        )


class LinkUsedUp(NotFound):
    """The same words for a link that never was, one that was followed, and one that is too old."""

    code = "identity.link_used_up"

    def __init__(self) -> None:
        super().__init__(
            "This sign-in link does not work: each works once, within ten minutes.",
            hint="An owner or an admin of the workspace makes another one: POST "
            "/v1/members/{id}/sign-in-links. Whoever operates this installation makes one for an "
            "owner: `openactions sign-in` where it runs embedded, else POST "
            "/v1/workspaces/{id}/sign-in-links.",
        )


class LinkVoid(Denied):
    code = "identity.link_void"

    def __init__(self) -> None:
        super().__init__(
            "Whoever made this sign-in link may not let this member in any more.",
            hint="An owner, or an admin who does not stand below the member, makes another one: "
            "POST /v1/members/{id}/sign-in-links.",
        )


class NotASession(Conflict):
    code = "identity.not_a_session"

    def __init__(self) -> None:
        super().__init__(
            "You called with an API token, so there is no session to sign out of.",
            hint="DELETE /v1/session/all signs you out of every browser; DELETE /v1/tokens/{id} "
            "revokes a token.",
        )


class NotAToken(Conflict):
    code = "identity.not_a_token"

    def __init__(self) -> None:
        super().__init__(
            "You called with a session, so there is no token to sign in with.",
            hint="Send `Authorization: Bearer <token>`.",
        )


class NoPublicAddress(Conflict):
    code = "identity.no_public_address"

    def __init__(self) -> None:
        super().__init__(
            "Nobody can sign in: this installation does not know under which address people open "
            "it.",
            hint="Set OPENACTIONS_PUBLIC_URL for all services, such as "
            "https://actions.example.com, and restart them.",
        )
