from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial

from fastapi import FastAPI

import execution_service
from contracts.fact import INVOCATIONS_STREAM
from contracts.facts import InvocationFinished, InvocationStarted
from contracts.ids import InvocationId, new_id
from egress import Egress, EgressSettings
from execution_service.adapters.cached_accesses import CachedAccesses
from execution_service.adapters.cached_credentials import CachedCredentials
from execution_service.adapters.cached_operations import CachedOperations
from execution_service.adapters.cached_releases import CachedReleases
from execution_service.adapters.cached_tool_texts import CachedToolTexts
from execution_service.adapters.cached_verdicts import CachedVerdicts
from execution_service.adapters.fact_ledger import FactLedger
from execution_service.adapters.mongo_records import MongoRecords
from execution_service.app import ExecutionApp
from execution_service.entrypoints import http, invoke, tools
from execution_service.entrypoints.capacity import CALLS, WAITS, Capacity
from execution_service.settings import ExecutionSettings
from execution_service.usecases.invoke_operation import InvokeOperation
from execution_service.usecases.list_invocations import ListInvocations
from execution_service.usecases.list_tools import ListTools
from execution_service.usecases.read_invocation import ReadInvocation
from execution_service.usecases.settle_orphans import SettleOrphans
from execution_service.usecases.steps.admit import Admit
from execution_service.usecases.steps.build import Build
from execution_service.usecases.steps.decide import Decide
from execution_service.usecases.steps.gate import Gate
from execution_service.usecases.steps.resolve import Resolve
from execution_service.usecases.steps.send import Send
from execution_service.usecases.steps.settle import Settle
from execution_service.usecases.steps.sign import Sign
from kit.batches import BatchConsumer
from kit.cache import Limits
from kit.leases import Leases
from kit.service import Chassis, Parts, assemble
from kit.shares import BYTES, FairShares
from kit.trim import trim_for_ever
from kit.turns import Turns

SETTLE_EVERY_SECONDS = 30.0
OPERATION_SECONDS = 3_600.0
CREDENTIAL_SECONDS = 60.0


def _capacity(settings: ExecutionSettings) -> Capacity:
    return Capacity(
        calls=FairShares("execution", CALLS, settings.max_in_flight),
        bytes=FairShares("execution", BYTES, settings.max_bytes_in_flight),
        turns=Turns(settings.starts_at_once),
        waits=FairShares("execution", WAITS, settings.max_waits),
    )


def _settling(chassis: Chassis, app: ExecutionApp) -> Callable[[], Awaitable[None]]:
    """One replica at a time: their facts are about the same calls."""
    repeat = Leases(chassis.database).repeat
    every = SETTLE_EVERY_SECONDS
    return partial(repeat, "settle_orphans", lambda _: app.settle_orphans(), every_seconds=every)


def build(settings: ExecutionSettings, egress_settings: EgressSettings) -> FastAPI:
    """Assemble the service; nothing connects until the server starts it."""
    chassis = Chassis("execution", settings)
    bus = chassis.bus
    capacity = _capacity(settings)
    egress = Egress(egress_settings, budget=capacity.bytes)
    ledger = FactLedger(bus)
    kept_for = timedelta(days=settings.keep_days)
    kept = _kept(chassis, settings)
    records = MongoRecords(
        chassis.database, chassis.outbox, kept_for, pages_by_time=settings.pages_by_time
    )
    app = ExecutionApp(
        invoke_operation=_invoke_operation(chassis, settings, egress, ledger, kept),
        read_invocation=ReadInvocation(records, capacity.waits),
        list_invocations=ListInvocations(records),
        list_tools=_list_tools(chassis, settings, egress, kept),
        settle_orphans=SettleOrphans(
            records,
            ledger,
            clock=lambda: datetime.now(UTC),
            orphaned_after=timedelta(seconds=settings.orphaned_after_seconds),
        ),
    )
    recorder = BatchConsumer(
        bus, "recorder", [InvocationStarted, InvocationFinished], records.record
    )

    parts = Parts(
        app=app,
        routes=[http.router, tools.router],
        hot_routes=invoke.hot_routes(app, chassis.verifier, capacity, settings.max_body_bytes),
        repositories=[records],
        batches=[recorder],
        background={
            "late facts": ledger.publish_late_facts,
            "orphans": _settling(chassis, app),
            "trim": partial(trim_for_ever, bus, INVOCATIONS_STREAM),
        },
        on_start=[egress.start],
        on_stop=[egress.close, ledger.close],
    )
    api = assemble(chassis, parts, description=execution_service.__doc__)
    invoke.describe(api)
    return api


@dataclass(frozen=True, slots=True)
class _Kept:
    """What calls and lists of tools are both made of."""

    releases: CachedReleases
    accesses: CachedAccesses
    credentials: CachedCredentials


def _kept(chassis: Chassis, settings: ExecutionSettings) -> _Kept:
    bus, watch, most = chassis.bus, chassis.watch, settings.max_cached_bytes
    by_gpt = Limits(settings.max_cached_verdicts, most, OPERATION_SECONDS)
    by_action = Limits(settings.max_cached_credentials, most, CREDENTIAL_SECONDS)
    return _Kept(
        CachedReleases(bus, watch, by_gpt),
        CachedAccesses(bus, watch, by_gpt),
        CachedCredentials(bus, watch, by_action),
    )


def _list_tools(
    chassis: Chassis, settings: ExecutionSettings, egress: Egress, kept: _Kept
) -> ListTools:
    most = Limits(settings.max_cached_operations, settings.max_cached_bytes, OPERATION_SECONDS)
    texts = CachedToolTexts(chassis.bus, chassis.watch, egress.settings, most)
    return ListTools(kept.accesses, kept.releases, texts, kept.credentials)


def _invoke_operation(
    chassis: Chassis,
    settings: ExecutionSettings,
    egress: Egress,
    ledger: FactLedger,
    kept: _Kept,
) -> InvokeOperation:
    bus, watch = chassis.bus, chassis.watch
    most = settings.max_cached_bytes
    verdicts = Limits(settings.max_cached_verdicts, most, settings.verdict_seconds)
    compiled = Limits(
        settings.max_cached_operations, settings.max_cached_operation_bytes, OPERATION_SECONDS
    )
    operations = CachedOperations(bus, watch, kept.releases, egress.settings, compiled)
    decided = CachedVerdicts(bus, watch, verdicts)
    return InvokeOperation(
        steps=(
            Resolve(operations),
            Gate(kept.accesses, decided),
            Admit(kept.credentials),
            Decide(decided),
            Sign(kept.credentials),
            Build(settings.max_answer_bytes),
            Send(egress, ledger),
        ),
        settle=Settle(ledger),
        new_id=lambda: InvocationId(new_id("inv")),
    )
