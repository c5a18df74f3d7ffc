"""The seven ways in which anything here may refuse, and the error that carries one of them."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any, ClassVar


class Kind(StrEnum):
    """What a refusal means; transports derive status codes and acknowledgements from it."""

    INVALID = "invalid"
    DENIED = "denied"
    NOT_FOUND = "not_found"
    CONFLICT = "conflict"
    PRECONDITION = "precondition"
    LIMITED = "limited"
    UNAVAILABLE = "unavailable"


MAX_FINDINGS = 100
"""What a refusal carries; of the rest only the number."""


class PlatformError(Exception):
    """A refusal with a permanent code, a sentence for people, and the next step.

    Subclasses fix `kind` and `code`. An instance may name another `code` where the reason was
    decided elsewhere, such as a verdict of policy that execution passes on.
    """

    kind: ClassVar[Kind] = Kind.INVALID
    code: str = "platform.refused"
    sign_in: str = ""
    """The address of the page at which the caller signs in first, where that is the next step."""

    def __init__(
        self,
        sentence: str,
        *,
        hint: str = "",
        code: str | None = None,
        retry_after_seconds: float | None = None,
        findings: Sequence[Mapping[str, Any]] = (),
        more_findings: int = 0,
    ) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.hint = hint
        self.code = code or type(self).code
        self.retry_after_seconds = retry_after_seconds
        self.findings = tuple(findings[:MAX_FINDINGS])
        self.more_findings = more_findings + len(findings) - len(self.findings)


class Invalid(PlatformError):
    """The request cannot be carried out as it is; beyond a number of things that may exist, too:
    waiting does not help.
    """

    kind = Kind.INVALID


class Denied(PlatformError):
    kind = Kind.DENIED


class NotFound(PlatformError):
    kind = Kind.NOT_FOUND


class Conflict(PlatformError):
    kind = Kind.CONFLICT


class Precondition(PlatformError):
    """What the caller read has changed since (RFC 9110, 412)."""

    kind = Kind.PRECONDITION


class Limited(PlatformError):
    """The caller used up a share or a rate (RFC 6585, 429); `retry_after_seconds` says when to come
    back. A number of things that may exist is `Invalid`.
    """

    kind = Kind.LIMITED


class Unavailable(PlatformError):
    kind = Kind.UNAVAILABLE


ERROR_OF_KIND: Mapping[Kind, type[PlatformError]] = {
    error.kind: error
    for error in (Invalid, Denied, NotFound, Conflict, Precondition, Limited, Unavailable)
}
