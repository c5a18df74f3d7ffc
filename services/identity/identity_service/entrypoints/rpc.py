from typing import Annotated

from faststream import Context
from faststream.nats import NatsRouter

from contracts.requests import (
    Authenticate,
    AuthenticatedCaller,
    CheckMembers,
    MemberNamed,
    MembersChecked,
    NameMember,
    OldestOwner,
    ReadOldestOwner,
)
from identity_service.app import IdentityApp
from kit.consume import answers

router = NatsRouter()
App = Annotated[IdentityApp, Context("app")]


@answers(router, Authenticate)
async def authenticate(asked: Authenticate, app: App) -> AuthenticatedCaller:
    return await app.authenticate_caller(asked)


@answers(router, CheckMembers)
async def check_members(asked: CheckMembers, app: App) -> MembersChecked:
    return await app.check_members(asked.workspace_id, asked.member_ids)


@answers(router, NameMember)
async def name_member(asked: NameMember, app: App) -> MemberNamed:
    return await app.name_member(asked.workspace_id, asked.member_id)


@answers(router, ReadOldestOwner)
async def read_oldest_owner(asked: ReadOldestOwner, app: App) -> OldestOwner:
    return OldestOwner(member_id=await app.read_oldest_owner(asked.workspace_id))
