"""Identity's pages, and the routes that make their links, over identity in memory."""

from contextlib import asynccontextmanager
from datetime import UTC, datetime
from types import SimpleNamespace

import httpx
from fastapi import FastAPI

from contracts.principal import SCOPES_OF_ROLE, Principal, Via
from contracts.requests import Role
from identity_service.domain.invitation import PREFIX as INVITATION
from identity_service.domain.sign_in_link import PREFIX as LINK
from identity_service.entrypoints import (
    company_sign_in_pages,
    invitation_pages,
    members,
    session,
    session_pages,
    sign_in_settings,
)
from identity_service.usecases.accept_invitation import AcceptInvitation
from identity_service.usecases.create_invitation import CreateInvitation, WantedInvitation
from identity_service.usecases.create_sign_in_link import CreateSignInLink
from identity_service.usecases.follow_sign_in_link import FollowSignInLink
from identity_service.usecases.lend import Lend
from identity_service.usecases.let_member_sign_in import LetMemberSignIn
from identity_service.usecases.read_invitation import ReadInvitation
from identity_service.usecases.read_sign_in_link import ReadSignInLink
from identity_service.usecases.sign_in_by_token import SignInByToken
from identity_service.usecases.sign_out import SignOut
from kit import problems
from kit.caller import Verifier
from kit.public_address import PublicAddress
from services.identity.tests.company import OWNER, new_company_platform
from services.identity.tests.fakes import CountedSecrets, MemorySignInLinks
from services.identity.tests.invitation_fakes import MemoryInvitations
from services.identity.tests.session_platform import OURS
from services.identity.tests.signing_in import ORIGIN, Browser
from shared.kit.tests.kit_fakes import Watch

ROUTES = (
    members.router,
    session.router,
    session_pages.router,
    invitation_pages.router,
    company_sign_in_pages.router,
    company_sign_in_pages.answers,
    sign_in_settings.router,
)


class Pages:
    """`client` speaks to the pages as a browser or a program would."""

    def __init__(self, platform):
        self.platform, self.api = platform, FastAPI()
        self.links, self.invitations = MemorySignInLinks(), MemoryInvitations()
        kept, clock = (platform.members, platform.workspaces, platform.enforce), platform.clock
        draw, lend = CountedSecrets(LINK), Lend(platform.tokens, platform.sessions)
        make = CreateSignInLink(self.links, platform.members, platform.enforce, draw, clock)
        read = ReadSignInLink(self.links, *kept, clock)
        invited = ReadInvitation(self.invitations, *kept, clock)
        accepting = (self.invitations, platform.members, invited, platform.sign_in)
        inviting = (self.invitations, platform.members, CountedSecrets(INVITATION))
        self.make_link, self.create_invitation = make, CreateInvitation(*inviting, clock, lend)
        follow = FollowSignInLink(self.links, read, platform.sign_in)
        let_in = LetMemberSignIn(platform.members, make, lend)
        self.api.state.app = SimpleNamespace(
            read_sign_in_link=read,
            follow_sign_in_link=follow,
            sign_in_by_token=SignInByToken(let_in, follow),
            create_sign_in_link=make,
            let_member_sign_in=let_in,
            read_invitation=invited,
            accept_invitation=AcceptInvitation(*accepting, 20),
            create_invitation=self.create_invitation,
            read_own_session=platform.read_own,
            renew_session=platform.renew,
            end_session=platform.end,
            end_sessions_of_member=platform.end_all,
            sign_out=SignOut(platform.sessions, platform.end),
            sessions=platform.sessions,
            find_company_sign_in=platform.find,
            offer_company_sign_in=platform.offer,
            begin_company_sign_in=platform.begin,
            finish_company_sign_in=platform.finish,
            choose_workspace=platform.choose,
            find_provider_sign_out=platform.sign_out,
            check_provider=platform.check,
            set_sign_in=platform.set,
            remove_sign_in=platform.remove,
            sign_in_settings=platform.sign_in_settings,
            group_roles=platform.group_roles,
            confirmed_domains=platform.confirmed,
        )
        address, ask = PublicAddress(ORIGIN), platform.authenticate_caller
        self.api.state.verifier = Verifier(Watch(), ask, address=address)
        problems.install(self.api)
        for router in ROUTES:
            self.api.include_router(router)

    def browser(self):
        return Browser(self.client)

    async def link_for(self, member):
        """The path of one that is made whatever the settings say."""
        _, path = await self.make_link.of(member)
        return path

    async def invitation_for(self, email="bob@acme.com", name="Bob", role=Role.BUILDER):
        wanted = WantedInvitation(email, name, role)
        _, path = await self.create_invitation(principal_of(OWNER), wanted)
        return path

    async def signed_in(self, member):
        """A browser with a session of theirs."""
        browser = self.browser()
        _, drawn = await self.platform.sign_in(member, "Firefox")
        browser.cookie = drawn.text
        return browser


def principal_of(member):
    scopes = SCOPES_OF_ROLE[member.role]
    return Principal(OURS, member.id, member.role, Via.TOKEN, scopes, None, "tok_1")


@asynccontextmanager
async def pages(**settings):
    """Over a workspace with its owner, and a company's sign-in."""
    platform = await new_company_platform(**settings)
    platform.clock.now = datetime.now(UTC)  # which the verifier compares with the time that it is
    shown = Pages(platform)
    transport = httpx.ASGITransport(shown.api)
    async with httpx.AsyncClient(transport=transport, base_url=ORIGIN) as client:  # noqa: TID251 - to an application of our own
        shown.client = client
        yield shown
