from enum import StrEnum

from contracts.ids import ActionId, GptId, MemberId, WorkspaceId
from contracts.principal import Role
from contracts.request import Reply, Request

CALLS_PER_MINUTE = 6_000
CALLS_PER_MINUTE_PER_MEMBER = 1_200
"""Quotas of a workspace that changed nothing."""


class Answer(StrEnum):
    ALLOW = "allow"
    ASK = "ask"
    DENY = "deny"


class Verdict(Reply):
    """One decision about one call, with the reason that reaches caller, log and audit alike."""

    answer: Answer
    code: str
    sentence: str
    hint: str = ""
    rule: str | None = None
    """What decided, in the words of the rules, such as `domains: example.com`."""
    revision: int
    tolerant_arguments: bool = True
    """Whether the workspace has arguments taken for what they unambiguously mean."""


class AboutCall(Request[Verdict]):
    """What both questions about a call name: who calls what, without the arguments."""

    workspace_id: WorkspaceId
    """The principal's."""
    gpt_workspace_id: WorkspaceId
    member_id: MemberId
    role: Role
    gpt_id: GptId
    action_id: ActionId
    operation: str
    """Its name in the action's schema."""
    method: str
    host: str
    consequential: bool


class Gate(AboutCall, name="policy.gate"):
    """May this principal make such a call, whatever its arguments?

    *Ask* leaves the question to `policy.decide`, which gets them. The answer holds until a fact of
    policy's says that rules changed.
    """


class DecideCall(AboutCall, name="policy.decide", version=2):
    """May this principal make exactly this call? Asked where the gate answered *ask*; the answer is
    about this one call, and is not kept.
    """

    arguments_hash: str
    """SHA-256 (hex) of the canonical arguments."""
    consent_digest: str
    """What a person's consent is bound to (`contracts.operation.Operation.consent_digest`)."""


class Decide(Request[Verdict], name="policy.decide"):
    """What replicas of the release before ask: the gate and the decision in one."""

    workspace_id: WorkspaceId
    member_id: MemberId
    gpt_id: GptId
    action_id: ActionId
    operation: str
    method: str
    host: str
    consequential: bool


class HostRefusal(Reply):
    host: str
    code: str
    sentence: str
    hint: str = ""


class HostsChecked(Reply):
    refusals: tuple[HostRefusal, ...] = ()


class CheckHosts(Request[HostsChecked], name="policy.check_hosts"):
    """Which of these hosts may the workspace not call, and why?"""

    workspace_id: WorkspaceId
    hosts: tuple[str, ...]


class WorkspaceSettings(Reply):
    """A workspace's switches; the defaults, with revision 0, where nobody changed them."""

    revision: int
    custom_actions_enabled: bool
    unique_hosts: bool
    """No two actions of a GPT may call the same host."""
    first_call_asks: bool
    """A user is asked before their first call to an action, consequential or not."""
    tolerant_arguments: bool = True
    """Arguments of calls are taken for what they unambiguously mean."""
    calls_per_minute: int | None = CALLS_PER_MINUTE
    """What all members together may call; None: no quota."""
    calls_per_minute_per_member: int | None = CALLS_PER_MINUTE_PER_MEMBER
    concurrent_calls: int | None = None
    """Calls under way at once in each replica; None: the fair share of the replica alone."""


class ReadSettings(Request[WorkspaceSettings], name="policy.read_settings"):
    """The workspace's switches, which `settings.changed` voids."""

    workspace_id: WorkspaceId
