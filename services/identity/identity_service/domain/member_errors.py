"""Refusals about who members are, and how they get in."""

from contracts.errors import Conflict, Denied, Invalid, NotFound
from contracts.ids import WorkspaceId


class EmailInvalid(Invalid):
    code = "identity.email_invalid"

    def __init__(self) -> None:
        super().__init__(
            "This is no e-mail address that can be used here.",
            hint="Give one such as ada@example.com: letters, digits and common signs before the "
            "`@`, and a domain after it.",
        )


class EmailTaken(Conflict):
    code = "identity.email_taken"

    def __init__(self) -> None:
        super().__init__(
            "Another member of this workspace has this e-mail address.",
            hint="GET /v1/members?q=… finds who has it. If they cannot get in: "
            "POST /v1/members/{id}/sign-in-links.",
        )


class AlreadyAMember(Conflict):
    """To whoever follows an invitation."""

    code = "identity.already_a_member"

    def __init__(self, workspace_id: WorkspaceId) -> None:
        self.workspace_id = workspace_id
        super().__init__(
            "A member of this workspace has the e-mail address of this invitation.",
            hint="If that is you, sign in. Else tell whoever invited you.",
        )


class ServiceSignsInNowhere(Conflict):
    code = "identity.service_signs_in_nowhere"

    def __init__(self) -> None:
        super().__init__(
            "This member is a service account, which is a program: it does not sign in.",
            hint="Make an API token for it: POST /v1/tokens with its `member_id`.",
        )


class MemberInactive(Conflict):
    code = "identity.member_inactive"

    def __init__(self) -> None:
        super().__init__(
            "This member is switched off, so nobody signs in as them.",
            hint='Switch them on first: PATCH /v1/members/{id} {"active": true}.',
        )


class InvitationUsedUp(NotFound):
    """The same words for one that never was, was used or revoked, and one that is too old."""

    code = "identity.invitation_used_up"

    def __init__(self) -> None:
        super().__init__(
            "This invitation does not work: each works once, within seven days, unless it is "
            "revoked.",
            hint="Ask whoever invited you for another one. If you used it before, sign in.",
        )


class InvitationVoid(Denied):
    code = "identity.invitation_void"

    def __init__(self) -> None:
        super().__init__(
            "Whoever invited you, or made the token or the link with which they did, may not give "
            "the role of this invitation any more.",
            hint="Ask an owner or an admin of the workspace for another invitation.",
        )


class TooManyInvitations(Invalid):
    code = "identity.too_many_invitations"

    def __init__(self, limit: int) -> None:
        super().__init__(
            f"A workspace can have at most {limit:,} invitations that nobody has used yet.",
            hint="Revoke some: GET /v1/members/invitations lists them. They end after seven days.",
        )
