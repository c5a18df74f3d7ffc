from dataclasses import dataclass, replace
from enum import StrEnum

from contracts.facts import MemberChanged
from contracts.ids import MemberId, WorkspaceId
from contracts.requests import Role
from identity_service.domain.directory_entry import DirectoryEntry, key_of
from identity_service.domain.email_address import known_email
from identity_service.domain.member_errors import MemberInactive, ServiceSignsInNowhere


class MemberKind(StrEnum):
    PERSON = "person"
    """Signs in, and has tokens."""
    SERVICE = "service"
    """A program: tokens alone, which outlive the people who made them."""


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody, or something, that works in one workspace."""

    id: MemberId
    workspace_id: WorkspaceId
    name: str
    role: Role
    revision: int = 1
    kind: MemberKind = MemberKind.PERSON
    email: str = ""
    """In lower case; empty where nobody named one."""
    active: bool = True
    """False: provisioned, and switched off. Signs in nowhere, and each token is refused."""
    directory: DirectoryEntry | None = None
    """What a company's directory says of them; None: it has said nothing yet."""

    @property
    def user_name(self) -> str:
        """By which a directory knows them; empty for whom it cannot find."""
        return self.directory.user_name if self.directory else self.email

    @property
    def addresses(self) -> frozenset[str]:
        """All their e-mail addresses, in lower case."""
        of_directory = self.directory.emails if self.directory else ()
        known = {self.email, *(key_of(each.value) for each in of_directory)}
        return frozenset(known - {""})

    @property
    def known_addresses(self) -> frozenset[str]:
        """The same and their user name, as invitations name addresses (`read_email`)."""
        found = {known_email(each) for each in (*self.addresses, self.user_name)}
        return frozenset(each for each in found if each is not None)

    def as_fact(self) -> MemberChanged:
        """What others have to know of somebody who is still there."""
        return MemberChanged(
            workspace_id=self.workspace_id,
            member_id=self.id,
            role=self.role if self.active else None,
            revision=self.revision,
            active=self.active,
        )

    def switched(self, *, active: bool) -> "Member":
        """Answers this very member where they are so already."""
        if active == self.active:
            return self
        return replace(self, active=active, revision=self.revision + 1)

    def edited(self, edit: "MemberEdit") -> "Member":
        """Answers this very member where they are so already."""
        email = self.email if edit.email is None else edit.email
        name, role = edit.name or self.name, edit.role or self.role
        entry = self.directory
        if entry and role is Role.OWNER and self.role is not Role.OWNER:
            entry = replace(entry, gave_role=False)  # owners by hand stay owners
        changed = replace(self, name=name, role=role, email=email, directory=entry)
        return self if changed == self else replace(changed, revision=self.revision + 1)

    def demand_sign_in(self) -> None:
        """Refuses whoever does not sign in, by whatever way."""
        if self.kind is MemberKind.SERVICE:
            raise ServiceSignsInNowhere
        if not self.active:
            raise MemberInactive


@dataclass(frozen=True, slots=True)
class MemberEdit:
    """What is None stays as it is."""

    name: str | None = None
    role: Role | None = None
    email: str | None = None
    """As `read_email` answers it; empty takes it away."""


@dataclass(frozen=True, slots=True)
class WantedMembers:
    """Those of a list that are so; None, and no text: any."""

    role: Role | None = None
    kind: MemberKind | None = None
    active: bool | None = None
    text: str = ""
    """In the name or the e-mail address, in either case."""


EVERY_MEMBER = WantedMembers()
