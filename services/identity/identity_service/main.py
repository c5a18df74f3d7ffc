from datetime import timedelta
from functools import partial
from typing import Any, NamedTuple

from fastapi import APIRouter, FastAPI

import identity_service
from identity_service import ports
from identity_service.adapters.file_announcement import FileAnnouncement
from identity_service.adapters.last_uses import LastUses
from identity_service.adapters.mongo_bootstraps import MongoBootstraps
from identity_service.adapters.mongo_groups import MongoGroupRoles, MongoGroups
from identity_service.adapters.mongo_members import MongoMembers
from identity_service.adapters.mongo_sessions import MongoSessions
from identity_service.adapters.mongo_sign_in_links import MongoSignInLinks
from identity_service.adapters.mongo_tokens import MongoTokens
from identity_service.adapters.mongo_workspaces import MongoWorkspaces
from identity_service.adapters.noticed_announcement import NoticedAnnouncement
from identity_service.adapters.random_secret import draw_link_secret, draw_session_secret
from identity_service.adapters.random_token import draw_random_token
from identity_service.adapters.stdout_announcement import (
    announce_link_on_stdout,
    announce_on_stdout,
)
from identity_service.adapters.system_clock import system_clock
from identity_service.app import IdentityApp
from identity_service.entrypoints import (
    events,
    group_roles,
    http,
    rpc,
    scim,
    session,
    session_pages,
)
from identity_service.entrypoints.end_of_workspaces import remove_due_workspaces_for_ever
from identity_service.entrypoints.first_start import first_start
from identity_service.entrypoints.operator import operator_routes
from identity_service.settings import IdentitySettings
from identity_service.usecases.add_member import AddMember
from identity_service.usecases.announce_owner_token import AnnounceOwnerToken
from identity_service.usecases.announce_sign_in_link import AnnounceSignInLink
from identity_service.usecases.authenticate_caller import AuthenticateCaller
from identity_service.usecases.authenticate_session import AuthenticateSession
from identity_service.usecases.authenticate_token import AuthenticateToken
from identity_service.usecases.bootstrap_workspace import BootstrapWorkspace
from identity_service.usecases.change_group import ChangeGroup
from identity_service.usecases.change_member import ChangeMember
from identity_service.usecases.check_members import CheckMembers
from identity_service.usecases.close_workspace import CloseWorkspace
from identity_service.usecases.create_group import CreateGroup
from identity_service.usecases.create_sign_in_link import CreateSignInLink
from identity_service.usecases.create_token import CreateToken
from identity_service.usecases.create_workspace import CreateWorkspace
from identity_service.usecases.end_session import EndSession
from identity_service.usecases.end_sessions_of_member import EndSessionsOfMember
from identity_service.usecases.follow_sign_in_link import FollowSignInLink
from identity_service.usecases.join_group import JoinGroup
from identity_service.usecases.keep_an_owner import KeepAnOwner
from identity_service.usecases.place_member import PlaceMember
from identity_service.usecases.provision_member import ProvisionMember
from identity_service.usecases.read_group import ReadGroup
from identity_service.usecases.read_member import ReadMember
from identity_service.usecases.read_oldest_owner import ReadOldestOwner
from identity_service.usecases.read_own_session import ReadOwnSession
from identity_service.usecases.read_sign_in_link import ReadSignInLink
from identity_service.usecases.remove_due_workspaces import RemoveDueWorkspaces
from identity_service.usecases.remove_group import RemoveGroup
from identity_service.usecases.remove_member import RemoveMember
from identity_service.usecases.renew_session import RenewSession
from identity_service.usecases.restore_workspace import RestoreWorkspace
from identity_service.usecases.retitle_workspace import RetitleWorkspace
from identity_service.usecases.revoke_token import RevokeToken
from identity_service.usecases.revoke_tokens_of_member import RevokeTokensOfMember
from identity_service.usecases.set_group_roles import SetGroupRoles
from identity_service.usecases.sign_in import SignIn
from identity_service.usecases.switch_member import SwitchMember
from kit.service import Chassis, Components, assemble


class Stores(NamedTuple):
    bootstraps: MongoBootstraps
    workspaces: MongoWorkspaces
    members: MongoMembers
    tokens: MongoTokens
    sessions: MongoSessions
    links: MongoSignInLinks
    groups: MongoGroups
    group_roles: MongoGroupRoles


class Announcements(NamedTuple):
    owner_token: NoticedAnnouncement
    sign_in_link: ports.AnnounceSignInLink
    always_a_link: bool
    """With each start; else beside an owner token only, for an installation's logs are read by
    more people than may sign in as its owner.
    """


def build(
    settings: IdentitySettings,
    announce_owner_token: ports.AnnounceOwnerToken | None = None,
    clock: ports.Clock = system_clock,
    announce_sign_in_link: ports.AnnounceSignInLink | None = None,
) -> FastAPI:
    """Assemble the service; nothing connects until the server starts it."""
    chassis = Chassis("identity", settings)
    database, outbox = chassis.database, chassis.outbox
    stores = Stores(
        MongoBootstraps(database, outbox),
        MongoWorkspaces(database, outbox),
        MongoMembers(database, outbox),
        MongoTokens(database, outbox, timedelta(days=settings.keep_expired_tokens_days)),
        MongoSessions(database, outbox),
        MongoSignInLinks(database, outbox),
        MongoGroups(database, outbox),
        MongoGroupRoles(database, outbox),
    )
    uses = LastUses(stores.tokens, stores.sessions)
    announcements = _announcements(settings, announce_owner_token, announce_sign_in_link)
    app = _app(settings, stores, announcements, uses, clock)
    chassis.authenticate = app.authenticate_caller
    start = partial(
        first_start,
        app,
        reset_owner_token=settings.reset_owner_token,
        offers_sign_in=lambda: announcements.always_a_link or announcements.owner_token.happened,
    )
    components = Components(
        app=app,
        routes=_routes(settings),
        consumers=[rpc.router, events.router],
        listened=events.listened,
        repositories=stores,
        background={
            "last uses": uses.write_for_ever,
            "removals": partial(remove_due_workspaces_for_ever, app),
        },
        on_start=[start],
    )
    return assemble(chassis, components, description=identity_service.__doc__)


def _routes(settings: IdentitySettings) -> list[APIRouter]:
    """`/v1/members/group-roles` goes before `/v1/members/{member_id}`."""
    api = [group_roles.router, http.router, session.router, session_pages.router]
    of_directories = scim.scim_routes(settings.openactions.public_url or "")
    operator = [operator_routes(settings.operator_token)] if settings.operator_token else []
    return [*api, of_directories, *operator]


def _announcements(
    settings: IdentitySettings,
    owner_token: ports.AnnounceOwnerToken | None,
    sign_in_link: ports.AnnounceSignInLink | None,
) -> Announcements:
    """To whoever builds the service, else to files, else to standard output."""
    token_file, link_file = settings.owner_token_file, settings.sign_in_link_file
    if owner_token is None:
        owner_token = FileAnnouncement(token_file) if token_file else announce_on_stdout
    always = sign_in_link is not None or link_file is not None
    if sign_in_link is None:
        sign_in_link = FileAnnouncement(link_file) if link_file else announce_link_on_stdout
    return Announcements(NoticedAnnouncement(owner_token), sign_in_link, always)


def _app(
    settings: IdentitySettings,
    stores: Stores,
    announcements: Announcements,
    uses: LastUses,
    now: ports.Clock,
) -> IdentityApp:
    bootstraps, workspaces, members, tokens, sessions, *_ = stores
    draw, announce = draw_random_token, announcements.owner_token
    keep_an_owner = KeepAnOwner(members, tokens, now)
    revoke_tokens = RevokeTokensOfMember(tokens)
    end_session = EndSession(sessions)
    end_sessions = EndSessionsOfMember(sessions, end_session)
    origin = settings.openactions.public_url or None
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
        remove_member=RemoveMember(members, keep_an_owner, revoke_tokens, end_sessions),
        switch_member=SwitchMember(members, keep_an_owner, end_sessions),
        keep_an_owner=keep_an_owner,
        revoke_tokens_of_member=revoke_tokens,
        create_token=CreateToken(tokens, members, draw, now, settings.max_tokens_per_member),
        tokens=tokens,
        revoke_token=RevokeToken(tokens, members, keep_an_owner),
        sessions=sessions,
        end_session=end_session,
        end_sessions_of_member=end_sessions,
        **_provisioning(stores, keep_an_owner, end_sessions, settings.max_members),
        **_signing_in(stores, end_session, uses, now),
        **_sign_in_links(stores, end_session, announcements.sign_in_link, origin, now),
    )


def _provisioning(
    stores: Stores, keep: KeepAnOwner, end_sessions: EndSessionsOfMember, max_members: int
) -> dict[str, Any]:
    """Fields of `IdentityApp`."""
    members, groups, roles = stores.members, stores.groups, stores.group_roles
    place = PlaceMember(members, groups, roles, keep, end_sessions)
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
        "set_group_roles": SetGroupRoles(roles, members, place),
    }


def _signing_in(
    stores: Stores, end_session: EndSession, uses: LastUses, now: ports.Clock
) -> dict[str, Any]:
    """Fields of `IdentityApp`."""
    _, workspaces, members, tokens, sessions, *_ = stores
    token = AuthenticateToken(tokens, members, workspaces, uses, now)
    session = AuthenticateSession(sessions, members, workspaces, uses, now)
    return {
        "authenticate_token": token,
        "authenticate_session": session,
        "authenticate_caller": AuthenticateCaller(token, session),
        "sign_in": SignIn(sessions, end_session, draw_session_secret, now),
        "read_own_session": ReadOwnSession(sessions, members, workspaces),
        "renew_session": RenewSession(sessions, members, draw_session_secret, now),
    }


def _sign_in_links(
    stores: Stores,
    end_session: EndSession,
    announce: ports.AnnounceSignInLink,
    origin: str | None,
    now: ports.Clock,
) -> dict[str, Any]:
    """Fields of `IdentityApp`."""
    bootstraps, workspaces, members, _, sessions, links, *_ = stores
    create = CreateSignInLink(links, members, draw_link_secret, now)
    read = ReadSignInLink(links, members, workspaces, now)
    sign_in = SignIn(sessions, end_session, draw_session_secret, now)
    return {
        "create_sign_in_link": create,
        "read_sign_in_link": read,
        "follow_sign_in_link": FollowSignInLink(links, read, sign_in),
        "announce_sign_in_link": AnnounceSignInLink(bootstraps, create, announce, origin),
    }
