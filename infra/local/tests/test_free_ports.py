"""Ports of servers that start later are not taken by connections of others meanwhile."""

from contextlib import asynccontextmanager

import httpx
import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from openactions_local.listening import PortTaken, listen
from openactions_local.servers import LOOPBACK, free_port
from openactions_local.serving import EndedEarly, serving_in_thread

pytestmark = pytest.mark.integration


def test_a_free_port_is_none_that_the_system_gives_to_outgoing_connections():
    with listen(0) as given_by_the_system:
        given = given_by_the_system.getsockname()[1]

    assert all(free_port() < min(given, 32_768) for _ in range(50))


def test_a_server_in_a_thread_answers_until_the_block_ends():
    app = Starlette(routes=[Route("/", lambda _: PlainTextResponse("here"))])
    port = free_port()
    with serving_in_thread(app, listen(port)):
        assert httpx.get(f"http://{LOOPBACK}:{port}/").text == "here"

    listen(port).close()


def test_a_taken_port_is_refused_where_nobody_serves_it_yet():
    port = free_port()
    with listen(port), pytest.raises(PortTaken, match=str(port)):
        listen(port)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_server_in_a_thread_that_does_not_start_is_an_error_and_no_wait():
    @asynccontextmanager
    async def fails(_):
        raise RuntimeError("there is no configuration")
        yield

    app = Starlette(lifespan=fails)
    with pytest.raises(EndedEarly), serving_in_thread(app, listen(free_port())):
        pass
