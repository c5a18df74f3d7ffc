import asyncio
from dataclasses import dataclass

from contracts.ids import WorkspaceId
from identity_service.domain.oidc.errors import NoCompanySignIn
from identity_service.ports import Clock, SessionStore, SignInSettingsStore, WorkspaceStore


@dataclass(frozen=True, slots=True)
class OfferedCompanySignIn:
    """Where a company's sign-in leads."""

    title: str
    """Of the workspace."""
    ends_another: bool
    """Whether the browser has a live session of another workspace, which would end."""


@dataclass(frozen=True, slots=True)
class OfferCompanySignIn:
    """What signing in with a company's account would do; nothing happens yet."""

    workspaces: WorkspaceStore
    settings: SignInSettingsStore
    sessions: SessionStore
    clock: Clock

    async def __call__(
        self, workspace_id: WorkspaceId, session_digest: str | None
    ) -> OfferedCompanySignIn:
        """`session_digest` is of the browser's session. `NoCompanySignIn` where there is none."""
        workspace, settings, ends_another = await asyncio.gather(
            self.workspaces.find(workspace_id),
            self.settings.find(workspace_id),
            self._ends_another(workspace_id, session_digest),
        )
        if workspace is None or settings is None:
            raise NoCompanySignIn
        return OfferedCompanySignIn(workspace.title, ends_another)

    async def _ends_another(self, workspace_id: WorkspaceId, digest: str | None) -> bool:
        session = None if digest is None else await self.sessions.find_by_digest(digest)
        if session is None or not session.live(self.clock()):
            return False
        return session.workspace_id != workspace_id
