"""Tests run with one and with two replicas of each service, or with more than one alone."""

import pytest

from openactions_local.servers import free_port, mongodb_server, nats_server


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
    ports = [free_port(), free_port()]
    children = [
        nats_server(tmp_path / "nats", ports[0]),
        mongodb_server(tmp_path / "mongodb", ports[1]),
    ]
    yield children, f"nats://127.0.0.1:{ports[0]}", f"mongodb://127.0.0.1:{ports[1]}"
    for child in children:
        child.kill()
