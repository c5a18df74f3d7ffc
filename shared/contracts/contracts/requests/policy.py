from enum import StrEnum

from contracts.ids import ActionId, GptId, MemberId, WorkspaceId
from contracts.request import Reply, Request


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


class Decide(Request[Verdict], name="policy.decide"):
    """May this member make this call?"""

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
