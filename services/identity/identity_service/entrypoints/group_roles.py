"""Which group of a company's directory gives which role."""

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field

from contracts.principal import Role
from identity_service.domain.errors import LastOwner, LastOwnerToken, RoleAboveOwn
from identity_service.domain.group import GroupRole, GroupRoles
from identity_service.entrypoints.http import App, IfMatch
from identity_service.entrypoints.members import MemberManager, MemberReader
from identity_service.entrypoints.views import Name
from kit.documents import ChangedMeanwhile, Overtaken
from kit.errors import NotInForce
from kit.etags import etag_of, revision_of
from kit.problems import problems

MAX_ENTRIES = 50
PATH = "/v1/members/group-roles"
router = APIRouter(tags=["members"])


class GroupRoleView(BaseModel):
    group: str
    role: Role


class GroupRolesView(BaseModel):
    groups: list[GroupRoleView]

    @classmethod
    def of(cls, known: GroupRoles) -> "GroupRolesView":
        return cls(groups=[GroupRoleView(group=e.group, role=e.role) for e in known.entries])


class GroupRoleBody(BaseModel):
    model_config = ConfigDict(extra="forbid")

    group: Name = Field(
        description="The group's name, in either case, or its id in the directory (`externalId`)."
    )
    role: Role


class GroupRolesBody(BaseModel):
    model_config = ConfigDict(extra="forbid")

    groups: list[GroupRoleBody] = Field(
        max_length=MAX_ENTRIES, description="All of them: what is left out gives no role."
    )


@router.get(PATH)
async def read_group_roles(caller: MemberReader, app: App, response: Response) -> GroupRolesView:
    """Which group of your company's directory gives which role. Groups come by SCIM."""
    known = await app.group_roles.read(caller.workspace_id)
    response.headers["etag"] = etag_of(known.revision)
    return GroupRolesView.of(known)


@router.put(
    PATH,
    responses=problems(
        RoleAboveOwn, LastOwner, LastOwnerToken, ChangedMeanwhile, Overtaken, NotInForce
    ),
)
async def set_group_roles(
    body: GroupRolesBody,
    caller: MemberManager,
    app: App,
    response: Response,
    if_match: IfMatch = None,
) -> GroupRolesView:
    """Say which group gives which role, none above your own. A member has the highest that their
    groups give, within a second.
    """
    entries = tuple(GroupRole(each.group, each.role) for each in body.groups)
    known = await app.set_group_roles(caller, entries, revision_of(if_match))
    response.headers["etag"] = etag_of(known.revision)
    return GroupRolesView.of(known)
