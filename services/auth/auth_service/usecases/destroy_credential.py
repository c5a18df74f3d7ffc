from dataclasses import dataclass

from auth_service.ports import CredentialStore
from contracts.errors import Unavailable
from contracts.facts import ActionRemoved, CredentialChanged
from kit.documents import ChangedMeanwhile

ATTEMPTS = 5


class CredentialBusy(Unavailable):
    code = "auth.credential_busy"


@dataclass(frozen=True, slots=True)
class DestroyCredential:
    """The action is gone, and its secret with it. Harmless when repeated.

    Where there is none yet, none can be set any more: whoever asked catalog just before may be
    about to.
    """

    credentials: CredentialStore

    async def __call__(self, removed: ActionRemoved) -> None:
        for _ in range(ATTEMPTS):
            try:
                return await self._destroy(removed)
            except ChangedMeanwhile:
                continue  # somebody was quick to enter one more; that one goes too
        raise CredentialBusy("The credential keeps changing.", hint="It is destroyed on retry.")

    async def _destroy(self, removed: ActionRemoved) -> None:
        seen = await self.credentials.find(removed.workspace_id, removed.action_id)
        if seen.revision == 0:
            await self.credentials.rule_out(removed.workspace_id, removed.action_id)
            return
        fact = CredentialChanged.because(
            removed,
            workspace_id=removed.workspace_id,
            action_id=removed.action_id,
            revision=seen.revision + 1,
        )
        await self.credentials.destroy(seen, fact)
