"""What execution needs of the world."""

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Protocol

from contracts.access import GptAccess
from contracts.fact import Fact
from contracts.facts import InvocationFinished, InvocationStarted
from contracts.ids import ActionId, GptId, InvocationId, MemberId, WorkspaceId
from contracts.principal import Principal
from contracts.requests import Stage, Verdict
from egress import OutboundRequest, StreamedAnswer
from execution_service.domain.admission import ReservedNames
from execution_service.domain.call import CallableOperation
from execution_service.domain.call_quotas import CallQuotas
from execution_service.domain.credential import Credential, CredentialDescription
from execution_service.domain.invocation import (
    EVERY_RECORD,
    CountedCalls,
    InvocationRecord,
    WantedCall,
    WantedRecords,
)
from execution_service.domain.release import Release, Tool
from execution_service.domain.stored_call import StoredCall
from execution_service.domain.tool_text import LeftOut, ToolText, Wording
from execution_service.domain.voidable import Voidable


class Operations(Protocol):
    async def find(
        self, wanted: WantedCall, pinned: Tool | None = None
    ) -> Voidable[CallableOperation]:
        """The operation as the release of that stage offers it, void once that is replaced.

        With a tool pinned, that one's, as long as the release of that stage has its action.
        `OperationNotFound` for what is unknown, foreign, unpublished or not chosen.
        """
        ...


class Quotas(Protocol):
    async def find(self, workspace_id: WorkspaceId) -> CallQuotas:
        """As the workspace's settings are; in force within a second of a change."""
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

        Left out: what egress refuses, and what no arguments could make a request of.
        Not found: what the schema does not have.
        """
        ...


class Accesses(Protocol):
    async def find(self, workspace_id: WorkspaceId, gpt_id: GptId) -> Voidable[GptAccess]:
        """Who may use the GPT. `OperationNotFound` for what is unknown or foreign."""
        ...

    async def find_anew(self, workspace_id: WorkspaceId, gpt_id: GptId) -> Voidable[GptAccess]:
        """Read from catalog now, as for each unknown GPT: a refusal that took less time would
        disclose that there is one.
        """
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
        self, wanted: WantedCall, operation: CallableOperation, described: CredentialDescription
    ) -> Voidable[Credential]:
        """`SignInRequired` where it is the member's own and they have none; that is never kept."""
        ...

    async def renew(
        self, wanted: WantedCall, operation: CallableOperation, rejected: Credential
    ) -> Voidable[Credential]:
        """The one in whose place the API refused `rejected`, an access token, with 401. Of the same
        generation where there is no newer one. `SignInRequired` as above.
        """
        ...

    async def is_signed_in(self, wanted: WantedCall, operation: CallableOperation) -> bool:
        """Whether `issue` would not refuse with `SignInRequired`; asked now, whatever is kept or on
        its way.
        """
        ...


class Outbound(Protocol):
    def stream(self, request: OutboundRequest) -> AbstractAsyncContextManager[StreamedAnswer]:
        """An answer with its head, whose body is read as it is asked for.

        `egress.EgressError` where there is none, or it breaks off; its `sent` says what may have
        happened. `egress.Withdrawn` where the request's own check said no before its first byte.
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
        wanted: WantedRecords = EVERY_RECORD,
    ) -> list[InvocationRecord]:
        """Up to `limit + 1` of those wanted, newest first."""
        ...

    async def count(self, workspace_id: WorkspaceId, counted: CountedCalls, most: int) -> int:
        """How many of these calls are on record, `most` where they are as many or more."""
        ...

    async def orphans(self, started_before: datetime, limit: int) -> list[InvocationRecord]:
        """Calls that were started before then and never finished, in any workspace."""
        ...


class StoredCalls(Protocol):
    """Calls that outlive their requests. Arguments, results and refusals are encrypted there."""

    async def add(self, call: StoredCall) -> StoredCall:
        """As it is stored; or the member's other call that has its idempotency key.

        `TooManyStoredCalls` where there is no such other one, and the workspace has as many as it
        may.
        """
        ...

    async def find(
        self, workspace_id: WorkspaceId, invocation_id: InvocationId
    ) -> StoredCall | None:
        """Without arguments, result and refusal where the key that they need is not configured."""
        ...

    async def waiting_of(
        self, workspace_id: WorkspaceId, member_id: MemberId
    ) -> list[InvocationId]:
        """Accepted ones of the member that did not end, up to a thousand, newest first."""
        ...

    async def waiting_for_sign_in(
        self,
        workspace_id: WorkspaceId,
        whose: tuple[ActionId, MemberId],
        limit: int,
        after: InvocationId | None = None,
    ) -> list[InvocationId]:
        """Up to so many that wait for this member's sign-in at the action's API, newest first; with
        `after`, those older than it.
        """
        ...

    async def change(self, seen: StoredCall, changed: StoredCall) -> StoredCall:
        """`Overtaken` where `seen` is no longer what is stored."""
        ...

    async def forget(self, seen: StoredCall) -> bool:
        """Delete it, so that its key may be used again; False where it is no longer as seen."""
        ...

    async def abandoned(self, before: datetime, limit: int) -> list[StoredCall]:
        """Those that are not final and whose lease ended before then, in any workspace."""
        ...


class WakeUp(Protocol):
    async def wait(self, seconds: float) -> None:
        """Until it comes, or as long."""
        ...


class WakeUps(Protocol):
    """Who waits for one call, on whatever replica, is woken. A wake-up may be lost."""

    async def wake(self, id_: str) -> None: ...

    def expected(self, id_: str) -> AbstractAsyncContextManager[WakeUp]: ...


class Caller(Protocol):
    @property
    def value(self) -> Principal: ...

    @property
    def outdated(self) -> bool:
        """True once a fact may have changed who is behind the token."""
        ...


class Callers(Protocol):
    async def hold_digest(self, digest: str) -> Caller:
        """Who is behind the token now. Refuses as for a request with it."""
        ...
