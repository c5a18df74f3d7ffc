from typing import Annotated

from faststream import Context
from faststream.nats import NatsRouter

from contracts.facts import MemberChanged
from identity_service.app import IdentityApp
from kit.consume import listens

router = NatsRouter()
App = Annotated[IdentityApp, Context("app")]
listened = (MemberChanged,)


@listens(router, MemberChanged, service="identity")
async def let_a_removed_member_in_nowhere(changed: MemberChanged, app: App) -> None:
    """Whoever removed them, or switched them off, does it too, unless they crashed meanwhile.

    Tokens of one who is switched off stay: they are refused until somebody switches them on.
    """
    if changed.role is not None:
        return
    await app.end_sessions_of_member(changed.workspace_id, changed.member_id)
    if changed.active:
        await app.revoke_tokens_of_member(changed.workspace_id, changed.member_id)
