from contracts.access import NOT_FOUND, GptAccess, Permitted, Refused, Verb, may
from contracts.ids import GptId, WorkspaceId
from contracts.principal import Principal
from execution_service.domain.voidable import Voidable
from execution_service.ports import Accesses


async def find_access(
    accesses: Accesses, principal: Principal, verb: Verb, workspace_id: WorkspaceId, gpt_id: GptId
) -> tuple[Voidable[GptAccess], Permitted | Refused]:
    """Who may use the GPT, and whether this principal may. `OperationNotFound` where there is none.

    Where the principal may not see the GPT, catalog is asked before that is refused, as it is about
    an unknown id: the time a refusal takes must not depend on whether the GPT exists.
    """
    access = await accesses.find(workspace_id, gpt_id)
    allowed = may(principal, verb, access.value)
    if allowed is NOT_FOUND:
        access = await accesses.find_anew(workspace_id, gpt_id)
        allowed = may(principal, verb, access.value)
    return access, allowed
