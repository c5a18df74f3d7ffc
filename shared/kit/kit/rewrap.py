"""Stored secrets move to the newest key, once at each start, beside the service's work."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

from prometheus_client import Gauge

from kit import logs
from kit.key_ring import KeyRing, SecretUnreadable
from kit.sealed_records import SealedRecord, SealedRecords

log = logs.logger("kit.rewrap")
BATCH = 100


@dataclass(slots=True)
class Rewrapped:
    """What a pass over the records came to."""

    rewrapped: int = 0
    unreadable: int = 0
    of_unknown_keys: Counter[str] = field(default_factory=Counter)
    """Records by the id of a key that is not in the ring. They stay exactly as they are."""


async def rewrap(keys: KeyRing, *kinds: SealedRecords) -> Rewrapped:
    """Bring every record under the writing key. Whatever stops it, the next pass goes on.

    Replicas may do so at once: a record is swapped only if it is still the one that was read.
    """
    tally = Rewrapped()
    for records in kinds:
        after = ""
        while batch := await records.sealed_with_other_keys(keys.writing_key, after, BATCH):
            await _rewrap_all(keys, records, batch, tally)
            after = batch[-1].place.record_id
    return tally


async def _rewrap_all(
    keys: KeyRing, records: SealedRecords, batch: Sequence[SealedRecord], tally: Rewrapped
) -> None:
    for record in batch:
        if record.sealed.key_id not in keys.known_keys:
            tally.of_unknown_keys[record.sealed.key_id] += 1
            continue
        try:
            sealed = await keys.rewrap(record.sealed, record.place)
        except SecretUnreadable:
            tally.unreadable += 1
        else:
            tally.rewrapped += await records.rewrapped(record, sealed)


async def bring_under_the_newest_key(service: str, keys: KeyRing, *kinds: SealedRecords) -> None:
    """Alarms for what no configured key opens; nothing of it is overwritten."""
    done = await rewrap(keys, *kinds)
    stuck = _stuck(service)
    stuck.labels("unreadable").set(done.unreadable)
    stuck.labels("unknown_key").set(done.of_unknown_keys.total())
    for key_id, records in done.of_unknown_keys.items():
        log.critical("encryption_key_missing", key_id=key_id, records=records)
    log.info("secrets_rewrapped", rewrapped=done.rewrapped, unreadable=done.unreadable)


@cache
def _stuck(service: str) -> Gauge:
    return Gauge(
        f"openactions_{service}_secrets_stuck",
        "Stored secrets that could not be brought under the newest key, by why",
        ["reason"],
    )
