from dataclasses import dataclass

from contracts.ids import WorkspaceId
from identity_service.ports import SignInSettingsStore
from identity_service.usecases.end_unwanted_sessions import EndUnwantedSessions
from kit.contention import repeats_on_contention
from kit.documents import ChangedMeanwhile, Overtaken


@dataclass(frozen=True, slots=True)
class RemoveSignIn:
    """Nobody signs in with the company's account any more; whose session began so is signed out.

    Where nothing is set, nothing but that happens, and then `ChangedMeanwhile` tells whoever
    expected a revision (RFC 9110, 13.1.1). Who was bound to which account is kept.
    """

    settings: SignInSettingsStore
    end_unwanted_sessions: EndUnwantedSessions

    async def __call__(self, workspace_id: WorkspaceId, expected_revision: int | None) -> None:
        was_set = await self._remove(workspace_id, expected_revision)
        await self.end_unwanted_sessions(workspace_id)
        if not was_set and expected_revision is not None:
            raise ChangedMeanwhile

    @repeats_on_contention
    async def _remove(self, workspace_id: WorkspaceId, expected_revision: int | None) -> bool:
        """Whether there was anything."""
        seen = await self.settings.find(workspace_id)
        if seen is None:
            return False
        if expected_revision not in (None, seen.version):
            raise ChangedMeanwhile
        if not await self.settings.remove(seen):
            raise Overtaken
        return True
