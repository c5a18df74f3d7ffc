from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial

from fastapi import FastAPI

import execution_service
from contracts.fact import INVOCATIONS_STREAM
from contracts.facts import InvocationFinished, InvocationStarted
from contracts.ids import InvocationId, new_id
from egress import Egress, EgressSettings, OperatorEgress
from execution_service.adapters.cached_accesses import CachedAccesses
from execution_service.adapters.cached_credentials import CachedCredentials
from execution_service.adapters.cached_operations import CachedOperations
from execution_service.adapters.cached_quotas import CachedQuotas
from execution_service.adapters.cached_releases import CachedReleases
from execution_service.adapters.cached_tool_texts import CachedToolTexts
from execution_service.adapters.cached_verdicts import CachedVerdicts
from execution_service.adapters.fact_ledger import FactLedger
from execution_service.adapters.mongo_records import MongoRecords
from execution_service.adapters.mongo_stored_calls import MongoStoredCalls
from execution_service.adapters.operation_texts import OperationTexts
from execution_service.app import ExecutionApp
from execution_service.entrypoints import events, http, invoke, rpc, tools
from execution_service.entrypoints.call_limits import CallLimits
from execution_service.entrypoints.capacity import ACCEPTED, CALLS, WAITS, Capacity
from execution_service.entrypoints.continued_calls import ContinuedCalls
from execution_service.settings import ExecutionSettings
from execution_service.usecases.continue_after_sign_in import ContinueAfterSignIn
from execution_service.usecases.continue_call import ContinueCall
from execution_service.usecases.count_invocations import CountInvocations
from execution_service.usecases.deny_calls_of_member import DenyCallsOfMember
from execution_service.usecases.invoke_operation import InvokeOperation
from execution_service.usecases.invoke_stored import InvokeStored
from execution_service.usecases.list_invocations import ListInvocations
from execution_service.usecases.list_tools import ListTools
from execution_service.usecases.postpone_call import PostponeCall
from execution_service.usecases.read_invocation import ReadInvocation
from execution_service.usecases.recover_calls import RecoverCalls
from execution_service.usecases.settle_orphans import SettleOrphans
from execution_service.usecases.steps.admit import Admit
from execution_service.usecases.steps.build import Build
from execution_service.usecases.steps.decide import Decide
from execution_service.usecases.steps.gate import Gate
from execution_service.usecases.steps.resolve import Resolve
from execution_service.usecases.steps.run_steps import RunSteps, Step
from execution_service.usecases.steps.send import Send
from execution_service.usecases.steps.send_signed import SendSigned
from execution_service.usecases.steps.settle import Settle
from execution_service.usecases.steps.sign import Sign
from execution_service.usecases.try_operation import TryOperation
from kit.batches import BatchConsumer
from kit.blob_sweep import BlobSweep
from kit.blobs import HANDOVER
from kit.broker_time import BrokerTime
from kit.cache import Limits
from kit.counters import JetStreamCounter
from kit.handover import Handover
from kit.leases import Leases
from kit.obstore_blobs import ObstoreBlobs
from kit.rate_limits import RateLimits
from kit.service import Chassis, Components, assemble
from kit.service_keys import ServiceKeys, Stored, service_keys
from kit.shares import BYTES, FairShares
from kit.trim import trim_for_ever
from kit.turns import Turns
from kit.wake_ups import WakeUps

SETTLE_EVERY_SECONDS = 30.0
OPERATION_SECONDS = 3_600.0
CREDENTIAL_SECONDS = 60.0
QUOTA_SECONDS = 60.0
"""No fact says that the operator's limit changed."""


def _capacity(settings: ExecutionSettings) -> Capacity:
    return Capacity(
        calls=FairShares("execution", CALLS, settings.max_in_flight),
        bytes=FairShares("execution", BYTES, settings.max_bytes_in_flight),
        turns=Turns(settings.starts_at_once),
        waits=FairShares("execution", WAITS, settings.max_waits),
        accepted=FairShares("execution", ACCEPTED, settings.max_accepted),
    )


def _quotas(chassis: Chassis, settings: ExecutionSettings) -> CachedQuotas:
    """As many as verdicts: a workspace that calls has at least one of these."""
    most = Limits(settings.max_cached_verdicts, settings.max_cached_bytes, QUOTA_SECONDS)
    return CachedQuotas(chassis.bus, chassis.watch, most)


def _settling(chassis: Chassis, app: ExecutionApp) -> Callable[[], Awaitable[None]]:
    """One replica at a time: their facts are about the same calls."""
    repeat = Leases(chassis.database).repeat
    every = SETTLE_EVERY_SECONDS
    return partial(repeat, "settle_orphans", lambda _: app.settle_orphans(), every_seconds=every)


@dataclass(frozen=True, slots=True)
class _Adapters:
    """What calls and lists of tools are both made of."""

    egress: Egress
    ledger: FactLedger
    records: MongoRecords
    calls: MongoStoredCalls
    releases: CachedReleases
    accesses: CachedAccesses
    credentials: CachedCredentials
    sources: OperationTexts
    sealing: ServiceKeys


def build(settings: ExecutionSettings, egress_settings: EgressSettings) -> FastAPI:
    """Assemble the service; nothing connects until the server starts it."""
    chassis = Chassis("execution", settings)
    bus, capacity = chassis.bus, _capacity(settings)
    egress = Egress(egress_settings, budget=capacity.bytes)
    blobs = ObstoreBlobs(settings.blobs)
    sources = OperationTexts(bus, Handover(blobs, shares=capacity.bytes))
    adapters = _adapters(chassis, settings, egress, sources)
    ledger, records, sealing = adapters.ledger, adapters.records, adapters.sealing
    app = _app(chassis, settings, capacity, adapters)
    counter, clock = JetStreamCounter(bus), BrokerTime()
    rates = RateLimits("execution", counter, clock)
    limits = CallLimits(_quotas(chassis, settings), rates, capacity.calls)
    continued = ContinuedCalls(app, capacity, limits)
    recorder = BatchConsumer(
        bus, "recorder", [InvocationStarted, InvocationFinished], records.record
    )

    components = Components(
        app=app,
        routes=[http.router, tools.router],
        hot_routes=invoke.hot_routes(
            app, chassis.verifier, capacity, continued, limits, settings.max_body_bytes
        ),
        consumers=[events.router, rpc.router_of(app, chassis.verifier, capacity, limits)],
        listened=events.listened,
        repositories=[sealing.store, records, adapters.calls],
        blobs=BlobSweep("execution", blobs, (HANDOVER,)),
        batches=[recorder],
        background={
            "late facts": ledger.publish_late_facts,
            "orphans": _settling(chassis, app),
            "stored calls": continued.recover_for_ever,
            "trim": partial(trim_for_ever, bus, INVOCATIONS_STREAM),
            "broker time": partial(clock.follow, bus),
            "rate limits": rates.run,
            "workspace keys": sealing.renew_for_ever,
        },
        on_start=[egress.start, sealing.start, rates.look],
        on_stop=[egress.close, sealing.close, ledger.close, rates.close, continued.close],
    )
    api = assemble(chassis, components, description=execution_service.__doc__)
    invoke.describe(api)
    return api


def _adapters(
    chassis: Chassis, settings: ExecutionSettings, egress: Egress, sources: OperationTexts
) -> _Adapters:
    bus, watch, most = chassis.bus, chassis.watch, settings.max_cached_bytes
    by_gpt = Limits(settings.max_cached_verdicts, most, OPERATION_SECONDS)
    by_action = Limits(settings.max_cached_credentials, most, CREDENTIAL_SECONDS)
    stored = Stored(chassis.service, chassis.database, chassis.outbox)
    sealing = service_keys(stored, settings.keys, settings.key_services, OperatorEgress)
    return _Adapters(
        egress=egress,
        ledger=FactLedger(bus),
        records=MongoRecords(
            chassis.database,
            chassis.outbox,
            timedelta(days=settings.keep_days),
            pages_by_time=settings.pages_by_time,
        ),
        calls=MongoStoredCalls(
            chassis.database,
            chassis.outbox,
            sealing.ring,
            max_of_workspace=settings.max_stored_calls,
        ),
        releases=CachedReleases(bus, watch, by_gpt),
        accesses=CachedAccesses(bus, watch, by_gpt),
        credentials=CachedCredentials(bus, watch, by_action),
        sources=sources,
        sealing=sealing,
    )


def _app(
    chassis: Chassis, settings: ExecutionSettings, capacity: Capacity, adapters: _Adapters
) -> ExecutionApp:
    records, calls, ledger = adapters.records, adapters.calls, adapters.ledger
    steps = _steps(chassis, settings, adapters)
    run, prepare = RunSteps(steps), RunSteps(steps[:CHECKS])
    settle, wakes, verifier = Settle(ledger), WakeUps(chassis.bus), chassis.verifier
    lease = timedelta(seconds=settings.orphaned_after_seconds)
    invoke_operation = InvokeOperation(run, settle, _new_id)
    return ExecutionApp(
        invoke_operation=invoke_operation,
        invoke_stored=InvokeStored(calls, invoke_operation, prepare, wakes, _new_id, _now, lease),
        continue_call=ContinueCall(
            calls, verifier, adapters.credentials, run, settle, ledger, wakes, _now, lease
        ),
        continue_after_sign_in=ContinueAfterSignIn(calls, _now),
        postpone_call=PostponeCall(calls, wakes, _now, lease),
        deny_calls_of_member=DenyCallsOfMember(calls, ledger, wakes, _now, lease),
        recover_calls=RecoverCalls(calls, records, ledger, wakes, _now, lease),
        read_invocation=ReadInvocation(records, calls, wakes, capacity.waits),
        list_invocations=ListInvocations(records),
        count_invocations=CountInvocations(records, _now),
        list_tools=_list_tools(chassis, settings, adapters),
        settle_orphans=SettleOrphans(records, ledger, clock=_now, orphaned_after=lease),
        try_operation=TryOperation(
            adapters.accesses,
            adapters.releases,
            RunSteps(steps[:1]),
            RunSteps(steps[2:3]),
            invoke_operation,
            _new_id,
        ),
    )


def _new_id() -> InvocationId:
    return InvocationId(new_id("inv"))


def _now() -> datetime:
    return datetime.now(UTC)


def _list_tools(chassis: Chassis, settings: ExecutionSettings, adapters: _Adapters) -> ListTools:
    most = Limits(settings.max_cached_operations, settings.max_cached_bytes, OPERATION_SECONDS)
    texts = CachedToolTexts(adapters.sources, chassis.watch, adapters.egress.settings, most)
    return ListTools(adapters.accesses, adapters.releases, texts, adapters.credentials)


CHECKS = 4
"""Resolve, gate, admit, decide: what an asynchronous call must pass before it is accepted."""


def _steps(chassis: Chassis, settings: ExecutionSettings, adapters: _Adapters) -> tuple[Step, ...]:
    bus, watch, egress = chassis.bus, chassis.watch, adapters.egress
    verdicts = Limits(
        settings.max_cached_verdicts, settings.max_cached_bytes, settings.verdict_seconds
    )
    compiled = Limits(
        settings.max_cached_operations, settings.max_cached_operation_bytes, OPERATION_SECONDS
    )
    sources, releases = adapters.sources, adapters.releases
    operations = CachedOperations(sources, watch, releases, egress.settings, compiled)
    decided = CachedVerdicts(bus, watch, verdicts)
    build = Build(settings.max_answer_bytes)
    return (
        Resolve(adapters.accesses, operations),
        Gate(decided),
        Admit(adapters.credentials),
        Decide(decided),
        Sign(adapters.credentials),
        build,
        SendSigned(adapters.credentials, build, Send(egress, adapters.ledger)),
    )
