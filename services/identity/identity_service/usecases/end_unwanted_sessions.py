from collections.abc import Iterable
from dataclasses import dataclass

from contracts.ids import MemberId, WorkspaceId
from contracts.requests import Role
from identity_service.domain.oidc.sign_in_settings import SignInSettings
from identity_service.domain.session import Session
from identity_service.ports import SessionStore, SignInSettingsStore
from identity_service.usecases.end_session import EndSession
from identity_service.usecases.enforce_sign_on import EnforceSignOn
from kit.in_force import each_in_force


@dataclass(frozen=True, slots=True)
class EndUnwantedSessions:
    """End those sessions of a workspace that nobody could begin so any more, since its settings
    changed. All are ended, also where some are not in force yet; `NotInForce` then, and again
    until all are.
    """

    sessions: SessionStore
    settings: SignInSettingsStore
    enforce_sign_on: EnforceSignOn
    end_session: EndSession

    async def __call__(self, workspace_id: WorkspaceId) -> None:
        settings = await self.settings.find(workspace_id)
        await self._end(settings, await self.sessions.of_workspace(workspace_id))

    async def since_changed(self, workspace_id: WorkspaceId, member_id: MemberId) -> None:
        """The same where a member changed, who may be, or have been, the owner for emergencies.

        Where sign-on is enforced, nobody else but owners can have a session by a link.
        """
        settings = await self.settings.find(workspace_id)
        if settings is None or not settings.enforced:
            return
        owners = await self.enforce_sign_on.members.with_role(workspace_id, Role.OWNER)
        concerned = {member_id, *(owner.id for owner in owners)}
        found = [await self.sessions.of_member(workspace_id, each) for each in sorted(concerned)]
        await self._end(settings, [session for each in found for session in each])

    async def _end(self, settings: SignInSettings | None, sessions: Iterable[Session]) -> None:
        unwanted = await self.enforce_sign_on.unwanted(settings, sessions)
        await each_in_force(
            self.end_session(one.workspace_id, one.member_id, one.id)
            for one in unwanted  # one that expired meanwhile is gone
        )
