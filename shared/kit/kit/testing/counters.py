from dataclasses import dataclass, field

from kit.errors import BusUnavailable


@dataclass
class MemoryCounter:
    """`Counter` in memory; the suite runs against it and against JetStream. `away` refuses."""

    values: dict[str, int] = field(default_factory=dict)
    away: bool = False
    times: int = 0
    """How often something was added."""

    async def add(self, name: str, amount: int) -> int:
        if self.away:
            raise BusUnavailable
        self.times += 1
        self.values[name] = self.values.get(name, 0) + amount
        return self.values[name]

    async def ensure(self) -> None:
        if self.away:
            raise BusUnavailable
