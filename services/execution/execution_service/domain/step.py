"""What each step of a call answers: go on, wait, refused, or done."""

from dataclasses import dataclass
from enum import Enum
from typing import Final, Literal

from contracts.errors import PlatformError
from contracts.facts import Outcome
from execution_service.domain.invocation import CallError
from execution_service.domain.json_text import JsonText


class Signal(Enum):
    CONTINUE = "continue"
    AGAIN = "again"
    """What allowed the call was voided before its first byte left: resolve and decide anew."""


CONTINUE: Final = Signal.CONTINUE
AGAIN: Final = Signal.AGAIN


class WaitsFor(Enum):
    APPROVAL = "approval"
    SIGN_IN = "sign_in"


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody has to do something first; the call goes on after that."""

    waits_for: WaitsFor
    refusal: PlatformError
    """The answer to a caller that cannot wait."""


@dataclass(frozen=True, slots=True)
class Refused:
    """Nothing was sent."""

    error: PlatformError
    masked: int = 0
    """As in `Done`: values of the credential, masked in the error's sentences."""


@dataclass(frozen=True, slots=True)
class Done:
    """The request was sent, or at least tried; what came back, if anything did."""

    outcome: Outcome
    code: str
    """`ok`, or the stable code of the failure."""
    error: CallError | None = None
    status: int | None = None
    response_bytes: int | None = None
    content_type: str | None = None
    body: JsonText | str | None = None
    truncated: bool = False
    masked: int = 0


StepResult = Literal[Signal.CONTINUE, Signal.AGAIN] | Waiting | Refused | Done
