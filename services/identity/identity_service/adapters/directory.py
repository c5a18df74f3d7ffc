"""What a company's directory (SCIM) is made of: its use cases."""

from typing import Any

from identity_service.adapters.mongo_groups import MongoGroupRoles, MongoGroups
from identity_service.adapters.mongo_members import MongoMembers
from identity_service.adapters.mongo_sign_in_settings import MongoSignInSettings
from identity_service.usecases.change_group import ChangeGroup
from identity_service.usecases.create_group import CreateGroup
from identity_service.usecases.join_group import JoinGroup
from identity_service.usecases.place_member import PlaceMember
from identity_service.usecases.provision_member import ProvisionMember
from identity_service.usecases.read_group import ReadGroup
from identity_service.usecases.remove_group import RemoveGroup
from identity_service.usecases.set_group_roles import SetGroupRoles


def provisioning(
    members: MongoMembers,
    groups: MongoGroups,
    roles: MongoGroupRoles,
    place: PlaceMember,
    settings: MongoSignInSettings,
    max_members: int,
) -> dict[str, Any]:
    """Fields of `IdentityApp`."""
    join, read = JoinGroup(members, place), ReadGroup(groups, members)
    remove = RemoveGroup(groups, members, place)
    return {
        "directory": members,
        "groups": groups,
        "group_roles": roles,
        "place_member": place,
        "provision_member": ProvisionMember(members, members, place, max_members),
        "read_group": read,
        "join_group": join,
        "create_group": CreateGroup(groups, join, remove),
        "change_group": ChangeGroup(groups, read, join),
        "remove_group": remove,
        "set_group_roles": SetGroupRoles(roles, members, place, settings),
    }
