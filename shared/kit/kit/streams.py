"""The streams of facts: what each keeps, for how long, and how an older layout is migrated.

Services create a stream that is missing and change nothing about one that exists: an operator's
`openactions streams apply` does (`apply`), and shows before what it would do (`differences`). With
`--layout previous` it does the opposite (`apply_previous`), for an installation that goes back.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

from nats.errors import Error as NatsError
from nats.js import JetStreamContext
from nats.js.api import (
    DiscardPolicy,
    RawStreamMsg,
    RePublish,
    RetentionPolicy,
    StorageType,
    StreamConfig,
    StreamInfo,
)
from nats.js.errors import BadRequestError, NotFoundError
from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

import contracts.facts
from contracts.fact import (
    EVERY_FACT,
    EVERY_INVOCATION_FACT,
    FACTS_STREAM,
    INVOCATIONS_STREAM,
)
from kit.errors import BusUnavailable
from kit.sizes import GIB, MIB

DEAD_LETTERS_STREAM = "DEAD_LETTERS"
EVERY_DEAD_LETTER = "dead.>"
UNLIMITED = -1
LIVE_PREFIX = "live."
"""The leader of FACTS publishes each stored fact again, under its subject after this prefix."""
DUPLICATE_WINDOW_SECONDS = 600.0
SECONDS_A_DAY = 86_400
RATES_STREAM = "RATES"
RATE_PREFIX = "rate."
"""What a service counts for its rate limits, under its name after this prefix (`kit.counters`)."""
RATES_KEEP_SECONDS = 120.0
MAX_COUNTER_BYTES = 1_024
SUBJECTS_OVERLAP = 10065
"""nats-server's error code where another stream keeps some of the wanted subjects."""
RECORDER = "execution_recorder"


class StreamSettings(BaseSettings):
    """`STREAMS_…`: the same for every service of an installation.

    A stream that has reached its bytes refuses what is published next and drops nothing, so the
    bytes must hold what is published within the days. What is older than the days is dropped,
    taken or not: they must be longer than any consumer may lag.
    """

    model_config = SettingsConfigDict(
        env_prefix="STREAMS_", frozen=True, extra="ignore", title="StreamsSettings"
    )

    facts_keep_days: float = Field(default=30, gt=0)
    facts_max_bytes: int = Field(default=GIB, ge=MIB)
    invocations_keep_days: float = Field(default=3, gt=0)
    invocations_max_bytes: int = Field(default=6 * GIB, ge=MIB)
    dead_letters_keep_days: float = Field(default=90, gt=0)
    dead_letters_max_bytes: int = Field(default=GIB, ge=MIB)
    rates_max_bytes: int = Field(default=64 * MIB, ge=MIB)
    """Of counters, in memory: about 200 bytes for each workspace and member that calls, and window.
    The oldest make room: then a quota may be exceeded for seconds."""


class StreamsOutdated(BusUnavailable):
    """The broker's streams have the layout of an earlier version."""

    code = "platform.streams_outdated"

    def __init__(self) -> None:
        super().__init__("The message broker's streams have the layout of an earlier version.")
        self.hint = "The operator brings them up to date with `openactions streams apply`."


class StreamsMissing(BusUnavailable):
    """Not made yet, or deleted; services make those that their facts go to within seconds."""

    code = "platform.streams_missing"

    def __init__(self) -> None:
        super().__init__("The message broker lacks a stream.")
        self.hint = "If it stays so, the operator runs `openactions streams apply`."


def declared(settings: StreamSettings, replicas: int) -> tuple[StreamConfig, ...]:
    """FACTS first: INVOCATIONS cannot be created while an older FACTS keeps its subjects."""
    facts = _config(
        FACTS_STREAM, _subjects(), settings.facts_keep_days, settings.facts_max_bytes, replicas
    )
    facts.republish = RePublish(src=EVERY_FACT, dest=f"{LIVE_PREFIX}{EVERY_FACT}")
    return (
        facts,
        _config(
            INVOCATIONS_STREAM,
            [EVERY_INVOCATION_FACT],
            settings.invocations_keep_days,
            settings.invocations_max_bytes,
            replicas,
        ),
        _config(
            DEAD_LETTERS_STREAM,
            [EVERY_DEAD_LETTER],
            settings.dead_letters_keep_days,
            settings.dead_letters_max_bytes,
            replicas,
        ),
    )


def _subjects() -> list[str]:
    """One wildcard for each aggregate: a new fact of a known one needs no change of the stream."""
    named = (getattr(contracts.facts, name) for name in contracts.facts.__all__)
    facts = (each for each in named if getattr(each, "stream", None) == FACTS_STREAM)
    return sorted({fact.family for fact in facts})


def _config(
    name: str, subjects: list[str], keep_days: float, max_bytes: int, replicas: int
) -> StreamConfig:
    max_age = round(keep_days * SECONDS_A_DAY, 3)
    return StreamConfig(
        name=name,
        subjects=subjects,
        retention=RetentionPolicy.LIMITS,
        storage=StorageType.FILE,
        num_replicas=replicas,
        max_age=max_age,
        max_bytes=max_bytes,
        discard=DiscardPolicy.NEW,
        duplicate_window=min(DUPLICATE_WINDOW_SECONDS, max_age),
    )


def rates(settings: StreamSettings, replicas: int) -> StreamConfig:
    """Counters of rate limits. In memory: what a lost one counted is over within seconds."""
    return StreamConfig(
        name=RATES_STREAM,
        subjects=[f"{RATE_PREFIX}>"],
        retention=RetentionPolicy.LIMITS,
        storage=StorageType.MEMORY,
        num_replicas=replicas,
        max_age=RATES_KEEP_SECONDS,
        max_bytes=settings.rates_max_bytes,
        max_msgs_per_subject=1,
        max_msg_size=MAX_COUNTER_BYTES,
        discard=DiscardPolicy.OLD,
        duplicate_window=RATES_KEEP_SECONDS,
        allow_msg_counter=True,
    )


def managed(settings: StreamSettings, replicas: int) -> tuple[StreamConfig, ...]:
    """All that `openactions streams apply` makes and changes."""
    return (*declared(settings, replicas), rates(settings, replicas))


def previous(replicas: int) -> tuple[StreamConfig, ...]:
    """As the release before declares them: one stream of facts, without limits."""
    layout = ((FACTS_STREAM, EVERY_FACT), (DEAD_LETTERS_STREAM, EVERY_DEAD_LETTER))
    return tuple(
        StreamConfig(
            name=name,
            subjects=[subject],
            storage=StorageType.FILE,
            num_replicas=replicas,
            max_age=0,
            max_bytes=UNLIMITED,
            discard=DiscardPolicy.OLD,
            duplicate_window=DUPLICATE_WINDOW_SECONDS,
        )
        for name, subject in layout
    )


async def ensure(jetstream: JetStreamContext, wanted: Sequence[StreamConfig]) -> None:
    """Create the streams that are missing; raises `StreamsOutdated` for an earlier layout."""
    for config in wanted:
        try:
            info = await jetstream.stream_info(str(config.name))
        except NotFoundError:
            await _create(jetstream, config)
        else:
            if config.republish and not info.config.republish:
                raise StreamsOutdated


async def _create(jetstream: JetStreamContext, config: StreamConfig) -> None:
    try:
        await jetstream.add_stream(config)
    except BadRequestError as error:
        if error.err_code == SUBJECTS_OVERLAP:
            raise StreamsOutdated from error
        raise


async def usage(jetstream: JetStreamContext, names: Sequence[str]) -> dict[str, float]:
    """How full each stream is, from 0 to 1; at 1 it refuses what is published.

    Raises `StreamsMissing`, or *unavailable* where JetStream does not answer.
    """
    try:
        infos = [await jetstream.stream_info(name) for name in names]
    except NotFoundError as error:
        raise StreamsMissing from error
    except (NatsError, TimeoutError) as error:
        raise BusUnavailable("JetStream does not answer at the moment.") from error
    limits = ((info.state.bytes, info.config.max_bytes or -1) for info in infos)
    shares = (used / most if most > 0 else 0.0 for used, most in limits)
    return dict(zip(names, shares, strict=True))


def differences(current: StreamConfig, wanted: StreamConfig) -> Mapping[str, tuple[Any, Any]]:
    """What `apply` would change of a stream: setting → (as it is, as it is declared)."""
    names = ("subjects", "max_age", "max_bytes", "discard", "num_replicas", "duplicate_window")
    found = {name: (getattr(current, name), getattr(wanted, name)) for name in names}
    found["republish"] = (_dest(current), _dest(wanted))
    found["subjects"] = (sorted(current.subjects or ()), sorted(wanted.subjects or ()))
    return {name: pair for name, pair in found.items() if pair[0] != pair[1]}


def _dest(config: StreamConfig) -> str | None:
    return config.republish.dest if config.republish else None


async def apply(jetstream: JetStreamContext, wanted: Sequence[StreamConfig]) -> AsyncIterator[str]:
    """Create, change and move until the streams are as declared; a sentence for each step.

    It may be interrupted anywhere and run again, and services may run meanwhile. Facts about calls
    that an earlier version kept in FACTS are published again, which INVOCATIONS keeps, from the
    first that the recorder has not acknowledged; only then are they removed from FACTS.
    """
    async for step in _configure(jetstream, wanted):
        yield step
    async for step in _move(jetstream):
        yield step


async def apply_previous(
    jetstream: JetStreamContext, wanted: Sequence[StreamConfig]
) -> AsyncIterator[str]:
    """Change and move until the streams are as in `previous`; a sentence for each step.

    It may be interrupted anywhere and run again, or taken back by `apply`. Services of this
    version that run meanwhile go on with calls, whose facts FACTS keeps and none of them records:
    stop them before or right after. What the recorder has not acknowledged of INVOCATIONS is
    published again, which FACTS keeps; only then is INVOCATIONS removed.
    """
    with suppress(NotFoundError):
        await jetstream.delete_stream(RATES_STREAM)
        yield f"{RATES_STREAM} is removed."
    parked = await _parked(jetstream)
    if parked is not None and parked.config.subjects != [INVOCATIONS_STREAM]:
        await jetstream.update_stream(replace(parked.config, subjects=[INVOCATIONS_STREAM]))
        yield f"{INVOCATIONS_STREAM} takes no more facts."
    async for step in _configure(jetstream, wanted):
        yield step
    if parked is not None:
        first = await _first_unrecorded(jetstream, INVOCATIONS_STREAM)
        copied = await _copy(jetstream, INVOCATIONS_STREAM, first)
        yield f"{FACTS_STREAM} has {copied} messages about calls of {INVOCATIONS_STREAM}."
        await jetstream.delete_stream(INVOCATIONS_STREAM)
        yield f"{INVOCATIONS_STREAM} is removed."


async def _parked(jetstream: JetStreamContext) -> StreamInfo | None:
    try:
        return await jetstream.stream_info(INVOCATIONS_STREAM)
    except NotFoundError:
        return None


async def _configure(
    jetstream: JetStreamContext, wanted: Sequence[StreamConfig]
) -> AsyncIterator[str]:
    for config in wanted:
        try:
            info = await jetstream.stream_info(str(config.name))
        except NotFoundError:
            await jetstream.add_stream(config)
            yield f"{config.name} is created."
            continue
        if changes := differences(info.config, config):
            await jetstream.update_stream(_changed(info.config, config))
            yield f"{config.name} is changed: {', '.join(sorted(changes))}."


def _changed(current: StreamConfig, wanted: StreamConfig) -> StreamConfig:
    """Whatever is not declared here stays as the operator set it."""
    return current.evolve(
        subjects=wanted.subjects,
        max_age=wanted.max_age,
        max_bytes=wanted.max_bytes,
        discard=wanted.discard,
        num_replicas=wanted.num_replicas,
        duplicate_window=wanted.duplicate_window,
        republish=wanted.republish,
    )


async def _move(jetstream: JetStreamContext) -> AsyncIterator[str]:
    """FACTS takes no facts about calls any more, so those that it holds come to an end."""
    if await _left_in_facts(jetstream):
        first = await _first_unrecorded(jetstream, FACTS_STREAM)
        copied = await _copy(jetstream, FACTS_STREAM, first)
        yield f"{INVOCATIONS_STREAM} has {copied} messages about calls of {FACTS_STREAM}."
        await jetstream.purge_stream(FACTS_STREAM, subject=EVERY_INVOCATION_FACT)
        yield f"{FACTS_STREAM} no longer holds facts about calls."
    try:
        await jetstream.delete_consumer(FACTS_STREAM, RECORDER)
    except NotFoundError:
        return
    yield f"The recorder's consumer of {FACTS_STREAM} is removed."


async def _left_in_facts(jetstream: JetStreamContext) -> int:
    info = await jetstream.stream_info(FACTS_STREAM, subjects_filter=EVERY_INVOCATION_FACT)
    return sum((info.state.subjects or {}).values())


async def _first_unrecorded(jetstream: JetStreamContext, stream: str) -> int:
    try:
        recorder = await jetstream.consumer_info(stream, RECORDER)
    except NotFoundError:
        return 1
    return (recorder.ack_floor.stream_seq if recorder.ack_floor else 0) + 1


async def _copy(jetstream: JetStreamContext, stream: str, first: int) -> int:
    """How many messages of `stream` that were; the other stream of the two keeps their subjects.

    One that is there already is dropped by its id, or recorded twice, which is harmless. A stream
    source would report neither when it has begun nor when it is done.
    """
    copied = 0
    while True:
        try:
            message = await jetstream.get_msg(
                stream, seq=first, subject=EVERY_INVOCATION_FACT, next=True
            )
        except NotFoundError:
            return copied
        headers = {**(message.headers or {}), "Nats-Msg-Id": _moved_id(stream, message)}
        await jetstream.publish(str(message.subject), message.data or b"", headers=headers)
        copied, first = copied + 1, (message.seq or first) + 1


def _moved_id(stream: str, message: RawStreamMsg) -> str:
    """The same each time this message is moved, and none that the other stream may remember: a
    fact that was moved there and back within minutes would be dropped as known.
    """
    at = message.time.isoformat() if message.time else ""
    return f"moved-{stream}-{message.seq}-{at}"
