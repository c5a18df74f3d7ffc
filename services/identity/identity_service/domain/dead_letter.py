"""A fact that a service could not process, as the operator is shown it."""

from dataclasses import dataclass
from datetime import datetime

from contracts.errors import Conflict, NotFound, Unavailable


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """Without the fact's data: they may be anybody's."""

    sequence: int
    """Its number in the stream of dead letters."""
    service: str
    """Which could not process it."""
    subject: str
    """On which the fact was published."""
    reason: str
    """The service's error code, with the members of the data that do not fit."""
    deliveries: int
    at: datetime | None
    workspace_id: str | None
    is_whole: bool
    """Only the beginning of a longer one was kept: it cannot be delivered again."""


class DeadLetterNotFound(NotFound):
    code = "identity.dead_letter_not_found"

    def __init__(self) -> None:
        super().__init__(
            "There is no such dead letter: it was never one, was delivered again, was discarded or "
            "has expired.",
            hint="List them again: GET /v1/operator/dead-letters.",
        )


class DeadLetterCut(Conflict):
    code = "identity.dead_letter_cut"

    def __init__(self) -> None:
        super().__init__(
            "This dead letter cannot be delivered again: only its beginning was kept.",
            hint="Discard it once its service is right in another way.",
        )


class DeadLettersUnavailable(Unavailable):
    code = "identity.dead_letters_unavailable"

    def __init__(self) -> None:
        super().__init__(
            "The message broker does not answer, or does not let this service manage dead letters.",
            hint="Set IDENTITY_OPERATOR_NATS_URL to the broker with its user `operator`, or use "
            "`openactions dead-letters`.",
        )
