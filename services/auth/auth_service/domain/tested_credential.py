"""What an API's answer says about the credentials that it was called with."""

from dataclasses import dataclass
from enum import StrEnum
from http import HTTPStatus

from contracts.ids import InvocationId

REJECTING = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN})
ANOTHER = "test with another GET operation as `operation_id`"


class TestOutcome(StrEnum):
    __test__ = False  # pytest collects classes with such names

    ACCEPTED = "accepted"
    REJECTED = "rejected"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class CalledOperation:
    """One call that was sent, or at least tried."""

    operation: str
    invocation_id: InvocationId
    status: int | None
    """The API's; None where it did not answer."""
    sentence: str = ""
    hint: str = ""
    """Why there is no usable answer."""


@dataclass(frozen=True, slots=True)
class TestedCredential:
    __test__ = False

    outcome: TestOutcome
    called: CalledOperation
    sentence: str
    hint: str = ""

    @classmethod
    def of(cls, called: CalledOperation) -> "TestedCredential":
        """By the status (RFC 9110, 15): 2xx and 3xx accepted, 401 and 403 rejected."""
        status = called.status
        if status is None:
            sentence = called.sentence or "The API did not answer."
            return cls(TestOutcome.UNCLEAR, called, sentence, called.hint)
        if status in REJECTING:
            return cls(TestOutcome.REJECTED, called, *_rejection(called, status))
        if HTTPStatus.OK <= status < HTTPStatus.BAD_REQUEST:
            return cls(
                TestOutcome.ACCEPTED, called, f"The API answered {called.operation} with {status}."
            )
        return cls(
            TestOutcome.UNCLEAR,
            called,
            f"The API answered {called.operation} with {status}, which says nothing about the "
            "credentials.",
            f"Read the API's documentation about {status}; or {ANOTHER}.",
        )


def _rejection(called: CalledOperation, status: int) -> tuple[str, str]:
    sentence = f"The API answered {called.operation} with {status}: it does not accept these."
    if status == HTTPStatus.FORBIDDEN:
        return sentence, (
            f"Give the account at the API the right to call this operation, or {ANOTHER}; else "
            "enter the credentials again: PUT /v1/credentials/{action}."
        )
    return sentence, (
        "Compare them, and where they are sent, with the API's documentation, and enter them "
        "again: PUT /v1/credentials/{action}."
    )
