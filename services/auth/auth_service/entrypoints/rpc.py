from typing import Annotated

from faststream import Context
from faststream.nats import NatsRouter

from auth_service.app import AuthApp
from contracts.requests import (
    ActionsChecked,
    CheckActions,
    CredentialDescription,
    DescribeCredential,
    IssueCredential,
    SealedCredential,
)
from kit.consume import answers

router = NatsRouter()
App = Annotated[AuthApp, Context("app")]


@answers(router, IssueCredential)
async def issue_credential(asked: IssueCredential, app: App) -> SealedCredential:
    return await app.issue_credential(asked)


@answers(router, DescribeCredential)
async def describe_credential(asked: DescribeCredential, app: App) -> CredentialDescription:
    return await app.describe_credential(asked)


@answers(router, CheckActions)
async def check_actions(asked: CheckActions, app: App) -> ActionsChecked:
    return await app.check_actions(asked)
