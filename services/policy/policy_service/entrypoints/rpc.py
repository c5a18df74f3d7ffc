from typing import Annotated

from faststream import Context
from faststream.nats import NatsRouter

from contracts.requests import CheckHosts, Decide, DecideCall, Gate, HostsChecked, Verdict
from kit.consume import answers
from policy_service.app import PolicyApp

router = NatsRouter()
App = Annotated[PolicyApp, Context("app")]


@answers(router, Gate)
async def gate(asked: Gate, app: App) -> Verdict:
    return await app.decide_invocation(asked)


@answers(router, DecideCall)
async def decide_call(asked: DecideCall, app: App) -> Verdict:
    return await app.decide_invocation(asked)


@answers(router, Decide)
async def decide_invocation(asked: Decide, app: App) -> Verdict:
    return await app.decide_invocation(asked)


@answers(router, CheckHosts)
async def check_hosts(asked: CheckHosts, app: App) -> HostsChecked:
    return await app.check_hosts(asked)
