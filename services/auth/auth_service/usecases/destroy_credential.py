from dataclasses import dataclass

from auth_service.ports import CredentialStore, ServiceTokens
from auth_service.usecases.end_of_action import EndOfAction
from contracts.facts import ActionRemoved, CredentialChanged
from kit.contention import repeats_on_contention


@dataclass(frozen=True, slots=True)
class DestroyCredential:
    """The action is gone, and its secret with it, and what members signed in to it with. Harmless
    when repeated.

    Where there is none yet, none can be set any more: whoever asked catalog just before may be
    about to. Where somebody is quick to enter one more, that one goes too.
    """

    credentials: CredentialStore
    tokens: ServiceTokens
    end: EndOfAction

    async def __call__(self, removed: ActionRemoved) -> None:
        seen = await self.credentials.find(removed.workspace_id, removed.action_id)
        await self.end(seen)
        await self._destroy(removed)
        await self.end(seen)  # of whoever signed in before there were no settings
        await self.tokens.keep_only(removed.workspace_id, removed.action_id, ())

    @repeats_on_contention
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
