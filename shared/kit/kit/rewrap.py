"""Stored secrets move to the writing key, once at each start, beside the service's work.

What is done is found no more, so an interrupted pass goes on where it was. Readers are not
disturbed: the key that a record is under opens it until it is swapped, and the new one afterwards.
"""

from collections import Counter
from dataclasses import dataclass, field
from functools import cache

from prometheus_client import Counter as Total
from prometheus_client import Gauge

from kit import logs
from kit.key_ring import KeyRing, KeyUnknown, SecretUnreadable
from kit.sealed_records import SealedRecord, SealedRecords

log = logs.logger("kit.rewrap")
BATCH = 100


@dataclass(slots=True)
class Rewrapped:
    """What a pass over the records came to."""

    rewrapped: int = 0
    unreadable: int = 0
    of_unknown_keys: Counter[str] = field(default_factory=Counter)
    """Records by the id of a key that is not in the ring, or is destroyed. They stay exactly as
    they are."""


@dataclass(frozen=True, slots=True)
class Progress:
    """What a pass reports as it goes on."""

    rewrapped: Total
    left: Gauge


async def rewrap(
    keys: KeyRing, *kinds: SealedRecords, progress: Progress | None = None
) -> Rewrapped:
    """Bring every record under the writing key. Whatever stops it, the next pass goes on.

    Replicas may do so at once: a record is swapped only if it is still the one that was read.
    Raises `KeyServiceUnavailable` and the database's errors.
    """
    tally = Rewrapped()
    if progress is not None:
        counts = [await each.count_with_other_keys(keys.writing_key) for each in kinds]
        progress.left.set(sum(counts))
    for records in kinds:
        after = ""
        while batch := await records.sealed_with_other_keys(keys.writing_key, after, BATCH):
            before = tally.rewrapped
            for record in batch:
                await _rewrap_one(keys, records, record, tally)
            if progress is not None:
                progress.rewrapped.inc(tally.rewrapped - before)
                progress.left.dec(len({record.place.record_id for record in batch}))
            after = batch[-1].place.record_id
    if progress is not None:
        progress.left.set(tally.unreadable + tally.of_unknown_keys.total())
    return tally


async def _rewrap_one(
    keys: KeyRing, records: SealedRecords, record: SealedRecord, tally: Rewrapped
) -> None:
    key_id = record.sealed.key_id
    if key_id not in keys.known_keys:
        tally.of_unknown_keys[key_id] += 1
        return
    try:
        sealed = await keys.rewrap(record.sealed, record.place)
    except KeyUnknown:  # the workspace's key, or that of a key service, is destroyed
        tally.of_unknown_keys[key_id] += 1
    except SecretUnreadable:
        tally.unreadable += 1
    else:
        tally.rewrapped += await records.rewrapped(record, sealed)


async def bring_under_the_newest_key(service: str, keys: KeyRing, *kinds: SealedRecords) -> None:
    """Alarms for what no configured key opens; nothing of it is overwritten."""
    figures = _figures(service)
    done = await rewrap(keys, *kinds, progress=figures.progress)
    figures.stuck.labels("unreadable").set(done.unreadable)
    figures.stuck.labels("unknown_key").set(done.of_unknown_keys.total())
    for key_id, records in done.of_unknown_keys.items():
        log.critical("encryption_key_missing", key_id=key_id, records=records)
    log.info("secrets_rewrapped", rewrapped=done.rewrapped, unreadable=done.unreadable)


@dataclass(frozen=True, slots=True)
class _Figures:
    stuck: Gauge
    progress: Progress


@cache
def _figures(service: str) -> _Figures:
    name = f"openactions_{service}_secrets"
    stuck = Gauge(
        f"{name}_stuck",
        "Stored secrets that could not be brought under the newest key, by why",
        ["reason"],
    )
    rewrapped = Total(f"{name}_rewrapped", "Stored secrets brought under the newest key")
    left = Gauge(f"{name}_left", "Documents with secrets that are not under the newest key")
    return _Figures(stuck, Progress(rewrapped, left))
