from contracts.facts import Outcome
from contracts.ids import ActionId, GptId, InvocationId
from contracts.request import Reply, Request


class OperationTried(Reply):
    """How the call ended; without what the API answered with."""

    invocation_id: InvocationId
    operation: str
    """The tool's name."""
    outcome: Outcome
    status: int | None = None
    """The API's (RFC 9110, 15); None where it did not answer."""
    code: str = ""
    """Why there is no usable answer; empty where there is one."""
    sentence: str = ""
    hint: str = ""


class TryOperation(Request[OperationTried], name="execution.try_operation", repeatable=False):
    """Call an operation of an action's draft that reads and needs no arguments, to see whether the
    action's credential is accepted.

    It is a call as any other: access, policy, quotas and the audit trail are the caller's.
    Operations that may change something are refused (`execution.test_changes_something`).
    `execution.nothing_to_try` where the draft has no operation that could be called.
    """

    caller: str
    """The digest of the caller's token, or what else `kit.caller.lasting_key` says: execution asks
    identity by it who calls, and what they may."""
    gpt_id: GptId
    action_id: ActionId
    operation: str | None = None
    """By the tool's or the operation's name; None for the first that can be called."""
