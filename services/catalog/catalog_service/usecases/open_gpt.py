from catalog_service.domain.access import ensure_may
from catalog_service.domain.gpt import Gpt
from catalog_service.ports import GptStore
from contracts.access import Verb
from contracts.ids import GptId
from contracts.principal import Principal
from kit.documents import ChangedMeanwhile


async def open_gpt(
    gpts: GptStore,
    principal: Principal,
    verb: Verb,
    gpt_id: GptId,
    at_revision: int | None = None,
) -> Gpt:
    """The GPT as it is now, for somebody who may do that with it.

    Raises `GptNotFound` and refusals of access before `ChangedMeanwhile`: whoever may not see a GPT
    does not learn that it changed.
    """
    gpt = await gpts.read(principal.workspace_id, gpt_id)
    ensure_may(principal, verb, gpt)
    expect(gpt, at_revision)
    return gpt


def expect(gpt: Gpt, at_revision: int | None) -> None:
    """Raises `ChangedMeanwhile` where it is no longer at that revision; None is any."""
    if at_revision not in (None, gpt.revision):
        raise ChangedMeanwhile
