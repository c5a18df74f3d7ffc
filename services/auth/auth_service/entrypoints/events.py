from typing import Annotated

from faststream import Context
from faststream.nats import NatsRouter

from auth_service.app import AuthApp
from contracts.facts import ActionRemoved, CredentialChanged, MemberChanged
from kit.consume import listens

router = NatsRouter()
listened = (ActionRemoved, CredentialChanged, MemberChanged)
App = Annotated[AuthApp, Context("app")]


@listens(router, ActionRemoved, service="auth")
async def destroy_credential(removed: ActionRemoved, app: App) -> None:
    await app.destroy_credential(removed)


@listens(router, CredentialChanged, service="auth")
async def outdate_connections(changed: CredentialChanged, app: App) -> None:
    """What an action's settings no longer take is destroyed, also where nobody calls it."""
    await app.outdate_connections(changed.workspace_id, changed.action_id)


@listens(router, MemberChanged, service="auth")
async def end_of_member(changed: MemberChanged, app: App) -> None:
    if changed.role is None:
        await app.end_of_member(changed.workspace_id, changed.member_id)
