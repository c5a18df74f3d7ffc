from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from schema_service.ports import SchemaStore

GRACE = timedelta(hours=1)
"""No writer takes so long: each of its steps ends within seconds."""
MAX_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class RemoveUnfinished:
    """Take away what documents left whose storing a crash broke off; nobody can see them.

    One replica does so at a time; the fence is its lease's.
    """

    schemas: SchemaStore
    clock: Callable[[], datetime]

    async def __call__(self, fence: int) -> None:
        await self.schemas.remove_unfinished(self.clock() - GRACE, MAX_AT_ONCE, fence)
