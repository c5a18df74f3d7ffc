"""The bus: one NATS connection a service, over which facts are published and requests asked.

Facts are published to JetStream in a pipeline: many wait for their acknowledgements at once, with
one subscription for all of them. FastStream's broker owns the connection; its consumers are in
`kit.consume`, the live view of facts in `kit.watch`, the streams in `kit.streams`.
"""

import asyncio
import signal
from collections.abc import Sequence
from contextlib import suppress
from functools import cache, partial
from time import monotonic
from typing import Any, TypeVar

import nats
import orjson
from faststream.nats import NatsBroker
from nats.aio.client import Client
from nats.errors import Error as NatsError
from nats.errors import NoRespondersError
from nats.js import JetStreamContext

from contracts.errors import ERROR_OF_KIND, Kind, PlatformError
from contracts.fact import FACTS, FACTS_STREAM, Fact
from contracts.request import MAX_MESSAGE_BYTES, Reply, Request
from kit import logs, metrics, streams, trace
from kit.cloudevents import batch_of, headers_of
from kit.drain import drain
from kit.errors import BusUnavailable, FactRefused
from kit.outage import Outage
from kit.redelivery import Redelivery
from kit.replies import Replies
from kit.streams import StreamSettings

log = logs.logger("kit.bus")

R = TypeVar("R", bound=Reply)
DEFAULT_REDELIVERY = Redelivery()
ASK_TIMEOUT_SECONDS = 5.0
ASK_AGAIN_AFTER_SECONDS = 0.5
MAX_ASKED = 3
"""A question that changes nothing is sent so often while no answer comes: the broker may have given
it to a replica that is frozen or gone, and may do so again."""
MAX_REPEATED = 64
"""Questions at once that were sent more than once: an owner that is overloaded, not gone, must not
get each of them three times."""
PUBLISH_TIMEOUT_SECONDS = 5.0
STREAM_INFO_SECONDS = 1.0
PING_EVERY_SECONDS = 1
MAX_PINGS_UNANSWERED = 2
"""A node that is frozen is left for another within three seconds."""
CONNECT_TIMEOUT_SECONDS = 1
FLUSH_TIMEOUT_SECONDS = 2
LOOK_EVERY_SECONDS = 0.5
ABORT_AFTER_SECONDS = 1.0
MESSAGE_TOO_LARGE = 10054
"""nats-server's error code for a message above a stream's limit: others are stored."""
NOT_STORING_SECONDS = 10.0
"""For how long a publication that failed says that the streams do not store."""


class Bus:
    """Built before anything connects; `start` connects and makes sure that the streams exist."""

    def __init__(
        self,
        service: str,
        url: str,
        *,
        stream_replicas: int,
        stream_settings: StreamSettings | None = None,
        redelivery: Redelivery = DEFAULT_REDELIVERY,
    ) -> None:
        self.service = service
        self.redelivery = redelivery
        limits = stream_settings or StreamSettings()
        self.streams = streams.declared(limits, stream_replicas)
        self.rates = streams.rates(limits, stream_replicas)
        self._servers = url.split(",")
        self.broker = NatsBroker(
            self._servers,
            name=service,
            max_reconnect_attempts=-1,
            reconnect_time_wait=1,
            ping_interval=PING_EVERY_SECONDS,
            max_outstanding_pings=MAX_PINGS_UNANSWERED,
            connect_timeout=CONNECT_TIMEOUT_SECONDS,
            allow_reconnect=True,
            inbox_prefix=f"_INBOX_{service}",
            graceful_timeout=25,
            drain_timeout=5,
            disconnected_cb=self._disconnected,
            reconnected_cb=self._reconnected,
            closed_cb=self._closed,
            error_cb=self._error,
            logger=None,
        )
        self._client: Client | None = None
        self._stopping = False
        self.outage = Outage(service, "broker_answers_again")
        self._source = f"/openactions/{service}"
        self._replies = Replies()
        self._connected_at = float("inf")
        self._last_failed = float("-inf")
        self._stored_before: set[str] = set()
        self._published = cache(partial(metrics.facts_published.labels, service))
        self._duplicates = cache(partial(metrics.facts_duplicate.labels, service))

    @property
    def addresses(self) -> str:
        """Hosts and ports of the broker's nodes as configured: for logs, so without passwords."""
        return ", ".join(_address_of(server) for server in self._servers)

    @property
    def client(self) -> Client:
        if self._client is None:
            raise BusUnavailable
        return self._client

    @property
    def jetstream(self) -> JetStreamContext:
        return self.client.jetstream(timeout=STREAM_INFO_SECONDS)

    @property
    def connected(self) -> bool:
        return self._client is not None and self._client.is_connected

    @property
    def published_streams(self) -> list[str]:
        """The streams that keep what this service publishes; FACTS where it publishes nothing."""
        mine = {fact.stream for fact in FACTS.values() if fact.publisher == self.service}
        return sorted(mine or {FACTS_STREAM})

    async def accepts_others(self) -> bool:
        """Whether the broker takes a new connection at the moment."""
        try:
            other = await nats.connect(
                self._servers, allow_reconnect=False, connect_timeout=CONNECT_TIMEOUT_SECONDS
            )
        except (NatsError, OSError, TimeoutError):
            return False
        await other.close()
        return True

    @property
    def disconnected_seconds(self) -> float:
        """How long the connection has been lost; 0 while it stands, and before the first."""
        if self._client is None or self.connected:
            return 0.0
        return monotonic() - self._connected_at

    @property
    def storing(self) -> bool:
        """False for a while after JetStream did not store what was published."""
        return monotonic() - self._last_failed > NOT_STORING_SECONDS

    def _ensure_connected(self) -> None:
        """Refuse at once: nats-py would hold what is sent until the connection is back."""
        if not self.connected:
            raise BusUnavailable

    async def connect(self) -> None:
        """Connect and create the streams; raises *unavailable* where JetStream does not answer.

        It may be called again until it succeeds.
        """
        if self._client is None:
            client = await self.broker.connect()
            await self._replies.start(client)
            self._client = client
        await self.ensure_streams()

    async def stop(self) -> None:
        """Take no more questions, finish what is being taken, send what is written, close."""
        self._stopping = True
        await drain(self.broker.subscribers)
        if self._client is not None:
            with suppress(NatsError, OSError, TimeoutError):
                await self._client.flush(FLUSH_TIMEOUT_SECONDS)
            await close(self._client)

    async def ensure_streams(self) -> None:
        """Create the streams where they are missing; an operator's changes to them are kept.

        Raises *unavailable* where JetStream does not answer, such as without a leader.
        """
        try:
            await streams.ensure(self.client.jetstream(timeout=STREAM_INFO_SECONDS), self.streams)
        except (NatsError, TimeoutError) as error:
            raise BusUnavailable("JetStream does not answer at the moment.") from error

    async def publish(self, fact: Fact) -> None:
        """Publish a fact and wait for JetStream's acknowledgement, beside everybody else's."""
        payload = fact.model_dump_json().encode()
        await self._publish(fact, payload, headers_of(fact, self._source), count=1)

    async def publish_batch(self, facts: Sequence[Fact]) -> None:
        """Publish facts of one batched class in one message: one acknowledgement, one fsync."""
        if len(facts) == 1:
            await self.publish(facts[0])
            return
        await self._publish(facts[0], *batch_of(facts, self._source), count=len(facts))

    async def _publish(
        self, fact: Fact, payload: bytes, headers: dict[str, str], *, count: int
    ) -> None:
        if len(payload) > MAX_MESSAGE_BYTES:
            raise ValueError(f"{fact.subject} is {len(payload)} bytes; store it, send a reference")
        try:
            acknowledged = orjson.loads(
                await self.request(fact.subject, payload, PUBLISH_TIMEOUT_SECONDS, headers=headers)
            )
        except (NatsError, TimeoutError, BusUnavailable) as error:
            # A subject that never succeeded may be one that this service may not publish to.
            if fact.subject in self._stored_before:
                self._last_failed = monotonic()
            raise BusUnavailable from error
        if "error" in acknowledged:
            if acknowledged["error"].get("err_code") != MESSAGE_TOO_LARGE:
                self._last_failed = monotonic()
            why = str(acknowledged["error"])
            log.error("fact_refused", service=self.service, subject=fact.subject, error=why)
            raise FactRefused
        self._last_failed = float("-inf")
        self._stored_before.add(fact.subject)
        self._published(fact.name).inc(count)
        if acknowledged.get("duplicate"):
            self._duplicates(fact.name).inc(count)
            if count > 1:  # a single fact may come from two replicas; a batch is of one alone
                id_ = headers["Nats-Msg-Id"]
                log.error("batch_already_stored", service=self.service, fact=fact.name, id=id_)

    async def request(
        self,
        subject: str,
        payload: bytes,
        seconds: float,
        *,
        headers: dict[str, str] | None = None,
        again_after: float | None = None,
    ) -> bytes:
        """The first answer's bytes. Sent MAX_ASKED times, while none comes within `again_after`,
        as long as fewer than MAX_REPEATED others were sent again.

        Raises TimeoutError, NoRespondersError, or *unavailable* while there is no connection.
        """
        self._ensure_connected()
        with self._replies.expect(seconds) as (reply_to, answer):
            await self.client.publish(subject, payload, reply=reply_to, headers=headers)
            for _ in range(MAX_ASKED - 1 if again_after is not None else 0):
                await asyncio.wait([answer], timeout=again_after)
                if answer.done() or not self.connected:
                    break
                if not self._replies.repeat(reply_to, MAX_REPEATED):
                    break
                await self.client.publish(subject, payload, reply=reply_to, headers=headers)
            return await answer

    async def ask(self, request: Request[R], timeout_seconds: float = ASK_TIMEOUT_SECONDS) -> R:
        """One question to the service that owns the answer; its refusals are raised as they are."""
        payload = request.model_dump_json().encode()
        if len(payload) > MAX_MESSAGE_BYTES:
            raise ValueError(f"{request.subject} is {len(payload)} bytes; ask for less at once")
        traceparent = trace.current()
        try:
            answer = await self.request(
                request.subject,
                payload,
                timeout_seconds,
                headers={"traceparent": traceparent} if traceparent else None,
                again_after=ASK_AGAIN_AFTER_SECONDS if request.repeatable else None,
            )
        except NoRespondersError as error:
            raise BusUnavailable(f"The {request.owner} service is not running.") from error
        except TimeoutError as error:
            raise BusUnavailable(f"The {request.owner} service did not answer in time.") from error
        except NatsError as error:
            raise BusUnavailable from error
        return self._read_answer(request, answer)

    def _read_answer(self, request: Request[R], unverified: bytes) -> R:
        message: dict[str, Any] = orjson.loads(unverified)
        if (error := message.get("error")) is not None:
            raise _refusal(error)
        reply: R = type(request).reply.model_validate(message["reply"])  # type: ignore[assignment]
        return reply

    async def _error(self, error: Exception) -> None:
        what = {"error": repr(error), "broker": self._tried}
        if self.connected:  # such as what this service may not do
            log.warning("bus_error", service=self.service, **what)
            return
        self.outage.report("bus_error", **what)
        # nats-py drops the socket of a node that accepted it and said nothing without closing it.
        if self._client is None:
            return
        if (writer := self._writer()) is not None:
            writer.transport.abort()

    @property
    def _tried(self) -> str:
        """The node that an error is about, or all where that is not known."""
        if self._client is None or self._client.is_connected:
            return self.addresses
        tried = self._client._server_pool[-1]  # noqa: SLF001 - has no API
        return _address_of(tried.uri.netloc)

    async def keep_connected(self) -> None:
        """Abort a lost connection that does not close, for ever.

        nats-py connects again only once the old socket is closed, and that waits until a node that
        is frozen or gone has taken what is left to send.
        """
        while True:
            if self.connected:
                self._connected_at = monotonic()
            elif self.disconnected_seconds > ABORT_AFTER_SECONDS:
                self._abort()
            await asyncio.sleep(LOOK_EVERY_SECONDS)

    def _abort(self) -> None:
        if (writer := self._writer()) is not None and writer.transport.is_closing():
            self.outage.report("connection_aborted")
            writer.transport.abort()

    def _writer(self) -> asyncio.StreamWriter | None:
        transport = self.client._transport  # noqa: SLF001 - has no API
        writer: asyncio.StreamWriter | None = getattr(transport, "_io_writer", None)
        return writer

    async def _disconnected(self) -> None:
        self._replies.connection_lost()

    async def _reconnected(self) -> None:
        self.outage.over()

    async def _closed(self) -> None:
        """nats-py gave up for good: a service without its broker must not go on as if it had it."""
        if not self._stopping:
            log.critical("bus_closed_unexpectedly", service=self.service)
            signal.raise_signal(signal.SIGTERM)


def _refusal(said: dict[str, Any]) -> PlatformError:
    """As it was raised (`kit.consume.refusal_of`)."""
    refusal = ERROR_OF_KIND[Kind(said["kind"])](
        said["sentence"],
        hint=said["hint"],
        code=said["code"],
        retry_after_seconds=said.get("retry_after_seconds"),
        findings=said["findings"],
        more_findings=said.get("more_findings", 0),
    )
    refusal.sign_in = said.get("sign_in", "")
    return refusal


def _address_of(server: str) -> str:
    """`host:port` of a URL with or without a scheme, a user and a password."""
    return server.rpartition("@")[2].rpartition("//")[2].rstrip("/")


async def close(client: Client) -> None:
    """Close, also while it connects again: `wait_for` of Python 3.11 may swallow the cancellation
    that nats-py sends once, and the process could then not end. Where it reaches the wait for the
    connection's end, which closing waits for too, it would cancel whoever closes.
    """
    reconnecting = client._reconnection_task  # noqa: SLF001 - has no API
    closing = asyncio.create_task(client.close())
    try:
        await asyncio.wait([closing])
    finally:
        closing.cancel()
    with suppress(NatsError, OSError, TimeoutError, asyncio.CancelledError):
        closing.result()
    while reconnecting is not None and not reconnecting.done():
        reconnecting.cancel()
        await asyncio.wait([reconnecting], timeout=LOOK_EVERY_SECONDS)
