"""Answers to what this process asked, on one inbox: acknowledgements, replies, JetStream's API.

nats-py's own request keeps an answer for the first to come only; here a question may be repeated
and the first answer wins.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from os import urandom

from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import NoRespondersError

from kit.errors import BusUnavailable

NO_RESPONDERS = "503"
TOKEN_BYTES = 12
"""Unpredictable: whoever answers one question may publish to this inbox, not answer others."""
Answer = asyncio.Future[bytes]


class Replies:
    """Every waiting question fails at once when the connection is lost: its answer is lost too."""

    def __init__(self) -> None:
        self._waiting: dict[str, Answer] = {}
        self._repeated: set[str] = set()
        self._inbox = ""

    async def start(self, client: Client) -> None:
        inbox = client.new_inbox()
        await client.subscribe(f"{inbox}.*", cb=self._receive)
        self._inbox = f"{inbox}."

    @contextmanager
    def expect(self, seconds: float) -> Iterator[tuple[str, Answer]]:
        """The subject to reply to, and the future answer; TimeoutError after `seconds`."""
        token = urandom(TOKEN_BYTES).hex()
        loop = asyncio.get_running_loop()
        answer: Answer = loop.create_future()
        self._waiting[token] = answer
        # A bare timer: `asyncio.timeout` costs nine times as much.
        expiry = loop.call_later(seconds, _expire, answer)
        try:
            yield self._inbox + token, answer
        finally:
            expiry.cancel()
            del self._waiting[token]
            self._repeated.discard(token)
            if answer.done() and not answer.cancelled():
                answer.exception()  # nobody may have waited for it

    def repeat(self, reply_to: str, most: int) -> bool:
        """Whether it may be sent again, as one of at most `most` that are.

        Somebody has the first question: that nobody takes the second is no answer to it.
        """
        token = reply_to.removeprefix(self._inbox)
        if token not in self._repeated and len(self._repeated) >= most:
            return False
        self._repeated.add(token)
        return True

    def connection_lost(self) -> None:
        for answer in self._waiting.values():
            if not answer.done():
                answer.set_exception(BusUnavailable("The connection to the broker was lost."))

    async def _receive(self, msg: Msg) -> None:
        token = msg.subject.rpartition(".")[2]
        answer = self._waiting.get(token)
        if answer is None or answer.done():
            return
        if not msg.data and msg.headers and msg.headers.get("Status") == NO_RESPONDERS:
            if token not in self._repeated:
                answer.set_exception(NoRespondersError())
        else:
            answer.set_result(msg.data)


def _expire(answer: Answer) -> None:
    if not answer.done():
        answer.set_exception(TimeoutError())
