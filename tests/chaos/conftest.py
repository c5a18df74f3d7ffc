"""Every fault is tried with one and with two replicas of each service."""

import pytest

from openactions_local.servers import free_port


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
