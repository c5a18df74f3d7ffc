from collections.abc import Iterable
from dataclasses import dataclass

from contracts.ids import MemberId, WorkspaceId
from contracts.requests import Role
from identity_service.domain.member import Member, MemberKind
from identity_service.domain.oidc.client import is_same_client
from identity_service.domain.oidc.errors import SignOnEnforced
from identity_service.domain.oidc.sign_in_settings import SignInSettings
from identity_service.domain.session import AtProvider, Session
from identity_service.ports import MemberStore, SignInNotes, SignInSettingsStore


@dataclass(frozen=True, slots=True)
class EnforceSignOn:
    """Where a workspace wants it, nobody gets a session but with the company's account. One owner
    is excepted, for emergencies: whom the settings name, else who has been one for longest.
    """

    settings: SignInSettingsStore
    members: MemberStore
    notes: SignInNotes

    async def __call__(self, member: Member, at_provider: AtProvider | None) -> None:
        """`SignOnEnforced` where the member may not begin a session in this way."""
        settings = await self.settings.find(member.workspace_id)
        if await self.allows(settings, member.id, at_provider):
            if settings is not None and settings.enforced and at_provider is None:
                self.notes.emergency(member)
            return
        raise SignOnEnforced(member.workspace_id)

    async def wants_company(self, workspace_id: WorkspaceId) -> bool:
        """Whether it is enforced there."""
        settings = await self.settings.find(workspace_id)
        return settings is not None and settings.enforced

    async def keeps_out(self, member: Member) -> bool:
        """Whether a link would not let this member in."""
        settings = await self.settings.find(member.workspace_id)
        return not await self.allows(settings, member.id, None)

    async def keeps(self, session: Session) -> bool:
        """Whether it may go on, as things are now."""
        settings = await self.settings.find(session.workspace_id)
        return await self.allows(settings, session.member_id, session.at_provider)

    async def allows(
        self, settings: SignInSettings | None, member_id: MemberId, at_provider: AtProvider | None
    ) -> bool:
        """Whether a session of this member that began so may go on."""
        if at_provider is not None:
            return settings is not None and is_same_client(settings, at_provider)
        if settings is None or not settings.enforced:
            return True
        return member_id == await self.emergency_owner(settings)

    async def unwanted(
        self, settings: SignInSettings | None, sessions: Iterable[Session]
    ) -> list[Session]:
        """Those of one workspace that may not go on. Its owners are asked for once."""
        found = [*sessions]
        is_enforced = settings is not None and settings.enforced
        owner = await self.emergency_owner(settings) if settings and is_enforced and found else None

        async def goes_on(session: Session) -> bool:
            if session.at_provider is None:
                return not is_enforced or session.member_id == owner
            return await self.allows(settings, session.member_id, session.at_provider)

        return [each for each in found if not await goes_on(each)]

    async def emergency_owner(self, settings: SignInSettings) -> MemberId | None:
        owners = await self.members.with_role(settings.workspace_id, Role.OWNER)
        fit = [each.id for each in owners if each.kind is MemberKind.PERSON and each.active]
        named = settings.emergency_owner
        return named if named in fit else min(fit, default=None)
