from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from contracts.fact import Fact

F = TypeVar("F", bound=Fact)


@dataclass
class RecordedFacts:
    """A `FactPublisher` that remembers; two statements of one id count once, as in JetStream."""

    stated: dict[str, Fact] = field(default_factory=dict)

    async def state(self, fact: Fact) -> None:
        self.stated.setdefault(fact.id, fact)

    async def state_together(self, facts: Sequence[Fact]) -> None:
        for fact in facts:
            await self.state(fact)

    def of(self, kind: type[F]) -> list[F]:
        return [fact for fact in self.stated.values() if isinstance(fact, kind)]
