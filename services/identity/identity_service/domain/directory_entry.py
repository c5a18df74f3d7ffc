"""What a company's directory says of a person (RFC 7643, 4.1), as far as it is kept here."""

import unicodedata
from dataclasses import dataclass

from contracts.requests import Role
from identity_service.domain.role_order import highest


@dataclass(frozen=True, slots=True)
class PersonName:
    formatted: str | None = None
    family_name: str | None = None
    given_name: str | None = None


@dataclass(frozen=True, slots=True)
class EmailAddress:
    value: str
    type: str | None = None
    """Such as `work`."""
    display: str | None = None
    primary: bool | None = None


@dataclass(frozen=True, slots=True)
class NamedRole:
    """A role that the directory names for this very person."""

    value: Role
    primary: bool | None = None


@dataclass(frozen=True, slots=True)
class DirectoryEntry:
    user_name: str
    key: str
    """`key_of` the user name: unique in a workspace."""
    external_id: str | None = None
    display_name: str | None = None
    name: PersonName | None = None
    emails: tuple[EmailAddress, ...] = ()
    roles: tuple[NamedRole, ...] = ()
    groups: tuple[str, ...] = ()
    """Ids of the groups that the person belongs to, in order; one that is gone counts for
    nothing.
    """
    gave_role: bool = False
    """The member's role is one that the directory gave. Where it gives none any more, they are a
    user; where it never gave one, they keep theirs.
    """

    @property
    def named_role(self) -> Role | None:
        """The primary one, else the highest; None where the directory names none."""
        primary = [each.value for each in self.roles if each.primary]
        return highest(primary or [each.value for each in self.roles])


def key_of(text: str) -> str:
    """Two names with the same key are the same, as RFC 7643, 2.2 compares without case (NFC)."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text.strip()).lower())
