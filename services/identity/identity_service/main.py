from datetime import timedelta
from functools import partial
from typing import NamedTuple

from fastapi import FastAPI

import identity_service
from identity_service import ports
from identity_service.adapters.file_announcement import FileAnnouncement
from identity_service.adapters.mongo_bootstraps import MongoBootstraps
from identity_service.adapters.mongo_members import MongoMembers
from identity_service.adapters.mongo_tokens import MongoTokens
from identity_service.adapters.mongo_workspaces import MongoWorkspaces
from identity_service.adapters.random_token import draw_random_token
from identity_service.adapters.stdout_announcement import announce_on_stdout
from identity_service.adapters.system_clock import system_clock
from identity_service.adapters.token_uses import TokenUses
from identity_service.app import IdentityApp
from identity_service.entrypoints import events, http, rpc
from identity_service.entrypoints.end_of_workspaces import remove_due_workspaces_for_ever
from identity_service.entrypoints.first_start import first_start
from identity_service.entrypoints.operator import operator_routes
from identity_service.settings import IdentitySettings
from identity_service.usecases.add_member import AddMember
from identity_service.usecases.announce_owner_token import AnnounceOwnerToken
from identity_service.usecases.authenticate_token import AuthenticateToken
from identity_service.usecases.bootstrap_workspace import BootstrapWorkspace
from identity_service.usecases.change_member import ChangeMember
from identity_service.usecases.check_members import CheckMembers
from identity_service.usecases.close_workspace import CloseWorkspace
from identity_service.usecases.create_token import CreateToken
from identity_service.usecases.create_workspace import CreateWorkspace
from identity_service.usecases.keep_an_owner import KeepAnOwner
from identity_service.usecases.read_member import ReadMember
from identity_service.usecases.read_oldest_owner import ReadOldestOwner
from identity_service.usecases.remove_due_workspaces import RemoveDueWorkspaces
from identity_service.usecases.remove_member import RemoveMember
from identity_service.usecases.restore_workspace import RestoreWorkspace
from identity_service.usecases.retitle_workspace import RetitleWorkspace
from identity_service.usecases.revoke_token import RevokeToken
from identity_service.usecases.revoke_tokens_of_member import RevokeTokensOfMember
from kit.service import Chassis, Components, assemble


class Stores(NamedTuple):
    bootstraps: MongoBootstraps
    workspaces: MongoWorkspaces
    members: MongoMembers
    tokens: MongoTokens


def build(
    settings: IdentitySettings,
    announce_owner_token: ports.AnnounceOwnerToken | None = None,
    clock: ports.Clock = system_clock,
) -> FastAPI:
    """Assemble the service; nothing connects until the server starts it."""
    chassis = Chassis("identity", settings)
    database, outbox = chassis.database, chassis.outbox
    expired_for = timedelta(days=settings.keep_expired_tokens_days)
    stores = Stores(
        MongoBootstraps(database, outbox),
        MongoWorkspaces(database, outbox),
        MongoMembers(database, outbox),
        MongoTokens(database, outbox, expired_for),
    )
    uses = TokenUses(stores.tokens)
    announce = announce_owner_token or (
        FileAnnouncement(settings.owner_token_file)
        if settings.owner_token_file
        else announce_on_stdout
    )
    app = _app(settings, stores, announce, uses, clock)
    chassis.authenticate = app.authenticate_token
    operator = [operator_routes(settings.operator_token)] if settings.operator_token else []
    components = Components(
        app=app,
        routes=[http.router, *operator],
        consumers=[rpc.router, events.router],
        listened=events.listened,
        repositories=stores,
        background={
            "token uses": uses.write_for_ever,
            "removals": partial(remove_due_workspaces_for_ever, app),
        },
        on_start=[partial(first_start, app, reset_owner_token=settings.reset_owner_token)],
    )
    return assemble(chassis, components, description=identity_service.__doc__)


def _app(
    settings: IdentitySettings,
    stores: Stores,
    announce: ports.AnnounceOwnerToken,
    uses: TokenUses,
    now: ports.Clock,
) -> IdentityApp:
    bootstraps, workspaces, members, tokens = stores
    draw = draw_random_token
    keep_an_owner = KeepAnOwner(members, tokens, now)
    revoke_tokens_of_member = RevokeTokensOfMember(tokens)
    return IdentityApp(
        bootstrap_workspace=BootstrapWorkspace(
            bootstraps, workspaces, members, settings.first_workspace_title
        ),
        announce_owner_token=AnnounceOwnerToken(bootstraps, members, tokens, draw, announce, now),
        create_workspace=CreateWorkspace(workspaces, members, tokens, draw, now),
        workspaces=workspaces,
        retitle_workspace=RetitleWorkspace(workspaces),
        close_workspace=CloseWorkspace(workspaces, now),
        restore_workspace=RestoreWorkspace(workspaces, now),
        remove_due_workspaces=RemoveDueWorkspaces(workspaces, bootstraps, now),
        members=members,
        add_member=AddMember(members, settings.max_members),
        read_member=ReadMember(members),
        check_members=CheckMembers(members),
        read_oldest_owner=ReadOldestOwner(members),
        change_member=ChangeMember(members, keep_an_owner),
        remove_member=RemoveMember(members, keep_an_owner, revoke_tokens_of_member),
        keep_an_owner=keep_an_owner,
        revoke_tokens_of_member=revoke_tokens_of_member,
        create_token=CreateToken(tokens, members, draw, now, settings.max_tokens_per_member),
        tokens=tokens,
        revoke_token=RevokeToken(tokens, members, keep_an_owner),
        authenticate_token=AuthenticateToken(tokens, members, workspaces, uses, now),
    )
