from typing import Annotated

from faststream import Context
from faststream.nats import NatsRouter

from auth_service.app import AuthApp
from contracts.facts import ActionRemoved
from kit.consume import listens

router = NatsRouter()
listened = (ActionRemoved,)
App = Annotated[AuthApp, Context("app")]


@listens(router, ActionRemoved, service="auth")
async def destroy_credential(removed: ActionRemoved, app: App) -> None:
    await app.destroy_credential(removed)
