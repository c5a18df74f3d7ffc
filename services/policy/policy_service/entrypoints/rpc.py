from typing import Annotated

from faststream import Context
from faststream.nats import NatsRouter

from contracts.requests import (
    CheckHosts,
    Decide,
    DecideCall,
    Gate,
    HostsChecked,
    ReadSettings,
    Verdict,
    WorkspaceSettings,
)
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


@answers(router, ReadSettings)
async def read_settings(asked: ReadSettings, app: App) -> WorkspaceSettings:
    settings = await app.read_settings(asked.workspace_id)
    return WorkspaceSettings(
        revision=settings.revision,
        custom_actions_enabled=settings.custom_actions_enabled,
        unique_hosts=settings.unique_hosts,
        first_call_asks=settings.first_call_asks,
        tolerant_arguments=settings.tolerant_arguments,
        calls_per_minute=settings.calls_per_minute,
        calls_per_minute_per_member=settings.calls_per_minute_per_member,
        concurrent_calls=settings.concurrent_calls,
    )
