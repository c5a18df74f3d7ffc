"""What execution needs of the world."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from contracts.access import GptAccess
from contracts.fact import Fact
from contracts.facts import InvocationFinished, InvocationStarted
from contracts.ids import GptId, InvocationId, MemberId, WorkspaceId
from contracts.requests import Stage, Verdict
from egress import OutboundRequest, OutboundResponse
from execution_service.domain.admission import ReservedNames
from execution_service.domain.call import CallableOperation
from execution_service.domain.credential import Credential, CredentialDescription
from execution_service.domain.invocation import InvocationRecord, WantedCall
from execution_service.domain.release import Release, Tool
from execution_service.domain.tool_text import LeftOut, ToolText, Wording
from execution_service.domain.voidable import Voidable


class Operations(Protocol):
    async def find(self, wanted: WantedCall) -> Voidable[CallableOperation]:
        """The operation as the release of that stage offers it, void once that is replaced.

        `OperationNotFound` for what is unknown, foreign, unpublished or not chosen.
        """
        ...


class Releases(Protocol):
    async def read(self, workspace_id: WorkspaceId, gpt_id: GptId, stage: Stage) -> Release:
        """`GptNotFound` for what is unknown, foreign or unpublished."""
        ...


class ToolTexts(Protocol):
    async def find(
        self, workspace_id: WorkspaceId, tool: Tool, wording: Wording
    ) -> ToolText | LeftOut:
        """What a model is given of a tool of that workspace's GPT.

        Left out: what egress does not let through, and what no arguments could make a request of.
        Not found: what the schema does not have.
        """
        ...


class Accesses(Protocol):
    async def find(self, workspace_id: WorkspaceId, gpt_id: GptId) -> Voidable[GptAccess]:
        """Who may use the GPT. `OperationNotFound` for what is unknown or foreign."""
        ...


class Verdicts(Protocol):
    async def gate(self, wanted: WantedCall, operation: CallableOperation) -> Voidable[Verdict]:
        """Without the arguments; *ask* leaves the question to `decide`."""
        ...

    async def decide(
        self, wanted: WantedCall, operation: CallableOperation, arguments_hash: str
    ) -> Verdict:
        """About exactly this call; never kept."""
        ...


class Credentials(Protocol):
    async def describe(
        self, wanted: WantedCall, operation: CallableOperation
    ) -> CredentialDescription:
        """Where the credential goes for this operation's origin, without the credential."""
        ...

    async def places(
        self, gpt_workspace_id: WorkspaceId, workspace_id: WorkspaceId, tool: Tool, origin: str
    ) -> ReservedNames:
        """Where it goes in calls of that workspace, as `describe` says."""
        ...

    async def issue(
        self, wanted: WantedCall, operation: CallableOperation
    ) -> Voidable[Credential]: ...


class Outbound(Protocol):
    async def send(self, request: OutboundRequest) -> OutboundResponse:
        """`egress.EgressError` where there is no answer; its `sent` says what may have happened.

        `egress.Withdrawn` where the request's own check said no before its first byte.
        """
        ...


class Ledger(Protocol):
    """Where facts about calls go."""

    async def before(self, started: InvocationStarted) -> None:
        """Returns once the fact is durable; *unavailable* where it is not: then do not send."""
        ...

    async def after(self, finished: InvocationFinished) -> None:
        """Returns soon; what cannot be published now is kept and retried."""
        ...

    async def after_change(self, finished: InvocationFinished) -> None:
        """Returns once the fact is durable, or kept and retried where that is impossible now."""
        ...

    async def after_interruption(self, finished: InvocationFinished) -> None:
        """The same fact may be published by several replicas; the next settling tries again."""
        ...


class InvocationRecords(Protocol):
    async def record(self, facts: Sequence[Fact]) -> None:
        """Write a batch of started and finished facts; harmless when repeated or out of order."""
        ...

    async def find(
        self, workspace_id: WorkspaceId, invocation_id: InvocationId
    ) -> InvocationRecord | None: ...

    async def page(
        self,
        workspace_id: WorkspaceId,
        limit: int,
        after: str | None,
        member_id: MemberId | None = None,
    ) -> list[InvocationRecord]:
        """Up to `limit + 1`, newest first; one member's, or all."""
        ...

    async def orphans(self, started_before: datetime, limit: int) -> list[InvocationRecord]:
        """Calls that were started before then and never finished, in any workspace."""
        ...
