from typing import Annotated

from faststream import Context
from faststream.nats import NatsRouter

from contracts.facts import ConnectionLinked, MemberChanged
from execution_service.app import ExecutionApp
from kit.consume import listens

router = NatsRouter()
App = Annotated[ExecutionApp, Context("app")]
listened = (MemberChanged, ConnectionLinked)


@listens(router, MemberChanged, service="execution")
async def deny_calls_of_a_member_who_is_gone(changed: MemberChanged, app: App) -> None:
    """Removed, or switched off: what they asked for and what waits is not sent."""
    if changed.role is None:
        await app.deny_calls_of_member(changed.workspace_id, changed.member_id, changed.time)


@listens(router, ConnectionLinked, service="execution")
async def continue_calls_that_wait_for_a_sign_in(linked: ConnectionLinked, app: App) -> None:
    await app.continue_after_sign_in(linked.workspace_id, linked.action_id, linked.member_id)
