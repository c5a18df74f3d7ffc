"""A short connection to the broker for its operator, whose failures are sentences."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import nats
from nats.aio.client import Client
from nats.errors import AuthorizationError, NoRespondersError
from nats.errors import Error as NatsError
from nats.js import JetStreamContext
from nats.js.errors import NotFoundError

CONNECT_SECONDS = 3
ANSWER_SECONDS = 5.0


class OperatorFailed(RuntimeError):
    """What was asked for was not done, or not wholly; the sentence says why and what to do."""

    exit_code = 1


class BrokerAway(OperatorFailed):
    exit_code = 3


class StreamMissing(OperatorFailed):
    def __init__(self) -> None:
        super().__init__("The broker has no such stream. Has the platform ever run on it?")


class NotPermitted(OperatorFailed):
    exit_code = 4


@dataclass
class Broker:
    """`jetstream`, and what the server said that this user may not do."""

    client: Client
    refusals: list[str] = field(default_factory=list)

    @property
    def jetstream(self) -> JetStreamContext:
        return self.client.jetstream(timeout=ANSWER_SECONDS)


@asynccontextmanager
async def connected(url: str) -> AsyncIterator[Broker]:
    """Raises `BrokerAway` or `NotPermitted`, also for what fails inside the block."""
    refusals: list[str] = []

    async def keep_refusals(error: Exception) -> None:
        if "permissions violation" in str(error).lower():
            refusals.append(str(error))

    client = Client()
    try:
        await client.connect(
            servers=url.split(","),
            name="openactions operator",
            connect_timeout=CONNECT_SECONDS,
            allow_reconnect=False,
            max_reconnect_attempts=1,
            reconnect_time_wait=1,
            inbox_prefix=f"_INBOX_{_user_of(url)}",
            error_cb=keep_refusals,
        )
        yield Broker(client, refusals)
    except NotFoundError as error:
        raise StreamMissing from error
    except (NatsError, TimeoutError, OSError) as error:
        raise _failure(error, refusals) from error
    finally:
        await client.close()


def _user_of(url: str) -> str:
    """Who may subscribe to nothing but inboxes of that name."""
    return urlsplit(url.split(",", maxsplit=1)[0]).username or "operator"


def _failure(error: Exception, refusals: list[str]) -> OperatorFailed:
    if refusals or isinstance(error, AuthorizationError) or "authorization" in str(error).lower():
        said = refusals[-1] if refusals else str(error)
        return NotPermitted(
            f"The broker refused: {said}. Connect as the user `operator`, with its password in "
            "the address: nats://operator:PASSWORD@HOST:4222."
        )
    if isinstance(error, nats.errors.NoServersError | ConnectionError | OSError):
        return BrokerAway(
            "No broker answers there. Is the platform up? Name the broker with --nats-url or "
            "OPENACTIONS_NATS_URL."
        )
    if isinstance(error, NoRespondersError | TimeoutError):
        return BrokerAway(
            "The broker is there, but JetStream does not answer. Does its cluster have a leader?"
        )
    return OperatorFailed(f"The broker failed: {error!r}.")
