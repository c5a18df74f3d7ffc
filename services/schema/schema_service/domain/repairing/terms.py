"""Under what a request's repairs are made and compared, and what they may cost."""

from collections.abc import Callable
from dataclasses import dataclass, field

from contracts.errors import PlatformError
from schema_service.domain.needed_values import NO_VALUES, NeededValues
from schema_service.domain.origin_rules import OriginRules

MAX_ROUNDS = 5
MAX_TRIES = 60
"""Texts that one request may have read and examined."""


class _EveryOrigin:
    """Where nobody refuses any."""

    def refusal(self, origin: str) -> PlatformError | None:  # noqa: ARG002 - of the port
        return None

    def is_example(self, origin: str) -> bool:  # noqa: ARG002 - of the port
        return False

    def resembling(self, origin: str) -> str | None:  # noqa: ARG002 - of the port
        return None


@dataclass(frozen=True, slots=True)
class Terms:
    """`values` and `rules` are those of the request: what they let be called counts as callable."""

    source_url: str | None = None
    values: NeededValues = NO_VALUES
    rules: OriginRules = field(default_factory=_EveryOrigin)
    rounds: int = MAX_ROUNDS

    @property
    def known_rules(self) -> OriginRules | None:
        """None where nobody gave any."""
        return None if isinstance(self.rules, _EveryOrigin) else self.rules


NO_TERMS = Terms()


@dataclass(slots=True)
class Budget:
    """How much may be tried; it is asked before each try, which is never interrupted."""

    tries: int = MAX_TRIES
    seconds: float | None = None
    """From now on, by `clock`; None for no limit."""
    clock: Callable[[], float] = lambda: 0.0
    _began: float = field(init=False)

    def __post_init__(self) -> None:
        self._began = self.clock()

    def take(self) -> bool:
        """Whether one more may be tried; it counts."""
        if self.tries <= 0 or self.is_late():
            return False
        self.tries -= 1
        return True

    def is_late(self) -> bool:
        return self.seconds is not None and self.clock() - self._began >= self.seconds
