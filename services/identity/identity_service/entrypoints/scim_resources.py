"""Users and groups as SCIM shows them (RFC 7643, 4.1 and 4.2), and as members are made of them."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, replace
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field
from scim2_models import (
    URN,
    CaseExact,
    ComplexAttribute,
    Meta,
    Mutability,
    Reference,
    Required,
    Resource,
    Uniqueness,
)

from contracts.ids import MemberId
from contracts.requests import Role
from identity_service.domain.directory_entry import (
    DirectoryEntry,
    EmailAddress,
    NamedRole,
    PersonName,
    key_of,
)
from identity_service.domain.email_address import known_email
from identity_service.domain.group import MAX_GROUPS, MAX_OF_A_GROUP
from identity_service.domain.group import Group as KnownGroup
from identity_service.domain.member import Member
from identity_service.entrypoints.scim_shown import Entry, Shown
from identity_service.usecases.place_member import Change
from kit.etags import etag_of, etag_of_content

PREFIX = "/scim/v2"
MAX_TEXT = 320
"""Characters of any text; an e-mail address has as many at most."""
MAX_EMAILS = 20
MAX_ROLES = 10
MAX_NAME = 100
"""Of a member."""
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


def _one_line(text: str | None) -> str | None:
    if text is not None and len(text) > MAX_TEXT:
        raise ValueError(f"has more than {MAX_TEXT} characters")
    if text is not None and CONTROL.search(text):
        raise ValueError("has control characters")
    return text


def _not_blank(text: str | None) -> str | None:
    if text is not None and not text.strip():
        raise ValueError("is blank")
    return _one_line(text)


def _at_most(limit: int) -> BeforeValidator:
    """Before any of them is read."""

    def checked(entries: Any) -> Any:
        if isinstance(entries, list) and len(entries) > limit:
            raise ValueError(f"has more than {limit:,} entries")
        return entries

    return BeforeValidator(checked)


def _lower(role: Any) -> Any:
    """Roles are compared without case."""
    return role.strip().lower() if isinstance(role, str) else role


ONE_LINE = AfterValidator(_one_line)
NAME = AfterValidator(_not_blank)


class PersonNames(ComplexAttribute):
    formatted: Annotated[str | None, ONE_LINE] = None
    family_name: Annotated[str | None, ONE_LINE] = None
    given_name: Annotated[str | None, ONE_LINE] = None


class Email(ComplexAttribute):
    value: Annotated[str | None, ONE_LINE] = None
    type: Annotated[str | None, ONE_LINE] = Field(None, examples=["work", "home", "other"])
    display: Annotated[str | None, ONE_LINE] = None
    primary: bool | None = None


class RoleEntry(ComplexAttribute):
    value: Annotated[Role | None, BeforeValidator(_lower)] = None
    primary: bool | None = None


class GroupEntry(ComplexAttribute):
    value: Annotated[str | None, Mutability.read_only, CaseExact.true] = None
    ref: Annotated[Reference["Group"] | None, Mutability.read_only] = Field(
        None, serialization_alias="$ref", validation_alias="$ref"
    )
    display: Annotated[str | None, Mutability.read_only] = None


class User(Resource[Any]):
    """A person who works in the workspace."""

    __schema__ = URN("urn:ietf:params:scim:schemas:core:2.0:User")

    external_id: Annotated[str | None, CaseExact.true, ONE_LINE] = None
    user_name: Annotated[str | None, Uniqueness.server, Required.true, NAME] = None
    name: PersonNames | None = None
    display_name: Annotated[str | None, ONE_LINE] = None
    active: bool | None = None
    emails: Annotated[list[Email] | None, _at_most(MAX_EMAILS)] = None
    roles: Annotated[list[RoleEntry] | None, _at_most(MAX_ROLES)] = None
    groups: Annotated[list[GroupEntry] | None, Mutability.read_only, _at_most(MAX_GROUPS)] = None


class MemberEntry(ComplexAttribute):
    value: Annotated[str | None, Mutability.immutable, CaseExact.true, ONE_LINE] = None
    ref: Annotated[Reference["User"] | None, Mutability.immutable] = Field(
        None, serialization_alias="$ref", validation_alias="$ref"
    )
    type: Annotated[str | None, Mutability.immutable] = Field(None, examples=["User"])


class Group(Resource[Any]):
    """People who may be given a role together."""

    __schema__ = URN("urn:ietf:params:scim:schemas:core:2.0:Group")

    external_id: Annotated[str | None, CaseExact.true, ONE_LINE] = None
    display_name: Annotated[str | None, Uniqueness.server, Required.true, NAME] = None
    members: Annotated[list[MemberEntry] | None, _at_most(MAX_OF_A_GROUP)] = None


def user_of(member: Member, origin: str) -> User:
    """Without their groups."""
    entry = member.directory or DirectoryEntry(member.user_name, key_of(member.user_name))
    by_hand = EmailAddress(member.email) if member.email and not member.directory else None
    emails = (by_hand,) if by_hand else entry.emails
    name = entry.name
    return User(
        id=member.id,
        external_id=entry.external_id,
        user_name=entry.user_name,
        name=name and PersonNames(**asdict(name)),
        display_name=entry.display_name or (None if member.directory else member.name),
        active=member.active,
        emails=[Email(**asdict(each)) for each in emails] or None,
        roles=[RoleEntry(**asdict(each)) for each in entry.roles] or None,
        meta=Meta(
            resource_type="User",
            location=f"{origin}{PREFIX}/Users/{member.id}",
            version="W/" + etag_of(member.revision),
        ),
    )


def shown_user(member: Member, groups: Mapping[str, KnownGroup], origin: str) -> Shown:
    """`groups` are at least those of the member that there are, by id."""
    ids = member.directory.groups if member.directory else ()

    def entries() -> list[Entry]:
        mine = [groups[each] for each in ids if each in groups and not groups[each].closing]
        address = f"{origin}{PREFIX}/Groups/"
        return [
            {"value": each.id, "$ref": address + each.id, "display": each.display_name}
            for each in mine
        ]

    return Shown(user_of(member, origin), "groups", A_USER, entries)


def made_of(user: User) -> Change:
    """What makes a member as the directory says; their role and their groups are apart."""

    def change(member: Member) -> Member:
        emails = tuple(_email_of(each) for each in user.emails or () if each.value)
        user_name = (user.user_name or "").strip()
        known = member.directory or DirectoryEntry("", "")
        entry = replace(
            known,
            user_name=user_name,
            key=key_of(user_name),
            external_id=user.external_id,
            display_name=user.display_name,
            name=_name_of(user.name) if user.name else None,
            emails=emails,
            roles=tuple(
                NamedRole(each.value, each.primary) for each in user.roles or () if each.value
            ),
        )
        return replace(
            member,
            name=_shown_name(entry),
            email=_address_of(entry),
            active=member.active if user.active is None else user.active,
            directory=entry,
        )

    return change


def _name_of(name: PersonNames) -> PersonName:
    return PersonName(name.formatted, name.family_name, name.given_name)


def _email_of(email: Email) -> EmailAddress:
    return EmailAddress(email.value or "", email.type, email.display, email.primary)


def _shown_name(entry: DirectoryEntry) -> str:
    """By which people of the workspace see them."""
    name = entry.name or PersonName()
    parts = " ".join(filter(None, (name.given_name, name.family_name)))
    candidates = (entry.display_name, name.formatted, parts, entry.user_name)
    return next(each.strip() for each in candidates if each and each.strip())[:MAX_NAME]


def _address_of(entry: DirectoryEntry) -> str:
    """The primary one, else the first, else a user name that is one, as members' addresses are
    kept; empty without.
    """
    primary = [each.value for each in entry.emails if each.primary]
    others = [each.value for each in entry.emails]
    addresses = (*primary, *others, entry.user_name)
    return next((known for each in addresses if (known := known_email(each))), "")


def shown_group(group: KnownGroup, members: Iterable[Member], origin: str) -> Shown:
    ids = [each.id for each in members]

    def entries() -> list[Entry]:
        address = f"{origin}{PREFIX}/Users/"
        return [{"value": each, "$ref": address + each, "type": "User"} for each in ids]

    return Shown(group_of(group, ids, origin), "members", A_GROUP, entries)


def group_of(group: KnownGroup, members: Iterable[MemberId], origin: str) -> Group:
    """Without its members, but of the version that they and its own revision make."""
    content = (group.id, f"{group.revision}", group.external_id or "", group.display_name, *members)
    version = etag_of_content("\n".join(content).encode())
    return Group(
        id=group.id,
        external_id=group.external_id,
        display_name=group.display_name,
        meta=Meta(
            resource_type="Group",
            location=f"{origin}{PREFIX}/Groups/{group.id}",
            version=f"W/{version}",
        ),
    )


def members_of(group: Group) -> frozenset[MemberId]:
    return frozenset(MemberId(each.value) for each in group.members or () if each.value)


A_USER = User(groups=[GroupEntry(value="grp", ref="/Groups/grp", display="Makers")])
A_GROUP = Group(members=[MemberEntry(value="mem", ref="/Users/mem", type="User")])
