"""How a service listens to facts and answers requests, on FastStream.

`listens` and `answers` are all that an entry point spells; subject, stream, durable name, limits
and acknowledgement follow from the contract's class. `Deliver` is the one middleware that decides
what becomes of a message.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import orjson
from faststream import AckPolicy, BaseMiddleware
from faststream.exceptions import IgnoredException, NackMessage, SkipMessage
from faststream.nats import JStream, NatsRouter, PullSub
from nats.errors import Error as NatsError
from nats.js.api import AckPolicy as JetStreamAckPolicy
from nats.js.api import ConsumerConfig, DeliverPolicy
from nats.js.errors import NotFoundError

from contracts.errors import PlatformError, Unavailable
from contracts.fact import FACTS, Fact
from contracts.request import MAX_MESSAGE_BYTES, REQUESTS, Reply, Request
from kit import logs, metrics, trace
from kit.bus import ASK_TIMEOUT_SECONDS, Bus
from kit.cloudevents import members_of
from kit.mongo import database_deadline
from kit.redelivery import reason_of

log = logs.logger("kit.consume")

UNLIMITED = -1
DEAD_LETTER_AGAIN_SECONDS = 5.0
ACK_WAIT_SECONDS = 30.0
MAX_BATCH = 10
MAX_REQUESTS_IN_FLIGHT = 64
ANSWER_DATABASE_SECONDS = ASK_TIMEOUT_SECONDS - 1
"""A database that does not answer is reported before the asker gives up, and by its own code."""
INBOX = "_INBOX"
LOOK_EVERY_SECONDS = 1.0
FETCH_SECONDS = 2.0
"""A fetch that the broker forgot, because it was killed, is repeated after that time."""

Consume = Callable[..., Awaitable[Any]]


def consumer_of(fact: type[Fact], service: str) -> ConsumerConfig:
    """One durable consumer for each pair of fact and service; replicas share its deliveries."""
    name = f"{service}_{fact.subject.removeprefix('fact.').replace('.', '_')}"
    return ConsumerConfig(
        name=name,  # with it, the subject that creates the consumer names it: permissions do too
        durable_name=name,
        filter_subject=fact.subject,
        deliver_policy=DeliverPolicy.ALL,
        ack_policy=JetStreamAckPolicy.EXPLICIT,
        ack_wait=ACK_WAIT_SECONDS,
        max_deliver=UNLIMITED,  # the server would drop what it gives up; `Deliver` dead-letters it
        max_ack_pending=MAX_BATCH * 2,
    )


def listens(
    router: NatsRouter, fact: type[Fact], *, service: str, at_once: int = MAX_BATCH
) -> Callable[[Consume], Any]:
    """Hand every `fact` to the function below, at least once. It must be harmless when repeated.

    A replica takes `at_once` of them, and each must be done within ACK_WAIT_SECONDS.
    """
    if fact.batched:
        raise TypeError(f"{fact.name} comes with every call: take it with a BatchConsumer")
    config = consumer_of(fact, service)
    return router.subscriber(
        fact.subject,
        stream=JStream(fact.stream, declare=False),
        durable=config.durable_name,
        config=config,
        pull_sub=PullSub(batch_size=at_once, timeout=FETCH_SECONDS),
        inbox_prefix=f"_INBOX_{service}.".encode(),  # the only inboxes that NATS lets it use
        ack_policy=AckPolicy.NACK_ON_ERROR,
        decoder=_fact_members,
        title=fact.label,
        description=fact.__doc__,
    )


async def _fact_members(msg: Any) -> dict[str, Any]:
    """The fact as it was published, its id too: what follows from it derives from that."""
    raw = msg.raw_message
    return members_of(raw.subject, msg.body, msg.headers, raw.metadata.timestamp)


def answers(router: NatsRouter, request: type[Request[Any]]) -> Callable[[Consume], Any]:
    """Answer every `request`; replicas share them."""
    return router.subscriber(
        request.subject,
        queue=request.owner,
        max_workers=MAX_REQUESTS_IN_FLIGHT,
        title=request.label,
        description=request.__doc__,
    )


class AnswerFailed(Unavailable):
    code = "platform.answer_failed"

    def __init__(self, owner: str) -> None:
        super().__init__(
            f"The {owner} service failed to answer.", hint="Quote the trace_id to your operator."
        )


class Deliver(BaseMiddleware[Any, Any]):
    """Facts: retry what may pass later, dead-letter the rest. Requests: refusals are answers."""

    async def consume_scope(self, call_next: Consume, msg: Any) -> Any:
        trace.begin((msg.headers or {}).get("traceparent"))
        if msg.raw_message.subject in REQUESTS:
            return await self._answer(call_next, msg)
        return await self._take(call_next, msg)

    async def _answer(self, call_next: Consume, msg: Any) -> bytes:
        bus: Bus = self.context.get("bus")
        request = REQUESTS[msg.raw_message.subject]
        if not msg.raw_message.reply.startswith(INBOX):
            log.warning("question_without_an_inbox", request=request.name)
            raise SkipMessage  # an answer to a fact's subject would be stored as our fact
        try:
            with database_deadline(ANSWER_DATABASE_SECONDS):
                answer, code = reply_of(await call_next(msg)), "ok"
        except IgnoredException:
            raise
        except PlatformError as error:
            answer, code = refusal_of(error), error.code
        except Exception:
            log.exception("answer_failed", request=request.name)
            failed = AnswerFailed(request.owner)
            answer, code = refusal_of(failed), failed.code
        metrics.requests_answered.labels(bus.service, request.name, code).inc()
        return answer

    async def _take(self, call_next: Consume, msg: Any) -> Any:
        bus: Bus = self.context.get("bus")
        fact = FACTS[msg.raw_message.subject]
        deliveries = msg.raw_message.metadata.num_delivered
        try:
            result = await call_next(msg)
        except IgnoredException:
            raise
        except Exception as error:
            if not isinstance(error, PlatformError):
                log.exception("consume_failed", fact=fact.name, deliveries=deliveries)
            delay = bus.redelivery.after(error, deliveries)
            if delay is None:
                delay = await dead_letter(bus, msg.raw_message, error)
            if delay is None:
                return None
            metrics.facts_consumed.labels(bus.service, fact.name, "postponed").inc()
            raise NackMessage(delay=delay) from error
        metrics.facts_consumed.labels(bus.service, fact.name, "taken").inc()
        return result


def reply_of(reply: Reply) -> bytes:
    answer = orjson.dumps({"reply": reply.model_dump(mode="json")})
    if len(answer) > MAX_MESSAGE_BYTES:
        raise ValueError(f"{type(reply).__name__} is {len(answer)} bytes; answer in slices")
    return answer


def refusal_of(error: PlatformError) -> bytes:
    said = {
        "kind": error.kind,
        "code": error.code,
        "sentence": error.sentence,
        "hint": error.hint,
        "findings": list(error.findings),
        "more_findings": error.more_findings,
        "retry_after_seconds": error.retry_after_seconds,
        "sign_in": error.sign_in,
    }
    return orjson.dumps({"error": said})


async def dead_letter(bus: Bus, raw: Any, error: Exception) -> float | None:
    """Keep the message and the reason in the dead-letter stream, then end its delivery.

    Seconds until it should be tried again where that failed: what cannot be kept is not ended.
    """
    reason = reason_of(error)
    kept = raw.data[:MAX_MESSAGE_BYTES]
    headers = {
        **(raw.headers or {}),
        "oa-reason": reason,
        "oa-deliveries": str(raw.metadata.num_delivered),
        "oa-stream-sequence": str(raw.metadata.sequence.stream),
        "Nats-Msg-Id": f"{bus.service}-{raw.metadata.stream}-{raw.metadata.sequence.stream}",
        **({"oa-cut-from": str(len(raw.data))} if len(kept) < len(raw.data) else {}),
    }
    subject = f"dead.{bus.service}.{raw.subject}"
    try:
        await bus.jetstream.publish(subject, kept, headers=headers)
        await raw.term()
    except (NatsError, PlatformError, TimeoutError):
        log.exception("fact_not_dead_lettered", subject=raw.subject, reason=reason)
        return DEAD_LETTER_AGAIN_SECONDS
    metrics.facts_consumed.labels(bus.service, FACTS[raw.subject].name, "buried").inc()
    log.error("fact_dead_lettered", subject=raw.subject, reason=reason, dead_letter=subject)
    return None


async def ensure_consumer(bus: Bus, fact: type[Fact]) -> None:
    await bus.jetstream.add_consumer(fact.stream, consumer_of(fact, bus.service))


async def keep_consumers_alive(bus: Bus, listened: list[type[Fact]]) -> None:
    """A consumer that is gone delivers nothing and raises nothing: create it again.

    An operator deleted it, or the broker was started anew with nothing. It then starts from the
    stream's beginning, which idempotent consumers do not mind.
    """
    while True:
        await asyncio.sleep(LOOK_EVERY_SECONDS)
        for fact in listened:
            durable = consumer_of(fact, bus.service).durable_name or ""
            try:
                await bus.jetstream.consumer_info(fact.stream, durable)
            except NotFoundError:
                log.warning("consumer_vanished", fact=fact.name, consumer=durable)
                await _create_again(bus, fact)
            except (NatsError, PlatformError, TimeoutError):
                continue  # not connected: readiness says so, and reconnection is nats-py's


async def _create_again(bus: Bus, fact: type[Fact]) -> None:
    try:
        await bus.ensure_streams()
        await ensure_consumer(bus, fact)
    except (NatsError, PlatformError, TimeoutError) as error:
        log.warning("consumer_not_created", fact=fact.name, error=repr(error))
