"""One replica with its use cases about stored calls, over fakes."""

from dataclasses import dataclass, field, replace

from contracts.principal import Scope
from execution_service.domain.stored_call import IdempotencyKey
from execution_service.usecases.continue_after_sign_in import ContinueAfterSignIn
from execution_service.usecases.continue_call import ContinueCall
from execution_service.usecases.deny_calls_of_member import DenyCallsOfMember
from execution_service.usecases.invoke_operation import InvokeOperation
from execution_service.usecases.invoke_stored import InvokeStored, StoredRequest
from execution_service.usecases.postpone_call import PostponeCall
from execution_service.usecases.recover_calls import RecoverCalls
from execution_service.usecases.steps.run_steps import RunSteps
from execution_service.usecases.steps.settle import Settle
from kit.testing import FrozenClock
from services.execution.tests.calling import steps_of
from services.execution.tests.facts import NOON
from services.execution.tests.fakes import (
    MemoryRecords,
    World,
    principal,
    wanted_call,
)
from services.execution.tests.stored import LEASE, MemoryStoredCalls, MemoryWakeUps

KEY = IdempotencyKey("key-1", "body-1")
TOKEN = "0" * 64


@dataclass
class Caller:
    value: object
    outdated: bool = False


@dataclass
class Callers:
    caller: object
    held: object = None
    """Whom the last call has in hand."""

    async def hold_digest(self, digest):
        assert digest == TOKEN
        if isinstance(self.caller, Exception):
            raise self.caller
        self.held = Caller(self.caller)
        return self.held


@dataclass
class Replica:
    """One replica's use cases about stored calls; replicas may share all but the world."""

    world: World
    calls: MemoryStoredCalls = field(default_factory=MemoryStoredCalls)
    records: MemoryRecords = field(default_factory=MemoryRecords)
    wakes: MemoryWakeUps = field(default_factory=MemoryWakeUps)
    clock: FrozenClock = field(default_factory=lambda: FrozenClock(NOON))
    callers: Callers = field(
        default_factory=lambda: Callers(
            replace(principal(), scopes=frozenset({Scope.INVOCATIONS_CREATE}))
        )
    )
    ids: int = 0

    def new_id(self):
        self.ids += 1
        return f"inv_{self.ids}"

    @property
    def invoke(self):
        steps, settle = steps_of(self.world), Settle(self.world)
        once = InvokeOperation(RunSteps(steps), settle, self.new_id)
        prepare = RunSteps(steps[:4])
        return InvokeStored(self.calls, once, prepare, self.wakes, self.new_id, self.clock, LEASE)

    async def ask(self, *, key=None, is_asynchronous=False, **arguments):
        wanted = wanted_call(arguments or {"id": 1}, operation=self.world.operation.tool.name)
        return await self.invoke(StoredRequest(wanted, TOKEN, key, is_asynchronous))

    async def accept(self, **arguments):
        return (await self.ask(is_asynchronous=True, **arguments)).call

    async def go_on(self, call):
        run, settle = RunSteps(steps_of(self.world)), Settle(self.world)
        await ContinueCall(
            self.calls,
            self.callers,
            self.world,
            run,
            settle,
            self.world,
            self.wakes,
            self.clock,
            LEASE,
        )(call)

    async def signed_in(self, member_id="mem_1", action_id="act_1"):
        go_on = ContinueAfterSignIn(self.calls, self.clock)
        await go_on(principal().workspace_id, action_id, member_id)

    async def postpone(self, call):
        await PostponeCall(self.calls, self.wakes, self.clock, LEASE)(call)

    async def deny_calls_of(self, member_id, gone_at=None):
        deny = DenyCallsOfMember(self.calls, self.world, self.wakes, self.clock, LEASE)
        await deny(principal().workspace_id, member_id, gone_at or self.clock())

    async def recover(self):
        return await RecoverCalls(
            self.calls, self.records, self.world, self.wakes, self.clock, LEASE
        )()

    def kept(self, id_="inv_1"):
        return self.calls.kept.get(id_)
