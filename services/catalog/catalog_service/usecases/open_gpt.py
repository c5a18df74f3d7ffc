from dataclasses import dataclass

from catalog_service.domain.access import ensure_may
from catalog_service.domain.gpt import Gpt
from catalog_service.ports import GptStore
from contracts.access import Verb
from contracts.ids import GptId
from contracts.principal import Principal
from kit.documents import ChangedMeanwhile


@dataclass(frozen=True, slots=True)
class OpenGpt:
    """The GPT as it is now, for somebody who may do that with it: what every other use case begins
    with.

    Raises `GptNotFound` and refusals of access before `ChangedMeanwhile`: whoever may not see a GPT
    is not answered that it changed.
    """

    gpts: GptStore

    async def __call__(
        self,
        principal: Principal,
        verb: Verb,
        gpt_id: GptId,
        at_revision: int | None = None,
    ) -> Gpt:
        gpt = await self.gpts.read(principal.workspace_id, gpt_id)
        ensure_may(principal, verb, gpt)
        expect(gpt, at_revision)
        return gpt


def expect(gpt: Gpt, at_revision: int | None) -> None:
    """Raises `ChangedMeanwhile` where it is no longer at that revision; None is any."""
    if at_revision not in (None, gpt.revision):
        raise ChangedMeanwhile
