"""The bus: one NATS connection a service, over which facts are published and requests asked.

Facts are published to JetStream in a pipeline: many wait for their acknowledgements at once, with
one subscription for all of them. FastStream's broker owns the connection; its consumers are in
`kit.consume`, its live view of facts in `kit.watch`.
"""

import asyncio
import itertools
import signal
from collections.abc import Sequence
from contextlib import suppress
from functools import cache, partial
from typing import Any, TypeVar

import orjson
from faststream.nats import NatsBroker
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import Error as NatsError
from nats.errors import NoRespondersError
from nats.errors import TimeoutError as NatsTimeoutError
from nats.js import JetStreamContext
from nats.js.api import StreamConfig
from nats.js.errors import NotFoundError

from contracts.errors import ERROR_OF_KIND, Kind
from contracts.fact import Fact
from contracts.request import MAX_MESSAGE_BYTES, Reply, Request
from kit import logs, metrics, trace
from kit.cloudevents import batch_of, headers_of
from kit.errors import BusUnavailable
from kit.redelivery import Redelivery

log = logs.logger("kit.bus")

R = TypeVar("R", bound=Reply)
DEFAULT_REDELIVERY = Redelivery()
FACTS_STREAM = "FACTS"
DEAD_LETTERS_STREAM = "DEAD_LETTERS"
ASK_TIMEOUT_SECONDS = 5.0
PUBLISH_TIMEOUT_SECONDS = 5.0
PING_EVERY_SECONDS = 10
FLUSH_TIMEOUT_SECONDS = 2
DUPLICATE_WINDOW_SECONDS = 600


class Bus:
    """Built before anything connects; `start` connects and makes sure that the streams exist."""

    def __init__(
        self,
        service: str,
        url: str,
        *,
        stream_replicas: int,
        redelivery: Redelivery = DEFAULT_REDELIVERY,
    ) -> None:
        self.service = service
        self.redelivery = redelivery
        self.broker = NatsBroker(
            url.split(","),
            name=service,
            max_reconnect_attempts=-1,
            reconnect_time_wait=1,
            ping_interval=PING_EVERY_SECONDS,
            connect_timeout=2,
            allow_reconnect=True,
            inbox_prefix=f"_INBOX_{service}",
            graceful_timeout=25,
            drain_timeout=5,
            closed_cb=self._closed,
            error_cb=self._error,
            logger=None,
        )
        self._client: Client | None = None
        self._stream_replicas = stream_replicas
        self._stopping = False
        self._source = f"/openactions/{service}"
        self._waiting: dict[str, asyncio.Future[bytes]] = {}
        self._tokens = itertools.count()
        self._inbox = ""
        self._published = cache(partial(metrics.facts_published.labels, service))

    @property
    def client(self) -> Client:
        if self._client is None:
            raise BusUnavailable
        return self._client

    @property
    def jetstream(self) -> JetStreamContext:
        return self.client.jetstream(timeout=PUBLISH_TIMEOUT_SECONDS)

    @property
    def connected(self) -> bool:
        return self._client is not None and self._client.is_connected

    def _ensure_connected(self) -> None:
        """Refuse at once: nats-py would hold what is sent until the connection is back."""
        if not self.connected:
            raise BusUnavailable

    async def connect(self) -> None:
        self._client = await self.broker.connect()
        await self.ensure_streams()
        inbox = self.client.new_inbox()
        await self.client.subscribe(f"{inbox}.*", cb=self._acknowledged)
        self._inbox = f"{inbox}."

    async def stop(self) -> None:
        """Finish what is being taken, send what is written, close.

        Not by draining: nats-py then waits for messages that a pull subscription has long handed
        out, and refuses altogether while the broker is away.
        """
        self._stopping = True
        stops = (subscriber.stop() for subscriber in self.broker.subscribers)
        await asyncio.gather(*stops, return_exceptions=True)
        if self._client is not None:
            with suppress(NatsError, TimeoutError):
                await self._client.flush(FLUSH_TIMEOUT_SECONDS)
            await self._client.close()

    async def ensure_streams(self) -> None:
        """Create the streams where they are missing; an operator's changes to them are kept."""
        for name, subjects in ((FACTS_STREAM, "fact.>"), (DEAD_LETTERS_STREAM, "dead.>")):
            try:
                await self.jetstream.stream_info(name)
            except NotFoundError:
                await self.jetstream.add_stream(
                    StreamConfig(
                        name=name,
                        subjects=[subjects],
                        num_replicas=self._stream_replicas,
                        duplicate_window=DUPLICATE_WINDOW_SECONDS,
                    )
                )

    async def publish(self, fact: Fact) -> None:
        """Publish a fact and wait for JetStream's acknowledgement, beside everybody else's."""
        payload = fact.model_dump_json().encode()
        await self._state(fact, payload, headers_of(fact, self._source), count=1)

    async def publish_batch(self, facts: Sequence[Fact]) -> None:
        """Publish facts of one batched class in one message: one acknowledgement, one fsync."""
        if len(facts) == 1:
            await self.publish(facts[0])
            return
        await self._state(facts[0], *batch_of(facts, self._source), count=len(facts))

    async def _state(
        self, fact: Fact, payload: bytes, headers: dict[str, str], *, count: int
    ) -> None:
        if len(payload) > MAX_MESSAGE_BYTES:
            raise ValueError(f"{fact.subject} is {len(payload)} bytes; store it, send a reference")
        self._ensure_connected()
        try:
            await self._publish_acknowledged(fact.subject, payload, headers)
        except (NatsError, TimeoutError) as error:
            raise BusUnavailable from error
        self._published(fact.name).inc(count)

    async def _publish_acknowledged(
        self, subject: str, payload: bytes, headers: dict[str, str]
    ) -> None:
        token = str(next(self._tokens))
        loop = asyncio.get_running_loop()
        acknowledged = loop.create_future()
        self._waiting[token] = acknowledged
        # A bare timer: `asyncio.timeout` costs nine times as much.
        expiry = loop.call_later(PUBLISH_TIMEOUT_SECONDS, _expire, acknowledged)
        try:
            await self.client.publish(subject, payload, reply=self._inbox + token, headers=headers)
            reply = orjson.loads(await acknowledged)
        finally:
            expiry.cancel()
            self._waiting.pop(token, None)
        if "error" in reply:
            log.error("fact_refused_by_jetstream", subject=subject, error=str(reply["error"]))
            raise BusUnavailable("The message broker did not store what happened.")

    async def _acknowledged(self, msg: Msg) -> None:
        waiting = self._waiting.get(msg.subject.rpartition(".")[2])
        if waiting is None or waiting.done():
            return
        if msg.headers and msg.headers.get("Status") == "503":
            waiting.set_exception(NoRespondersError())
        else:
            waiting.set_result(msg.data)

    async def ask(self, request: Request[R], timeout_seconds: float = ASK_TIMEOUT_SECONDS) -> R:
        """One question to the service that owns the answer; its refusals are raised as they are."""
        payload = request.model_dump_json().encode()
        if len(payload) > MAX_MESSAGE_BYTES:
            raise ValueError(f"{request.subject} is {len(payload)} bytes; ask for less at once")
        self._ensure_connected()
        traceparent = trace.current()
        headers = {"traceparent": traceparent} if traceparent else None
        try:
            answer = await self.client.request(
                request.subject, payload, timeout=timeout_seconds, headers=headers
            )
        except NoRespondersError as error:
            raise BusUnavailable(f"The {request.owner} service is not running.") from error
        except NatsTimeoutError as error:
            raise BusUnavailable(f"The {request.owner} service did not answer in time.") from error
        except NatsError as error:
            raise BusUnavailable from error
        return self._read_answer(request, answer.data)

    def _read_answer(self, request: Request[R], unverified: bytes) -> R:
        message: dict[str, Any] = orjson.loads(unverified)
        if (error := message.get("error")) is not None:
            raise ERROR_OF_KIND[Kind(error["kind"])](
                error["sentence"],
                hint=error["hint"],
                code=error["code"],
                findings=error["findings"],
            )
        reply: R = type(request).reply.model_validate(message["reply"])  # type: ignore[assignment]
        return reply

    async def _error(self, error: Exception) -> None:
        log.warning("bus_error", error=repr(error))

    async def _closed(self) -> None:
        """nats-py gave up for good: a service that hears nothing must not go on as if it did."""
        if not self._stopping:
            log.critical("bus_closed_unexpectedly")
            signal.raise_signal(signal.SIGTERM)


def _expire(waiting: asyncio.Future[bytes]) -> None:
    if not waiting.done():
        waiting.set_exception(TimeoutError())
