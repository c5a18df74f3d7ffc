from contextlib import suppress
from dataclasses import dataclass

from contracts.ids import WorkspaceId
from identity_service.ports import SessionStore, SignInSettingsStore
from identity_service.usecases.end_session import EndSession
from identity_service.usecases.enforce_sign_on import EnforceSignOn
from kit.errors import NothingHere, NotInForce


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
        late: NotInForce | None = None
        settings = await self.settings.find(workspace_id)
        allows = self.enforce_sign_on.allows
        for session in await self.sessions.of_workspace(workspace_id):
            if await allows(settings, session.member_id, session.at_provider):
                continue
            try:
                with suppress(NothingHere):  # it expired meanwhile
                    await self.end_session(workspace_id, session.member_id, session.id)
            except NotInForce as error:
                late = error
        if late is not None:
            raise late
