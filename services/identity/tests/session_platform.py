"""Identity in memory, as far as sessions need it."""

from dataclasses import dataclass, field

from contracts.facts import (
    WorkspaceCreated,
)
from contracts.ids import MemberId, WorkspaceId
from contracts.requests import Role
from identity_service.domain.member import Member, MemberEdit
from identity_service.domain.workspace import Workspace
from identity_service.usecases.authenticate_caller import AuthenticateCaller
from identity_service.usecases.authenticate_on_behalf import AuthenticateOnBehalf
from identity_service.usecases.authenticate_session import AuthenticateSession
from identity_service.usecases.authenticate_token import AuthenticateToken
from identity_service.usecases.end_session import EndSession
from identity_service.usecases.end_sessions_of_member import EndSessionsOfMember
from identity_service.usecases.enforce_sign_on import EnforceSignOn
from identity_service.usecases.read_own_session import ReadOwnSession
from identity_service.usecases.renew_session import RenewSession
from identity_service.usecases.sign_in import SignIn
from kit.testing import FrozenClock
from services.identity.tests.callers import TokensOfCallers
from services.identity.tests.company_fakes import MemoryNotes, MemorySignInSettings
from services.identity.tests.fakes import (
    CountedSecrets,
    MemoryMembers,
    MemorySessions,
    MemoryTokens,
    MemoryUses,
    MemoryWorkspaces,
)

OURS, THEIRS = WorkspaceId("ws_ours"), WorkspaceId("ws_theirs")
ADA = Member(MemberId("mem_ada"), OURS, "Ada", Role.BUILDER)


@dataclass
class Platform:
    clock: FrozenClock = field(default_factory=FrozenClock)
    members: MemoryMembers = field(default_factory=MemoryMembers)
    sessions: MemorySessions = field(default_factory=MemorySessions)
    workspaces: MemoryWorkspaces = field(default_factory=MemoryWorkspaces)
    tokens: MemoryTokens = field(default_factory=TokensOfCallers)
    sign_in_settings: MemorySignInSettings = field(default_factory=MemorySignInSettings)
    notes: MemoryNotes = field(default_factory=MemoryNotes)
    uses: MemoryUses = field(default_factory=MemoryUses)
    draw: CountedSecrets = field(default_factory=CountedSecrets)

    def __post_init__(self):
        kept = (self.members, self.workspaces, self.uses, self.clock)
        self.enforce = EnforceSignOn(self.sign_in_settings, self.members, self.notes)
        self.authenticate_session = AuthenticateSession(
            self.sessions, *kept[:2], self.enforce, *kept[2:]
        )
        self.authenticate_token = AuthenticateToken(self.tokens, *kept)
        self.authenticate_on_behalf = AuthenticateOnBehalf(self.authenticate_token, self.members)
        self.authenticate_caller = AuthenticateCaller(
            self.authenticate_token, self.authenticate_session, self.authenticate_on_behalf
        )
        self.end = EndSession(self.sessions)
        self.end_all = EndSessionsOfMember(self.sessions, self.end)
        self.sign_in = SignIn(self.sessions, self.end, self.enforce, self.draw, self.clock)
        self.renew = RenewSession(self.sessions, self.members, self.enforce, self.draw, self.clock)
        self.read_own = ReadOwnSession(self.sessions, self.members, self.workspaces)

    async def change_role(self, member, role):
        seen = await self.members.find(OURS, member.id)
        await self.members.replace(seen, seen.edited(MemberEdit(role=role)))

    async def signed_in(self, member=ADA, replaced=None):
        session, drawn = await self.sign_in(member, "Firefox on Linux", replaced)
        return session, drawn.digest


async def new_platform():
    """With Ada, in a workspace of the title `Ours`."""
    platform = Platform()
    await platform.members.add(ADA)
    fact = WorkspaceCreated(workspace_id=OURS, title="Ours")
    await platform.workspaces.add(Workspace(OURS, "Ours"), fact)
    return platform
