from dataclasses import dataclass

from catalog_service.domain.gpt import Gpt
from catalog_service.ports import GptStore, VersionStore
from catalog_service.usecases.forget_versions import forget_what_a_removal_missed
from catalog_service.usecases.open_gpt import OpenGpt, expect
from contracts.access import Verb
from contracts.facts import GptAccessChanged
from contracts.ids import GptId
from contracts.principal import Principal
from kit.contention import repeats_on_contention
from kit.documents import ChangedMeanwhile


@dataclass(frozen=True, slots=True)
class UnpublishGpt:
    """No call uses the GPT from now on; its versions are kept, and the next one counts on.

    Unpublishing what is not published succeeds, whatever revision was expected, once that is in
    force.
    """

    gpts: GptStore
    versions: VersionStore

    @repeats_on_contention
    async def __call__(self, principal: Principal, gpt_id: GptId, at_revision: int | None) -> Gpt:
        seen = await OpenGpt(self.gpts)(principal, Verb.PUBLISH, gpt_id)
        workspace_id = seen.workspace_id
        changed = seen.unpublished()
        if changed is seen:
            await self.gpts.ensure_in_force(workspace_id, gpt_id)
            return seen
        expect(seen, at_revision)
        await self.versions.keep(workspace_id, seen.in_use)
        fact = GptAccessChanged(workspace_id=workspace_id, gpt_id=gpt_id, revision=changed.revision)
        try:
            await self.gpts.change(seen, changed, fact)
        except ChangedMeanwhile:
            await forget_what_a_removal_missed(self.gpts, self.versions, workspace_id, gpt_id)
            raise
        return changed
