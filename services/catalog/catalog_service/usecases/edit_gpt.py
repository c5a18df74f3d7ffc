from dataclasses import asdict, dataclass, replace

from catalog_service.domain.gpt import Gpt
from catalog_service.ports import GptStore
from catalog_service.usecases.open_gpt import OpenGpt
from contracts.access import Verb
from contracts.facts import GptChanged
from contracts.ids import GptId
from contracts.principal import Principal
from kit.contention import repeats_on_contention


@dataclass(frozen=True, slots=True)
class Edit:
    """New words for a draft; None leaves what is there."""

    name: str | None = None
    description: str | None = None
    instructions: str | None = None
    starters: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class EditGpt:
    """Change a draft's words; an edit that changes nothing states nothing."""

    gpts: GptStore

    @repeats_on_contention
    async def __call__(
        self, principal: Principal, gpt_id: GptId, edit: Edit, at_revision: int | None
    ) -> Gpt:
        seen = await OpenGpt(self.gpts)(principal, Verb.EDIT, gpt_id, at_revision)
        words = {member: text for member, text in asdict(edit).items() if text is not None}
        changed = seen.redrafted(replace(seen.draft, **words))
        if changed is not seen:
            fact = GptChanged(
                workspace_id=seen.workspace_id, gpt_id=gpt_id, revision=changed.revision
            )
            await self.gpts.change(seen, changed, fact)
        return changed
