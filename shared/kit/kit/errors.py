"""One refusal, two transports: the HTTP status and problem document of each kind of error."""

from collections.abc import Collection
from math import ceil
from typing import Any

from contracts.errors import Invalid, Kind, NotFound, PlatformError, Unavailable
from kit import trace
from kit.etags import etag_of

STATUS = {
    Kind.INVALID: 422,
    Kind.DENIED: 403,
    Kind.NOT_FOUND: 404,
    Kind.CONFLICT: 409,
    Kind.PRECONDITION: 412,
    Kind.LIMITED: 429,
    Kind.UNAVAILABLE: 503,
}
TITLE = {
    Kind.INVALID: "The request cannot be carried out as it is",
    Kind.DENIED: "Not allowed",
    Kind.NOT_FOUND: "Not found",
    Kind.CONFLICT: "Not possible as things are now",
    Kind.PRECONDITION: "Changed since it was read",
    Kind.LIMITED: "Too much at once",
    Kind.UNAVAILABLE: "Temporarily unavailable",
}
NOTHING_HERE = "There is nothing here."
"""Also where no service is asked: at the edge, and in the embedded platform."""
MAX_SHOWN = 64
"""Characters of what a caller sent that a sentence repeats."""
RETRY_AFTER_SECONDS = 2.0
NOT_IN_FORCE_RETRY_SECONDS = 1.0


class Unauthenticated(PlatformError):
    """No usable token (RFC 9110, 401)."""

    kind = Kind.DENIED
    code = "identity.token_invalid"

    def __init__(self, sentence: str = "This request carries no valid API token.") -> None:
        super().__init__(sentence, hint="Send `Authorization: Bearer <token>` with a live token.")


class NotTheOperator(Unauthenticated):
    """A token of a member, say, where the operator's is wanted."""

    def __init__(self) -> None:
        PlatformError.__init__(
            self,
            "This route is for whoever operates the installation, and the request does not carry "
            "the operator's token.",
            hint="Send `Authorization: Bearer <token>` with the value of IDENTITY_OPERATOR_TOKEN. "
            "Members of a workspace use /v1/workspace.",
        )


class SessionEnded(PlatformError):
    """The cookie is of no session that goes on (RFC 9110, 401)."""

    kind = Kind.DENIED
    code = "identity.session_ended"

    def __init__(
        self,
        sentence: str = "This session has ended, or never was.",
        hint: str = "Sign in again, and repeat the request.",
    ) -> None:
        super().__init__(sentence, hint=hint)


class SessionUnclear(SessionEnded):
    """Several cookies of the session's name, or one that no session has."""

    def __init__(self) -> None:
        super().__init__(
            "The cookie of the session is there more than once, or is none that we made.",
            "Take this address's cookies out of the browser, sign in again, and repeat the "
            "request.",
        )


class SessionRenewal(PlatformError):
    """The member's role is another one since the session's secret was drawn (RFC 9110, 401)."""

    kind = Kind.DENIED
    code = "identity.session_renewal"

    def __init__(self) -> None:
        super().__init__(
            "Your role changed since you signed in, so this session needs a new cookie.",
            hint="Send POST /v1/session/renew once, which answers one; then repeat the request.",
        )


class BodyTooLarge(Invalid):
    """More than a route reads (RFC 9110, 413)."""

    code = "platform.body_too_large"

    def __init__(self, max_bytes: int) -> None:
        super().__init__(
            f"The request body is larger than {max_bytes:,} bytes.", hint="Send less at once."
        )


class Unexpected(PlatformError):
    """A fault of ours; what it was is in the log, under the trace id (RFC 9110, 500)."""

    code = "platform.internal"

    def __init__(self) -> None:
        super().__init__(
            "An unexpected error ended this request.",
            hint="Quote the trace_id to whoever operates this installation.",
        )


class BadRequest(Invalid):
    """Not well-formed HTTP, or a body that cannot be read at all."""

    code = "platform.bad_request"


class MethodNotAllowed(Invalid):
    """`Allow` names those that are (RFC 9110, 405)."""

    code = "platform.method_not_allowed"

    def __init__(self, allowed: Collection[str]) -> None:
        self.allowed = ", ".join(sorted(allowed))
        super().__init__(
            "This path does not take this method.", hint=f"It takes {self.allowed or 'none'}."
        )


class UnsupportedMediaType(Invalid):
    """The body's Content-Type is none that the route reads (RFC 9110, 415)."""

    code = "platform.unsupported_media_type"

    def __init__(
        self, content_type: str, wanted: str = "JSON", type_: str = "application/json"
    ) -> None:
        said = f"says {content_type[:MAX_SHOWN]!r}" if content_type else "does not say what it is"
        super().__init__(
            f"This route reads {wanted}, and the request's body {said}.",
            hint=f"Send it with `Content-Type: {type_}`.",
        )


class NothingHere(NotFound):
    """The same words for what never existed and for what belongs to another workspace."""

    code = "platform.not_found"

    def __init__(self) -> None:
        super().__init__(NOTHING_HERE, hint="Check the id; lists show what you can see.")


class DatabaseUnavailable(Unavailable):
    """No connection, no primary, or no answer in time: it says nothing about what was asked."""

    code = "platform.database_unavailable"
    sentence = "The database cannot be reached."
    hint = "Try again in a moment."

    def __init__(self) -> None:
        super().__init__(self.sentence, hint=self.hint)


class WriteUnconfirmed(DatabaseUnavailable):
    """The write may have been made or not: it was sent, and no confirmation came in time.

    Facts are in the document that they are about. So either both are there, and the sweep publishes
    the facts, or neither is.
    """

    code = "platform.write_unconfirmed"
    sentence = "The database did not confirm this change in time; it may have been made or not."
    hint = "Read it again in a moment, and repeat the change only if it was not made."


class DatabaseRefused(Exception):
    """The database answered, and the answer was no: a fault of ours or the operator's.

    Waiting does not help, so this is neither *unavailable* nor any other refusal: HTTP answers 500
    `platform.internal`, a service that starts ends, and a fact goes to the dead letters.
    """

    def __init__(self, reason: str, code: int | None = None) -> None:
        super().__init__(f"The database refused: {reason}" + (f" ({code})" if code else ""))
        self.reason = reason
        self.code = code

    @property
    def about_the_document(self) -> bool:
        """Never otherwise for the same document, whatever an operator does about users or nodes."""
        return self.code in _FAULTS_OF_A_DOCUMENT


_FAULTS_OF_A_DOCUMENT = frozenset({2, 9, 14, 52, 54, 56, 57, 121, 10334, 17419, 17420})
"""BadValue, FailedToParse, TypeMismatch, names of members, DocumentValidationFailure, too large."""


class BusUnavailable(Unavailable):
    code = "platform.bus_unavailable"

    def __init__(self, sentence: str = "The message broker cannot be reached.") -> None:
        super().__init__(sentence, hint="Try again in a moment.")


class NotInForce(Unavailable):
    """Stored, but what others cached is not void yet. The same request again ends well.

    `revision` is the stored one, where the resource has an ETag.
    """

    code = "platform.not_in_force"

    def __init__(self, revision: int | None = None) -> None:
        stored = "This is stored" if revision is None else f"This is stored as revision {revision}"
        super().__init__(
            f"{stored}, but it is not yet in force everywhere: the message broker did not take it.",
            hint="Repeat the same request until it succeeds; nothing is applied twice.",
            retry_after_seconds=NOT_IN_FORCE_RETRY_SECONDS,
        )
        self.revision = revision


class FactRefused(BusUnavailable):
    """JetStream answered that it does not store this fact; others may fare better."""

    def __init__(self) -> None:
        super().__init__("The message broker did not store what happened.")


UNAUTHORIZED = 401
STATUS_OF_CODE = {
    BadRequest.code: 400,
    Unauthenticated.code: UNAUTHORIZED,
    SessionEnded.code: UNAUTHORIZED,
    SessionRenewal.code: UNAUTHORIZED,
    MethodNotAllowed.code: 405,
    BodyTooLarge.code: 413,
    UnsupportedMediaType.code: 415,
    Unexpected.code: 500,
}
"""Refusals with an HTTP status of their own. By code: they may come over the bus."""
TITLE_OF_CODE = {
    BadRequest.code: "The request cannot be read",
    Unauthenticated.code: "Not signed in",
    SessionEnded.code: "Not signed in",
    SessionRenewal.code: "The session needs a new cookie",
    MethodNotAllowed.code: "Method not allowed",
    BodyTooLarge.code: "The request is too large",
    UnsupportedMediaType.code: "The body is of another type",
    Unexpected.code: "Something went wrong on our side",
}


def status_of(error: PlatformError) -> int:
    return STATUS_OF_CODE.get(error.code) or STATUS[error.kind]


def headers_of(error: PlatformError) -> dict[str, str]:
    if status_of(error) == UNAUTHORIZED:
        return {"www-authenticate": "Bearer"}
    if isinstance(error, MethodNotAllowed):
        return {"allow": error.allowed}
    seconds = error.retry_after_seconds
    if error.kind in (Kind.UNAVAILABLE, Kind.LIMITED):
        seconds = seconds or RETRY_AFTER_SECONDS
    headers = {"retry-after": str(ceil(seconds))} if seconds else {}
    if isinstance(error, NotInForce) and error.revision is not None:
        headers["etag"] = etag_of(error.revision)
    return headers


def problem_of(error: PlatformError) -> dict[str, Any]:
    """A problem document (RFC 9457) with our members `code`, `hint`, `trace_id`.

    Where there are any, also `findings`, and as `more_findings` the number of those beyond 100;
    where a change is stored and not in force, its `revision`; where the caller has to sign in at an
    API first, `sign_in`, the address of the page for that.
    """
    document: dict[str, Any] = {
        "type": "about:blank",
        "title": TITLE_OF_CODE.get(error.code) or TITLE[error.kind],
        "status": status_of(error),
        "detail": error.sentence,
        "code": error.code,
        "hint": error.hint,
        "trace_id": trace.trace_id(),
    }
    if error.findings:
        document["findings"] = list(error.findings)
    if error.more_findings:
        document["more_findings"] = error.more_findings
    if isinstance(error, NotInForce) and error.revision is not None:
        document["revision"] = error.revision
    if error.sign_in:
        document["sign_in"] = error.sign_in
    return document
