"""The ways in which execution refuses a call before anything is sent."""

from collections.abc import Sequence
from typing import Self

from contracts.errors import Conflict, Denied, Invalid, Limited, NotFound, Unavailable
from contracts.ids import InvocationId
from contracts.requests import Verdict
from execution_service.domain.arguments.fault import Fault


class InvalidArguments(Invalid):
    code = "execution.invalid_arguments"

    @classmethod
    def of(cls, faults: Sequence[Fault]) -> Self:
        """The sentence repeats the first fault, for callers that show nothing else."""
        more = f" ({len(faults) - 1} more)" if len(faults) > 1 else ""
        return cls(
            f"The arguments do not fit the operation: {faults[0].message}{more}",
            hint="Correct the arguments that the findings name, and call again.",
            findings=[fault.as_finding() for fault in faults],
        )


class PathEscapes(Invalid):
    """A path value would reach another resource than the template names, or none."""

    code = "execution.path_escapes"


class HeaderRefused(Invalid):
    """A header that the platform owns, or a value that could smuggle another header."""

    code = "execution.header_refused"


class BodyRefused(Invalid):
    """The value has no representation in the operation's media type."""

    code = "execution.body_refused"


class MediaTypeNotOffered(Invalid):
    """The caller chose a media type in which the operation's body cannot be made."""

    code = "execution.media_type_not_offered"

    def __init__(self, wanted: str, offered: Sequence[str]) -> None:
        choice = ", ".join(offered)
        super().__init__(
            f"The body of this operation cannot be sent as {wanted[:80]!r}.",
            hint=f"Choose one of {choice} as `content_type`, or leave it out."
            if offered
            else "Leave `content_type` out: the operation has no body.",
        )


class MediaTypeOfOtherArguments(Invalid):
    """The caller chose a media type in which the document describes another body."""

    code = "execution.media_type_of_other_arguments"

    def __init__(self, wanted: str, offered: Sequence[str]) -> None:
        super().__init__(
            f"As {wanted[:80]!r} this operation takes another body than its arguments describe.",
            hint=f"Choose one of {', '.join(offered)} as `content_type`, or leave it out.",
        )


class AnswerTypeFixed(Invalid):
    """The caller wants the answer in another media type than the operation always asks for."""

    code = "execution.accept_fixed"

    def __init__(self, wanted: str, fixed: str) -> None:
        super().__init__(
            f"This operation always asks for {fixed[:200]}, never for {wanted[:80]!r}: its "
            "document permits one value of the header Accept.",
            hint="Leave `accept` out.",
        )


class AnswerTypeNotOffered(Invalid):
    """The caller wants the answer in a media type that the operation does not declare."""

    code = "execution.accept_not_offered"

    def __init__(self, wanted: str, offered: Sequence[str]) -> None:
        super().__init__(
            f"The document does not say that this operation answers with {wanted[:80]!r}.",
            hint=f"Choose one of {', '.join(offered)} as `accept`, or leave it out."
            if offered
            else "Leave `accept` out: the document names no media type of its answers.",
        )


class UrlTooLong(Invalid):
    code = "execution.url_too_long"


class OperationUnusable(Conflict):
    """The compiled operation cannot be called whatever the arguments: its schema must change."""

    code = "execution.operation_unusable"


class OperationNotFound(NotFound):
    """The same words for unknown, foreign, unpublished and unchosen."""

    code = "execution.operation_not_found"

    def __init__(self) -> None:
        super().__init__(
            "There is no such operation to call.",
            hint="Check the GPT's id and the operation's name; the GPT must be published.",
        )


class GptNotFound(NotFound):
    """The same words for unknown, foreign, unpublished and not shared with the caller."""

    code = "execution.gpt_not_found"

    def __init__(self) -> None:
        super().__init__(
            "There is no such GPT to call.",
            hint="Check the GPT's id; it must be published, or `stage` be `draft`.",
        )


class ToolsChanged(Conflict):
    """A page was asked for that follows one of another release."""

    code = "execution.tools_changed"

    def __init__(self) -> None:
        super().__init__(
            "This GPT offers another release than the page before was of.",
            hint="Read the list from its first page again.",
        )


class OperationMoved(Conflict):
    code = "execution.operation_moved"

    def __init__(self, pinned: str, dialled: str) -> None:
        super().__init__(
            f"This operation was published for {pinned}, and its document is now read as calling "
            f"{dialled}.",
            hint="Bind the schema to its action again, and publish the GPT.",
        )


class CallRefused(Denied):
    """Policy's verdict, in policy's words and with policy's code."""

    @classmethod
    def of(cls, verdict: Verdict) -> Self:
        return cls(verdict.sentence, hint=verdict.hint, code=verdict.code)


class SignInRequired(Denied):
    """The member has no connection to the API yet, or one that is lost."""

    code = "auth.sign_in_required"

    def __init__(self, host: str, address: str) -> None:
        super().__init__(
            f"Sign in at {host} first: this call is made with your own account or key there.",
            hint=f"Open {address}, sign in, then call again.",
        )
        self.host = host
        self.sign_in = address


class NothingToTry(Conflict):
    code = "execution.nothing_to_try"

    def __init__(self) -> None:
        super().__init__(
            "The draft of this action has no GET operation without required arguments.",
            hint="Add one to the action's schema, and choose it for the draft.",
        )


ANOTHER = "Name another one as `operation_id`, or leave it out: then the first that fits is called."


class TriedOperationChanges(Invalid):
    code = "execution.test_changes_something"

    def __init__(self, name: str, method: str) -> None:
        super().__init__(
            f"{name} may change something ({method}), so credentials are not tested with it.",
            hint=f"A test calls a GET operation without consequences. {ANOTHER}",
        )


class TriedOperationNeedsArguments(Invalid):
    code = "execution.test_needs_arguments"

    def __init__(self, name: str) -> None:
        super().__init__(
            f"{name} needs arguments, and a test has none.",
            hint=ANOTHER,
        )


class TriedOperationUnsigned(Invalid):
    code = "execution.test_without_credential"

    def __init__(self, name: str) -> None:
        super().__init__(
            f"{name} is called without credentials, by its document (`security: []`).",
            hint=ANOTHER,
        )


class RulesChanging(Unavailable):
    """What allowed the call was voided before its first byte left, each time it was decided.

    Or the GPT offers another operation by this name than `invocation.started` is about.
    """

    code = "execution.rules_changing"

    def __init__(self) -> None:
        super().__init__(
            "What allows this call kept changing while it waited, so it was not sent.",
            hint="Nothing was sent: try again in a moment.",
        )


class OperationChanging(Unavailable):
    """Replicas of schema with two compiler versions kept answering in turn."""

    code = "execution.operation_changing"

    def __init__(self) -> None:
        super().__init__(
            "This operation is being compiled again, so the call was not sent.",
            hint="Try again in a moment.",
        )


class InvocationNotFound(NotFound):
    """The same words for unknown and foreign; `retry_after_seconds` where the id is seconds old."""

    code = "execution.invocation_not_found"

    def __init__(self, retry_after_seconds: float | None = None) -> None:
        super().__init__(
            "There is no such invocation to see.",
            hint="GET /v1/invocations lists them. A call is on record within seconds of its "
            "answer; `Prefer: wait=10` waits for that.",
            retry_after_seconds=retry_after_seconds,
        )


class TooManyCalls(Unavailable):
    code = "execution.overloaded"

    def __init__(self) -> None:
        super().__init__("This replica has as many calls under way as it may.", hint="Retry soon.")


class KeyInProgress(Conflict):
    """The first request with this idempotency key is not answered yet."""

    code = "execution.key_in_progress"

    def __init__(self) -> None:
        super().__init__(
            "The first request with this Idempotency-Key is still under way.",
            hint="Send the same request again in a moment: it is answered with the same result.",
            retry_after_seconds=1.0,
        )


class KeyReused(Invalid):
    code = "execution.key_reused"

    def __init__(self) -> None:
        super().__init__(
            "This Idempotency-Key belongs to another request.",
            hint="Use a new key for another request; repeat a request with exactly its body, and "
            "with `Prefer: respond-async` if it had that.",
        )


class TooManyStoredCalls(Limited):
    code = "execution.too_many_stored_calls"

    def __init__(self, most: int) -> None:
        super().__init__(
            f"This workspace has {most:,} calls that are kept for a day, which is what it may.",
            hint="Each is kept for a day. Your operator can let more be kept: "
            "EXECUTION_MAX_STORED_CALLS.",
            retry_after_seconds=60.0,
        )


class StoredByNewerRelease(Unavailable):
    """A stored call has a state, a stage or an outcome that only a newer release has."""

    code = "execution.stored_by_newer_release"

    def __init__(self) -> None:
        super().__init__(
            "This call was stored by a newer release, and this replica cannot read it.",
            hint="Try again in a moment: replicas of the newer release can.",
            retry_after_seconds=5.0,
        )


class AcceptanceUnknown(Unavailable):
    """The database did not say whether an asynchronous call was stored, nor could it be deleted."""

    code = "execution.acceptance_unknown"

    def __init__(self, invocation_id: InvocationId) -> None:
        super().__init__(
            f"It is not known whether this call was accepted; if it was, it is {invocation_id}.",
            hint=f"Read /v1/invocations/{invocation_id} before calling again. With an "
            "Idempotency-Key the same request may be sent again at once.",
        )


class TakenOver(Unavailable):
    """The lease ended while a replica stood still. Another one continues an accepted call, and
    deletes one whose caller waits: nobody else sends that.
    """

    code = "execution.taken_over"

    def __init__(self) -> None:
        super().__init__(
            "This call took so long to start that its time was over, so it was not sent.",
            hint="Call it again.",
        )
