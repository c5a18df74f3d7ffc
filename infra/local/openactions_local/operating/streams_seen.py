"""What the broker keeps: each stream's size and age, what differs, and how far consumers lag."""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from nats.js import JetStreamContext
from nats.js.api import ConsumerInfo, StreamConfig, StreamInfo
from nats.js.errors import NotFoundError

from contracts.fact import INVOCATIONS_STREAM
from kit import streams


async def seen(jetstream: JetStreamContext, wanted: Sequence[StreamConfig]) -> list[dict[str, Any]]:
    """A stream each, also one that a layout without INVOCATIONS would remove."""
    configs = {str(config.name): config for config in wanted}
    found = [await _seen_one(jetstream, *each) for each in configs.items()]
    if INVOCATIONS_STREAM not in configs:
        extra = await _seen_one(jetstream, INVOCATIONS_STREAM, None)
        found += [extra] if extra["exists"] else []
    return found


async def _seen_one(
    jetstream: JetStreamContext, name: str, wanted: StreamConfig | None
) -> dict[str, Any]:
    try:
        info = await jetstream.stream_info(name)
    except NotFoundError:
        return {"name": name, "exists": False, "differences": {}}
    differences = streams.differences(info.config, wanted) if wanted else {"exists": (True, False)}
    return {
        "name": name,
        "exists": True,
        "messages": info.state.messages,
        "bytes": info.state.bytes,
        "max_bytes": info.config.max_bytes,
        "max_age_seconds": info.config.max_age,
        "oldest_seconds": await _oldest_seconds(jetstream, info),
        "replicas": info.config.num_replicas,
        "differences": {setting: list(pair) for setting, pair in differences.items()},
        "consumers": [await _lag(jetstream, each) for each in await jetstream.consumers_info(name)],
    }


async def _oldest_seconds(jetstream: JetStreamContext, info: StreamInfo) -> float | None:
    if not info.state.messages:
        return None
    return await _age(jetstream, str(info.config.name), info.state.first_seq, ">")


async def _lag(jetstream: JetStreamContext, consumer: ConsumerInfo) -> dict[str, Any]:
    """How many messages it has not acknowledged, and the age in seconds of the oldest of them."""
    waiting = (consumer.num_pending or 0) + (consumer.num_ack_pending or 0)
    after = consumer.ack_floor.stream_seq if consumer.ack_floor else 0
    config = consumer.config
    subjects = config.filter_subjects or [config.filter_subject or ">"]
    stream = consumer.stream_name
    ages = [await _age(jetstream, stream, after + 1, each) for each in subjects if waiting]
    oldest = max((age for age in ages if age is not None), default=None)
    return {"name": consumer.name, "waiting": waiting, "oldest_seconds": oldest}


async def _age(jetstream: JetStreamContext, stream: str, first: int, subject: str) -> float | None:
    """Of the first message with that subject from sequence number `first` on, in seconds."""
    try:
        message = await jetstream.get_msg(stream, seq=first, subject=subject, next=True)
    except NotFoundError:
        return None
    if message.time is None:
        return None
    return round(max(0.0, (datetime.now(UTC) - message.time).total_seconds()), 1)


def lines(stream: dict[str, Any]) -> list[str]:
    """For people: one line for the stream, then its differences, then its consumers."""
    if not stream["exists"]:
        return [f"{stream['name']}: does not exist"]
    limit = stream["max_bytes"] or streams.UNLIMITED
    used = f"{stream['bytes'] / limit:.1%} of {limit:,} bytes" if limit > 0 else "no limit of bytes"
    size = f"{stream['messages']:,} messages, {stream['bytes']:,} bytes, {used}"
    age = f"oldest {duration(stream['oldest_seconds'])}" if stream["messages"] else "empty"
    return [
        f"{stream['name']}: {size}",
        f"  {age}, kept {_kept(stream['max_age_seconds'])}",
        *(f"  {each}" for each in _changes(stream["differences"])),
        *(f"  {_consumer(each)}" for each in stream["consumers"]),
    ]


def _changes(differences: dict[str, list[Any]]) -> Iterator[str]:
    """A line for each setting that differs and each subject that comes or goes."""
    for setting, (current, wanted) in differences.items():
        if setting == "subjects":
            yield from (f"subject {each}: removed" for each in current if each not in wanted)
            yield from (f"subject {each}: added" for each in wanted if each not in current)
        elif setting == "exists":
            yield "the stream: removed"
        else:
            label, word = SETTINGS[setting]
            yield f"{label}: {word(current)} -> {word(wanted)}"


def duration(seconds: float | None) -> str:
    """The largest unit of which there is more than one: `90 s`, `5 min`, `3 h`, `12 days`."""
    if seconds is None:
        return "an unknown time"
    for unit, length in (("days", 86_400), ("h", 3_600), ("min", 60)):
        if seconds >= 2 * length:
            return f"{seconds / length:.0f} {unit}"
    return f"{seconds:.0f} s"


def _kept(seconds: float) -> str:
    if 0 < seconds < streams.SECONDS_A_DAY:
        return f"for {duration(seconds)}"
    return f"for {seconds / streams.SECONDS_A_DAY:g} days" if seconds else "for ever"


def _bytes(limit: int | None) -> str:
    return f"{limit:,} bytes" if limit and limit > 0 else "none"


def _when_full(policy: str) -> str:
    return {"old": "drops the oldest", "new": "refuses"}[policy]


SETTINGS: dict[str, tuple[str, Callable[[Any], str]]] = {
    "max_age": ("kept", _kept),
    "max_bytes": ("limit", _bytes),
    "discard": ("when full", _when_full),
    "num_replicas": ("nodes", str),
    "duplicate_window": ("duplicates are known for", duration),
    "republish": ("published again to", lambda subject: subject or "none"),
}
"""Of a stream: how people call it, and how its values are printed."""


def _consumer(consumer: dict[str, Any]) -> str:
    if not consumer["waiting"]:
        return f"consumer {consumer['name']}: nothing waits"
    age = f", the oldest for {duration(consumer['oldest_seconds'])}"
    return f"consumer {consumer['name']}: {consumer['waiting']:,} wait{age}"
