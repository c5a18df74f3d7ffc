"""Which role a person has by what their company's directory says."""

from collections.abc import Mapping
from dataclasses import replace

from contracts.requests import Role
from identity_service.domain.group import Group, GroupRoles
from identity_service.domain.member import Member


def with_directory_role(member: Member, roles: GroupRoles, groups: Mapping[str, Group]) -> Member:
    """The member with that role; this very one where they have it.

    A role that the directory gives goes before the one that they have, but an owner whom it did not
    make stays one. Where it gives none, whoever had theirs from it is a user, and others keep
    theirs. `groups` are at least those of the member that there are, by id.
    """
    entry = member.directory
    if entry is None or (member.role is Role.OWNER and not entry.gave_role):
        return member
    role = roles.role_of(entry, [groups[each] for each in entry.groups if each in groups])
    if role is None and not entry.gave_role:
        return member
    given = replace(entry, gave_role=role is not None)
    return replace(member, role=role or Role.USER, directory=given)
