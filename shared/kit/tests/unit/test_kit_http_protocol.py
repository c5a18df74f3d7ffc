"""B7: how long the server waits for whoever reads an answer, by its buffer alone."""

import asyncio
from types import SimpleNamespace

import pytest
import uvicorn
from uvicorn.server import ServerState

from kit.front import UNREAD
from kit.http_protocol import READ_BYTES, READ_SECONDS, ProblemProtocol


class Timers:
    """A loop that is asked for timers alone."""

    def __init__(self):
        self._pending = []

    def call_later(self, seconds, callback):
        timer = SimpleNamespace(seconds=seconds, callback=callback)
        timer.cancel = lambda: self._cancel(timer)
        self._pending.append(timer)
        return timer

    def _cancel(self, timer):
        """Also one that has passed."""
        self._pending = [each for each in self._pending if each is not timer]

    def pass_by(self):
        """The only timer that is pending; False where there is none."""
        if not self._pending:
            return False
        [timer] = self._pending
        assert timer.seconds == READ_SECONDS
        self._pending.clear()
        timer.callback()
        return True


class Buffer:
    """A transport that writes nothing by itself."""

    def __init__(self, size):
        self.size = size
        self.closing = False
        self.aborted = False

    def get_write_buffer_size(self):
        return self.size

    def get_extra_info(self, name):
        return None

    def is_closing(self):
        return self.closing

    def close(self):
        self.closing = True

    def abort(self):
        self.aborted = True


async def nothing(scope, receive, send):
    raise AssertionError


@pytest.fixture
def timers():
    return Timers()


@pytest.fixture
def serving(timers):
    def serving(size):
        config = uvicorn.Config(nothing, log_config=None)
        protocol = ProblemProtocol(config, ServerState(), {}, _loop=timers)
        protocol.connection_made(Buffer(size))
        protocol.cycle = SimpleNamespace(
            scope={}, response_complete=True, message_event=asyncio.Event()
        )
        return protocol, protocol.transport

    return serving


def test_b7_the_last_bytes_of_a_connection_that_closes_are_waited_for_as_long(serving, timers):
    protocol, transport = serving(READ_BYTES + 1)
    protocol.pause_writing()
    transport.close()
    transport.size = 1_000
    protocol.resume_writing()

    assert timers.pass_by()
    assert transport.aborted
    assert protocol.cycle.scope[UNREAD] == 1_000


def test_b7_an_answer_that_is_read_when_the_connection_was_idle_is_waited_for(serving, timers):
    protocol, transport = serving(4 * READ_BYTES)
    protocol.pause_writing()
    protocol.timeout_keep_alive_handler()

    assert transport.closing
    for _ in range(3):
        transport.size -= READ_BYTES
        assert timers.pass_by()
        assert not transport.aborted
    assert timers.pass_by()
    assert transport.aborted


def test_b7_an_answer_that_was_read_is_not_waited_for(serving, timers):
    protocol, transport = serving(READ_BYTES + 1)
    protocol.pause_writing()
    transport.size = 0
    protocol.resume_writing()

    assert not timers.pass_by()


def test_b7_a_connection_that_ended_is_not_waited_for(serving, timers):
    protocol, transport = serving(READ_BYTES + 1)
    protocol.pause_writing()
    transport.closing = True
    protocol.connection_lost(None)

    assert not timers.pass_by()
