from datetime import datetime
from typing import Annotated, ClassVar

from pydantic import BaseModel, ConfigDict, Field

from contracts.requests import Role
from identity_service.domain.email_address import read_email
from identity_service.domain.invitation import Invitation
from identity_service.domain.member import Member, MemberEdit, MemberKind
from identity_service.domain.sign_in_link import SignInLink
from identity_service.entrypoints.views import Name
from identity_service.usecases.add_member import NewMember
from identity_service.usecases.create_invitation import WantedInvitation
from kit.patches import LeftOut, PatchBody, kept

Email = Annotated[
    str,
    Field(
        max_length=254,
        description="Such as ada@example.com; kept in lower case. One member of a workspace has "
        "it.",
    ),
]


class MemberView(BaseModel):
    id: str
    name: str
    role: Role
    kind: MemberKind = Field(
        description="`person`, or `service` for a program, which has tokens and never signs in."
    )
    email: str | None
    active: bool = Field(
        description="False: switched off. Their tokens are refused until they are switched on."
    )

    @classmethod
    def of(cls, member: Member) -> "MemberView":
        return cls(
            id=member.id,
            name=member.name,
            role=member.role,
            kind=member.kind,
            email=member.email or None,
            active=member.active,
        )


class MemberBody(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: Name
    role: Role
    kind: MemberKind = Field(
        default=MemberKind.PERSON,
        description="`service`: a program, with tokens alone. It stays what it is.",
    )
    email: Email | None = None

    def new(self) -> NewMember:
        email = read_email(self.email) if self.email is not None else ""
        return NewMember(self.name, self.role, self.kind, email)


class MemberEditBody(PatchBody):
    """What is left out stays as it is."""

    clearable: ClassVar[frozenset[str]] = frozenset({"email"})

    name: Name | LeftOut = kept()
    role: Role | LeftOut = kept()
    email: Email | None = kept()
    active: bool | LeftOut = kept(
        description="False: switch them off. Their sessions end, and their tokens are refused "
        "until they are switched on again."
    )

    def edit(self) -> MemberEdit:
        return MemberEdit(self.name, self.role, self._email())

    def _email(self) -> str | None:
        """None: it stays; empty: null was sent, which takes it away."""
        if "email" not in self.changes:
            return None
        return read_email(self.email) if self.email is not None else ""


class InvitationBody(BaseModel):
    model_config = ConfigDict(extra="forbid")

    email: Email
    name: Name | None = Field(default=None, description="If absent: the e-mail address.")
    role: Role

    def wanted(self) -> WantedInvitation:
        email = read_email(self.email)
        return WantedInvitation(email, self.name or email[:100], self.role)


class InvitationView(BaseModel):
    id: str
    email: str
    name: str
    role: Role
    invited_by: str = Field(description="The member who made it.")
    created_at: datetime
    expires_at: datetime

    @classmethod
    def of(cls, invitation: Invitation) -> "InvitationView":
        return cls(
            id=invitation.id,
            email=invitation.email,
            name=invitation.name,
            role=invitation.role,
            invited_by=invitation.invited_by,
            created_at=invitation.created_at,
            expires_at=invitation.expires_at,
        )


class NewInvitationView(InvitationView):
    url: str = Field(
        description="Shown this once. Whoever opens it first becomes the member: hand it over "
        "yourself, for no mail is sent."
    )


class MemberSignInLinkView(BaseModel):
    url: str = Field(description="Shown this once. Whoever opens it first is this member.")
    expires_at: datetime

    @classmethod
    def of(cls, link: SignInLink, url: str) -> "MemberSignInLinkView":
        return cls(url=url, expires_at=link.expires_at)
