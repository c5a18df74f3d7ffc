from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from contracts.fact import Fact

F = TypeVar("F", bound=Fact)


@dataclass
class RecordedFacts:
    """A `FactPublisher` that remembers; two publications of one id count once, as in JetStream."""

    published: dict[str, Fact] = field(default_factory=dict)

    @property
    def connected(self) -> bool:
        return True

    async def publish(self, fact: Fact) -> None:
        self.published.setdefault(fact.id, fact)

    async def publish_batch(self, facts: Sequence[Fact]) -> None:
        for fact in facts:
            await self.publish(fact)

    def of(self, kind: type[F]) -> list[F]:
        return [fact for fact in self.published.values() if isinstance(fact, kind)]
