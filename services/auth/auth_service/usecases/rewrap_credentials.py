from collections import Counter
from dataclasses import dataclass, field

from auth_service.domain.errors import SecretUnreadable
from auth_service.ports import KeyRing, SealedRecord, SealedRecords

BATCH = 100


@dataclass(slots=True)
class Rewrapped:
    """What a pass over the records came to."""

    rewrapped: int = 0
    unreadable: int = 0
    of_unknown_keys: Counter[str] = field(default_factory=Counter)
    """Records by the id of a key that is not in the ring. They stay exactly as they are."""


@dataclass(frozen=True, slots=True)
class RewrapCredentials:
    """Bring every record under the writing key. Whatever stops it, the next pass goes on.

    Replicas may do so at once: a record is swapped only if it is still the one that was read.
    """

    records: SealedRecords
    keys: KeyRing

    async def __call__(self) -> Rewrapped:
        tally, after = Rewrapped(), ""
        while True:
            batch = await self.records.sealed_with_other_keys(self.keys.writing_key, after, BATCH)
            if not batch:
                return tally
            for record in batch:
                await self._rewrap(record, tally)
            after = batch[-1].place.record_id

    async def _rewrap(self, record: SealedRecord, tally: Rewrapped) -> None:
        if record.sealed.key_id not in self.keys.known_keys:
            tally.of_unknown_keys[record.sealed.key_id] += 1
            return
        try:
            sealed = self.keys.rewrap(record.sealed, record.place)
        except SecretUnreadable:
            tally.unreadable += 1
        else:
            tally.rewrapped += await self.records.rewrapped(record, sealed)
