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
async def let_nobody_in_who_may_not(changed: MemberChanged, app: App) -> None:
    """Whoever removed a member, or switched one off, does it too, unless they crashed meanwhile.

    Tokens of one who is switched off stay: they are refused until somebody switches them on. With
    any change another owner may be the one whom an enforced sign-on excepts.
    """
    whom = (changed.workspace_id, changed.member_id)
    if changed.role is None:
        await app.end_sessions_of_member.with_lent(*whom)
        if changed.active:
            await app.revoke_tokens_of_member(*whom)
    await app.end_unwanted_sessions.since_changed(*whom)
