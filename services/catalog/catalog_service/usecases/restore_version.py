from dataclasses import dataclass

from catalog_service.domain.gpt import Gpt
from catalog_service.ports import GptStore
from catalog_service.usecases.open_gpt import OpenGpt
from catalog_service.usecases.pin_tools import PinTools
from catalog_service.usecases.read_version import ReadVersion
from catalog_service.usecases.remove_action import removed_actions
from contracts.access import Verb
from contracts.facts import GptChanged
from contracts.ids import GptId
from contracts.principal import Principal
from kit.contention import repeats_on_contention


@dataclass(frozen=True, slots=True)
class RestoreVersion:
    """Make a kept version the draft; what is published stays until the next publication.

    Its actions have the ids that they had, so credentials, which are kept for an action and the
    origins that it calls, are selected as before (decision 21). An action that only the draft had
    is removed, and its credential with it. Restoring what the draft is already changes nothing.
    """

    gpts: GptStore
    pin_tools: PinTools
    read_version: ReadVersion

    @repeats_on_contention
    async def __call__(
        self, principal: Principal, gpt_id: GptId, number: int, at_revision: int | None
    ) -> Gpt:
        seen = await OpenGpt(self.gpts)(principal, Verb.EDIT, gpt_id, at_revision)
        seen = await self.pin_tools(seen)
        changed = seen.restored((await self.read_version.of(seen, number)).version)
        if changed is not seen:
            fact = GptChanged(
                workspace_id=seen.workspace_id, gpt_id=gpt_id, revision=changed.revision
            )
            await self.gpts.change(seen, changed, *removed_actions(seen, changed), fact)
        return changed
