"""F42: everything starts at once and broker and database last; nobody ends, all get ready."""

from itertools import product

import httpx
import pytest

from openactions_local.servers import free_port
from openactions_local.services import OWNED_SEGMENTS, Platform
from tests.chaos.test_rolling_restart import Replica, root_keys, wait_for

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(180)]


@pytest.fixture
def started(servers, tmp_path, replicas):
    """Each process with the port of its health."""
    _, nats_url, mongodb_url = servers
    platform = Platform(mongodb_url, nats_url, root_keys, "", blobs_url=tmp_path.as_uri())
    processes = []
    for service, number in product(OWNED_SEGMENTS, range(1, replicas + 1)):
        health = free_port()
        environment = platform.environment(service) | {
            f"{service.upper()}_HEALTH_PORT": str(health)
        }
        replica = Replica(service, number, tmp_path, environment)
        replica.start()
        processes.append((replica, health))
    yield processes
    for replica, _ in processes:
        replica.kill()


def alive(port):
    try:
        return httpx.get(f"http://127.0.0.1:{port}/livez", timeout=2).status_code == 200
    except httpx.HTTPError:
        return False


def test_f42_services_wait_alive_for_broker_and_database_and_are_ready_within_a_minute(
    servers, started
):
    for replica, health in started:
        wait_for(lambda at=health: alive(at), f"{replica.name} is alive")
    pids = [replica.pid for replica, _ in started]

    for child in servers[0]:
        child.start()
    for replica, _ in started:
        replica.wait_until_ready()

    assert [replica.pid for replica, _ in started] == pids, "none ended and was started again"
    assert all(replica.running for replica, _ in started)
