from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial
from typing import Any, NamedTuple

from fastapi import APIRouter, FastAPI
from pydantic import SecretStr

import identity_service
from egress import Egress, EgressSettings, OperatorEgress
from identity_service import ports
from identity_service.adapters.broker_dead_letters import BrokerDeadLetters
from identity_service.adapters.company_sign_in import (
    Company,
    Inside,
    Outside,
    company_sign_in,
    company_stores,
)
from identity_service.adapters.directory import provisioning
from identity_service.adapters.ended_invitations import EndInvitations
from identity_service.adapters.file_announcement import FileAnnouncement
from identity_service.adapters.invited_members import InvitedMembers
from identity_service.adapters.last_uses import LastUses
from identity_service.adapters.logged_sign_ins import LoggedSignIns
from identity_service.adapters.mongo_bootstraps import MongoBootstraps
from identity_service.adapters.mongo_groups import MongoGroupRoles, MongoGroups
from identity_service.adapters.mongo_invitations import MongoInvitations
from identity_service.adapters.mongo_members import MongoMembers
from identity_service.adapters.mongo_sessions import MongoSessions
from identity_service.adapters.mongo_sign_in_links import MongoSignInLinks
from identity_service.adapters.mongo_tokens import MongoTokens
from identity_service.adapters.mongo_workspaces import MongoWorkspaces
from identity_service.adapters.noticed_announcement import NoticedAnnouncement
from identity_service.adapters.random_secret import (
    draw_invitation_secret,
    draw_link_secret,
    draw_session_secret,
)
from identity_service.adapters.random_token import draw_random_token
from identity_service.adapters.stdout_announcement import (
    announce_link_on_stdout,
    announce_on_stdout,
)
from identity_service.adapters.system_clock import system_clock
from identity_service.app import IdentityApp
from identity_service.entrypoints import (
    back_channel_logout,
    company_sign_in_pages,
    events,
    group_roles,
    http,
    invitation_pages,
    members,
    rpc,
    scim,
    session,
    session_pages,
    sign_in_settings,
)
from identity_service.entrypoints.dead_letters import dead_letter_routes
from identity_service.entrypoints.end_of_workspaces import remove_due_workspaces_for_ever
from identity_service.entrypoints.first_start import first_start
from identity_service.entrypoints.operator import only_operator, operator_routes
from identity_service.settings import IdentitySettings
from identity_service.usecases.accept_invitation import AcceptInvitation
from identity_service.usecases.add_member import AddMember
from identity_service.usecases.announce_owner_token import AnnounceOwnerToken
from identity_service.usecases.announce_sign_in_link import AnnounceSignInLink
from identity_service.usecases.authenticate_caller import AuthenticateCaller
from identity_service.usecases.authenticate_on_behalf import AuthenticateOnBehalf
from identity_service.usecases.authenticate_session import AuthenticateSession
from identity_service.usecases.authenticate_token import AuthenticateToken
from identity_service.usecases.bootstrap_workspace import BootstrapWorkspace
from identity_service.usecases.change_member import ChangeMember
from identity_service.usecases.check_members import CheckMembers
from identity_service.usecases.close_workspace import CloseWorkspace
from identity_service.usecases.create_invitation import CreateInvitation
from identity_service.usecases.create_sign_in_link import CreateSignInLink
from identity_service.usecases.create_token import CreateToken
from identity_service.usecases.create_workspace import CreateWorkspace
from identity_service.usecases.edit_member import EditMember
from identity_service.usecases.end_access_of_member import EndAccessOfMember
from identity_service.usecases.end_session import EndSession
from identity_service.usecases.end_sessions_of_member import EndSessionsOfMember
from identity_service.usecases.enforce_sign_on import EnforceSignOn
from identity_service.usecases.follow_sign_in_link import FollowSignInLink
from identity_service.usecases.keep_an_owner import KeepAnOwner
from identity_service.usecases.lend import Lend
from identity_service.usecases.let_member_sign_in import LetMemberSignIn
from identity_service.usecases.name_member import NameMember
from identity_service.usecases.place_member import PlaceMember
from identity_service.usecases.read_invitation import ReadInvitation
from identity_service.usecases.read_member import ReadMember
from identity_service.usecases.read_oldest_owner import ReadOldestOwner
from identity_service.usecases.read_own_session import ReadOwnSession
from identity_service.usecases.read_sign_in_link import ReadSignInLink
from identity_service.usecases.remove_due_workspaces import RemoveDueWorkspaces
from identity_service.usecases.remove_member import RemoveMember
from identity_service.usecases.renew_session import RenewSession
from identity_service.usecases.restore_workspace import RestoreWorkspace
from identity_service.usecases.retitle_workspace import RetitleWorkspace
from identity_service.usecases.revoke_invitation import RevokeInvitation
from identity_service.usecases.revoke_token import RevokeToken
from identity_service.usecases.revoke_tokens_of_member import RevokeTokensOfMember
from identity_service.usecases.sign_in import SignIn
from identity_service.usecases.sign_in_by_token import SignInByToken
from identity_service.usecases.sign_out import SignOut
from identity_service.usecases.switch_member import SwitchMember
from kit.rewrap import bring_under_the_newest_key
from kit.service import Chassis, Components, assemble
from kit.service_keys import Stored, service_keys


class Stores(NamedTuple):
    bootstraps: MongoBootstraps
    workspaces: MongoWorkspaces
    members: MongoMembers
    tokens: MongoTokens
    sessions: MongoSessions
    links: MongoSignInLinks
    invitations: MongoInvitations
    groups: MongoGroups
    group_roles: MongoGroupRoles


class Announcements(NamedTuple):
    owner_token: NoticedAnnouncement
    sign_in_link: ports.AnnounceSignInLink
    always_a_link: bool
    """With each start; else beside an owner token only, for an installation's logs are read by
    more people than may sign in as its owner.
    """
    token_on_stdout: bool
    """Whoever has owner tokens put in a file wants no link in the logs either."""

    def offer_a_link(self) -> bool:
        return self.always_a_link or (self.token_on_stdout and self.owner_token.happened)


ROUTES = (
    group_roles.router,  # before `/v1/members/{member_id}`
    http.router,
    members.router,
    session.router,
    session_pages.router,
    invitation_pages.router,
    company_sign_in_pages.router,
    company_sign_in_pages.answers,
    back_channel_logout.router,
    sign_in_settings.router,
)


def build(
    settings: IdentitySettings,
    announce_owner_token: ports.AnnounceOwnerToken | None = None,
    clock: ports.Clock = system_clock,
    announce_sign_in_link: ports.AnnounceSignInLink | None = None,
    egress_settings: EgressSettings | None = None,
) -> FastAPI:
    """Assemble the service; nothing connects until the server starts it."""
    chassis = Chassis("identity", settings)
    stores = _stores(chassis, settings, clock)
    egress = Egress(egress_settings or EgressSettings())
    stored = Stored(chassis.service, chassis.database, chassis.outbox)
    sealing = (
        service_keys(stored, settings.keys, settings.key_services, OperatorEgress)
        if settings.keys
        else None
    )
    kept, outside = company = Company(
        company_stores(chassis.database, chassis.outbox),
        Outside.of(egress, settings.openactions.public_url, settings.keys, sealing),
    )
    uses = LastUses(stores.tokens, stores.sessions)
    announcements = _announcements(settings, announce_owner_token, announce_sign_in_link)
    app = _app(settings, stores, company, announcements, uses, clock)
    chassis.authenticate = app.authenticate_caller
    start = partial(
        first_start,
        app,
        reset_owner_token=settings.reset_owner_token,
        offers_sign_in=announcements.offer_a_link,
    )
    work: dict[str, Callable[[], Awaitable[None]]] = {
        "last uses": uses.write_for_ever,
        "removals": partial(remove_due_workspaces_for_ever, app),
    }
    if sealing:
        sealed = kept.settings.sealed
        work["rewrap"] = partial(bring_under_the_newest_key, "identity", sealing.ring, *sealed)
        work["workspace keys"] = sealing.renew_for_ever
    components = Components(
        app=app,
        routes=_routes(settings),
        consumers=[rpc.router, events.router],
        listened=events.listened,
        repositories=[*outside.repositories, *stores, *kept],
        background=work,
        on_start=[egress.start, outside.start, start],
        on_stop=[egress.close, outside.close],
    )
    return assemble(chassis, components, description=identity_service.__doc__)


def _routes(settings: IdentitySettings) -> list[APIRouter]:
    of_directories = scim.scim_routes(settings.openactions.public_url or "")
    return [*ROUTES, *of_directories, *_operators_routes(settings.operator_token)]


def _operators_routes(token: SecretStr | None) -> list[APIRouter]:
    """None without a token: then nobody is the operator."""
    if not token:
        return []
    operator = only_operator(token)
    return [operator_routes(operator), dead_letter_routes(operator)]


def _operators_broker(settings: IdentitySettings) -> str:
    return (settings.operator_nats_url or settings.nats_url).get_secret_value()


def _stores(chassis: Chassis, settings: IdentitySettings, now: ports.Clock) -> Stores:
    database, outbox = chassis.database, chassis.outbox
    invitations = MongoInvitations(database, outbox)
    return Stores(
        MongoBootstraps(database, outbox),
        MongoWorkspaces(database, outbox),
        InvitedMembers(database, outbox, EndInvitations(invitations, now)),
        MongoTokens(database, outbox, timedelta(days=settings.keep_expired_tokens_days)),
        MongoSessions(database, outbox),
        MongoSignInLinks(database, outbox),
        invitations,
        MongoGroups(database, outbox),
        MongoGroupRoles(database, outbox),
    )


def _announcements(
    settings: IdentitySettings,
    owner_token: ports.AnnounceOwnerToken | None,
    sign_in_link: ports.AnnounceSignInLink | None,
) -> Announcements:
    """To whoever builds the service, else to files, else to standard output."""
    token_file, link_file = settings.owner_token_file, settings.sign_in_link_file
    on_stdout = owner_token is not None or token_file is None
    if owner_token is None:
        owner_token = FileAnnouncement(token_file) if token_file else announce_on_stdout
    always = sign_in_link is not None or link_file is not None
    if sign_in_link is None:
        sign_in_link = FileAnnouncement(link_file) if link_file else announce_link_on_stdout
    return Announcements(NoticedAnnouncement(owner_token), sign_in_link, always, on_stdout)


def _app(
    settings: IdentitySettings,
    stores: Stores,
    company: Company,
    announcements: Announcements,
    uses: LastUses,
    now: ports.Clock,
) -> IdentityApp:
    bootstraps, workspaces, members, tokens, sessions, *_ = stores
    draw, announce, max_members = draw_random_token, announcements.owner_token, settings.max_members
    keep, lend = KeepAnOwner(members, tokens, now), Lend(tokens, sessions)
    enforce = EnforceSignOn(company.stores.settings, members, LoggedSignIns())
    sign_in = SignIn(sessions, EndSession(sessions), enforce, draw_session_secret, now)
    end_sessions = EndSessionsOfMember(sessions, sign_in.end_session)
    roles, origin = stores.group_roles, settings.openactions.public_url or None
    place = PlaceMember(members, stores.groups, roles, keep, end_sessions)
    inside = Inside(workspaces, members, tokens, sessions, roles, sign_in, keep, max_members, now)
    return IdentityApp(
        bootstrap_workspace=BootstrapWorkspace(
            bootstraps, workspaces, members, settings.first_workspace_title
        ),
        announce_owner_token=AnnounceOwnerToken(
            bootstraps, members, tokens, draw, announce, now, end_sessions
        ),
        create_workspace=CreateWorkspace(workspaces, members, tokens, draw, now),
        dead_letters=BrokerDeadLetters(_operators_broker(settings)),
        members=members,
        add_member=AddMember(members, max_members),
        read_member=ReadMember(members),
        check_members=CheckMembers(members),
        read_oldest_owner=ReadOldestOwner(members),
        name_member=NameMember(members, workspaces),
        keep_an_owner=keep,
        lend=lend,
        create_token=CreateToken(tokens, members, draw, now, settings.max_tokens_per_member, lend),
        tokens=tokens,
        revoke_token=RevokeToken(tokens, members, keep, end_sessions),
        sessions=sessions,
        end_session=sign_in.end_session,
        end_sessions_of_member=end_sessions,
        sign_in=sign_in,
        sign_out=SignOut(sessions, sign_in.end_session),
        **_ends_of_workspaces(stores, now),
        **provisioning(members, stores.groups, roles, place, company.stores.settings, max_members),
        **_changing_members(members, tokens, keep, end_sessions),
        **_signing_in(stores, enforce, uses, now),
        **_sign_in_links(stores, sign_in, announcements.sign_in_link, origin, now),
        **_invitations(stores, sign_in, lend, max_members, now),
        **company_sign_in(company, inside),
    )


def _ends_of_workspaces(stores: Stores, now: ports.Clock) -> dict[str, Any]:
    """Fields of `IdentityApp`."""
    bootstraps, workspaces, *_ = stores
    return {
        "workspaces": workspaces,
        "retitle_workspace": RetitleWorkspace(workspaces),
        "close_workspace": CloseWorkspace(workspaces, now),
        "restore_workspace": RestoreWorkspace(workspaces, now),
        "remove_due_workspaces": RemoveDueWorkspaces(workspaces, bootstraps, now),
    }


def _changing_members(
    members: MongoMembers,
    tokens: MongoTokens,
    keep: KeepAnOwner,
    end_sessions: EndSessionsOfMember,
) -> dict[str, Any]:
    """Fields of `IdentityApp`."""
    revoke_tokens = RevokeTokensOfMember(tokens)
    end_access = EndAccessOfMember(revoke_tokens, end_sessions)
    change = ChangeMember(members, keep)
    switch = SwitchMember(members, keep, end_sessions)
    return {
        "remove_member": RemoveMember(members, keep, end_access),
        "end_access_of_member": end_access,
        "revoke_tokens_of_member": revoke_tokens,
        "change_member": change,
        "switch_member": switch,
        "edit_member": EditMember(members, change, switch),
    }


def _signing_in(
    stores: Stores, enforce: EnforceSignOn, uses: LastUses, now: ports.Clock
) -> dict[str, Any]:
    """Fields of `IdentityApp`."""
    _, workspaces, members, tokens, sessions, *_ = stores
    token = AuthenticateToken(tokens, members, workspaces, uses, now)
    session = AuthenticateSession(sessions, members, workspaces, enforce, uses, now)
    on_behalf = AuthenticateOnBehalf(token, members)
    return {
        "authenticate_token": token,
        "authenticate_session": session,
        "authenticate_on_behalf": on_behalf,
        "authenticate_caller": AuthenticateCaller(token, session, on_behalf),
        "read_own_session": ReadOwnSession(sessions, members, workspaces),
        "renew_session": RenewSession(sessions, members, enforce, draw_session_secret, now),
    }


def _sign_in_links(
    stores: Stores,
    sign_in: SignIn,
    announce: ports.AnnounceSignInLink,
    origin: str | None,
    now: ports.Clock,
) -> dict[str, Any]:
    """Fields of `IdentityApp`."""
    bootstraps, workspaces, members, tokens, _, links, *_ = stores
    enforce = sign_in.enforce_sign_on
    create = CreateSignInLink(links, members, enforce, draw_link_secret, now)
    read = ReadSignInLink(links, members, workspaces, enforce, now)
    follow = FollowSignInLink(links, read, sign_in)
    let_in = LetMemberSignIn(members, create, Lend(tokens, sign_in.sessions))
    return {
        "create_sign_in_link": create,
        "read_sign_in_link": read,
        "follow_sign_in_link": follow,
        "let_member_sign_in": let_in,
        "sign_in_by_token": SignInByToken(let_in, follow),
        "announce_sign_in_link": AnnounceSignInLink(bootstraps, create, announce, origin),
    }


def _invitations(
    stores: Stores, sign_in: SignIn, lend: Lend, max_members: int, now: ports.Clock
) -> dict[str, Any]:
    """Fields of `IdentityApp`."""
    workspaces, members, invitations = stores.workspaces, stores.members, stores.invitations
    read = ReadInvitation(invitations, members, workspaces, sign_in.enforce_sign_on, now)
    return {
        "invitations": invitations,
        "create_invitation": CreateInvitation(
            invitations, members, draw_invitation_secret, now, lend
        ),
        "read_invitation": read,
        "accept_invitation": AcceptInvitation(invitations, members, read, sign_in, max_members),
        "revoke_invitation": RevokeInvitation(invitations),
    }
