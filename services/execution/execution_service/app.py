from dataclasses import dataclass

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
from execution_service.usecases.try_operation import TryOperation


@dataclass(frozen=True, slots=True)
class ExecutionApp:
    """Everything that execution can do."""

    invoke_operation: InvokeOperation
    invoke_stored: InvokeStored
    continue_call: ContinueCall
    continue_after_sign_in: ContinueAfterSignIn
    postpone_call: PostponeCall
    deny_calls_of_member: DenyCallsOfMember
    recover_calls: RecoverCalls
    read_invocation: ReadInvocation
    list_invocations: ListInvocations
    count_invocations: CountInvocations
    list_tools: ListTools
    settle_orphans: SettleOrphans
    try_operation: TryOperation
