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
    """Whoever removed them does it too, unless they crashed meanwhile."""
    if changed.role is None:
        await app.end_sessions_of_member(changed.workspace_id, changed.member_id)
        await app.revoke_tokens_of_member(changed.workspace_id, changed.member_id)
