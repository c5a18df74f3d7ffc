"""Which group of a company gives which role, in its directory and its sign-in alike."""

from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from contracts.principal import Role
from identity_service.domain.errors import LastOwner, LastOwnerToken, RoleAboveOwn, ScopesExceeded
from identity_service.domain.group import GroupRole, GroupRoles
from identity_service.entrypoints.http import App, IfMatch
from identity_service.entrypoints.members import MemberManager, MemberReader
from kit.documents import ChangedMeanwhile, Overtaken
from kit.errors import NotInForce
from kit.etags import etag_of, revision_of
from kit.problems import problems

MAX_ENTRIES = 100
PATH = "/v1/members/group-roles"
router = APIRouter(tags=["members"])
GroupName = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True, min_length=1, max_length=320, pattern=r"^[^\x00-\x1f\x7f]*$"
    ),
]
"""As long as SCIM's texts may be."""


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

    group: GroupName = Field(
        description="The group's name, in either case, or its id: the directory's `externalId`, "
        "or what the company's sign-in calls it."
    )
    role: Role


class GroupRolesBody(BaseModel):
    model_config = ConfigDict(extra="forbid")

    groups: list[GroupRoleBody] = Field(
        max_length=MAX_ENTRIES, description="All of them: what is left out gives no role."
    )


@router.get(PATH)
async def read_group_roles(caller: MemberReader, app: App, response: Response) -> GroupRolesView:
    """Which group of your company gives which role. Groups come by SCIM, or with each sign-in."""
    known = await app.group_roles.read(caller.workspace_id)
    response.headers["etag"] = etag_of(known.revision)
    return GroupRolesView.of(known)


@router.put(
    PATH,
    responses=problems(
        *(RoleAboveOwn, ScopesExceeded, LastOwner, LastOwnerToken),
        *(ChangedMeanwhile, Overtaken, NotInForce),
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
    groups give: within a second where your company's directory (SCIM) names the groups, else from
    their next sign-in with the company's account on.
    """
    entries = tuple(GroupRole(each.group, each.role) for each in body.groups)
    known = await app.set_group_roles(caller, entries, revision_of(if_match))
    response.headers["etag"] = etag_of(known.revision)
    return GroupRolesView.of(known)
