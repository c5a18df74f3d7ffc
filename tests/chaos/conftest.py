"""Tests run with one and with two replicas of each service, or with more than one alone."""

import pytest

from openactions_local.servers import free_port
from tests.chaos.own_servers import servers_in


@pytest.fixture
def demo_port():
    return free_port()


@pytest.fixture(params=[1, 2], ids=["one replica", "two replicas"])
def replicas(request):
    return request.param


@pytest.fixture
def form(tmp_path, demo_port, replicas):
    """The arguments of `openactions up`."""
    folder = ["--data", tmp_path, "--port", "0", "--demo-port", demo_port]
    return ["--separate", "--replicas", replicas, *folder]


@pytest.fixture
def servers(tmp_path):
    """Broker and database on ports of their own, not started."""
    children, nats_url, mongodb_url = servers_in(tmp_path)
    yield children, nats_url, mongodb_url
    for child in children:
        child.kill()
