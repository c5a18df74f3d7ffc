from typing import Annotated

from faststream import Context
from faststream.nats import NatsRouter

from auth_service.app import AuthApp
from contracts.requests import IssueCredential, SealedCredential
from kit.consume import answers

router = NatsRouter()
App = Annotated[AuthApp, Context("app")]


@answers(router, IssueCredential)
async def issue_credential(asked: IssueCredential, app: App) -> SealedCredential:
    return await app.issue_credential(asked)
