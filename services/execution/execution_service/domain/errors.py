"""The ways in which execution refuses a call before anything is sent."""

from collections.abc import Sequence
from typing import Self

from contracts.errors import Conflict, Invalid
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


class UrlTooLong(Invalid):
    code = "execution.url_too_long"


class OperationUnusable(Conflict):
    """The compiled operation cannot be called whatever the arguments: its schema must change."""

    code = "execution.operation_unusable"
