"""Fixtures for tests against real servers.

`nats_url` and `mongodb_url` are shared by a session. `nats`, `mongodb` and `mortal_cluster` are a
test's own, to be killed and frozen; `link_to` puts a faulty network before any of them. A test in
which code of ours connects past egress fails (`openactions_local.testing.way_out`).
"""

import asyncio
import gc
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from openactions_local.child import Child
from openactions_local.servers import accepts, free_port, mongodb_server, nats_server
from openactions_local.testing import Link, NatsCluster, Server
from openactions_local.testing.way_out import WayOut

WAY_OUT = WayOut()
DROPPED_WITHIN_SECONDS = 20
"""On a busy machine the embedded database takes longer than a service waits to drop a thousand
documents.
"""


def pytest_configure() -> None:
    WAY_OUT.install()


@pytest.fixture(scope="session", autouse=True)
def _nothing_connects_past_egress_between_tests() -> Iterator[list[str]]:
    """In fixtures that several tests share, and in what a test left running: it fails the session,
    at the end of its last test.
    """
    between: list[str] = []
    yield between
    found = between + WAY_OUT.taken()
    assert not found, "found between tests"  # noqa: S101 - a test's


@pytest.fixture(autouse=True)
def _nothing_connects_past_egress(
    _nothing_connects_past_egress_between_tests: list[str],
) -> Iterator[None]:
    """Also where what was refused to connect swallowed the error. A test fails by its own alone."""
    _nothing_connects_past_egress_between_tests += WAY_OUT.taken()
    yield
    found = WAY_OUT.taken()
    assert not found  # noqa: S101 - as above


MakeChild = Callable[[Path, int], Child]


def _running(server: MakeChild, folder: Path, scheme: str) -> Iterator[str]:
    port = free_port()
    child = server(folder, port)
    child.start()
    asyncio.run(child.ready(lambda: accepts(port)))
    yield f"{scheme}://127.0.0.1:{port}"
    asyncio.run(child.stop())


@pytest.fixture(scope="session")
def nats_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    yield from _running(nats_server, tmp_path_factory.mktemp("nats"), "nats")


@pytest.fixture(scope="session")
def mongodb_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    yield from _running(mongodb_server, tmp_path_factory.mktemp("mongodb"), "mongodb")


@pytest.fixture
async def database_name(mongodb_url: str) -> AsyncIterator[str]:
    """A database of the test's own, dropped afterwards."""
    from contracts.ids import new_id  # noqa: PLC0415 - plugins load before the test's path is set
    from kit import mongo  # noqa: PLC0415 - as above

    name = f"test_{new_id('db').lower()}"
    yield name
    client: Any = mongo.connect(mongodb_url)
    with mongo.database_deadline(DROPPED_WITHIN_SECONDS):
        await client.drop_database(name)
    client.close()


@pytest.fixture
async def database(mongodb_url: str, database_name: str) -> AsyncIterator[Any]:
    """That database, as a service's repositories are given it."""
    from kit import mongo  # noqa: PLC0415 - as above

    client: Any = mongo.connect(mongodb_url)
    yield client[database_name]
    client.close()


@pytest.fixture
async def nats(tmp_path: Path) -> AsyncIterator[Server]:
    """A broker of the test's own: nobody else's facts are in its streams."""
    server = Server(nats_server, tmp_path / "nats", "nats")
    await server.start()
    yield server
    await server.kill()
    gc.collect()  # what a client left open is this test's, not the next one's


@pytest.fixture
async def mongodb(tmp_path: Path) -> AsyncIterator[Server]:
    server = Server(mongodb_server, tmp_path / "mongodb", "mongodb")
    await server.start()
    yield server
    await server.kill()


@pytest.fixture
async def mortal_cluster(tmp_path: Path) -> AsyncIterator[NatsCluster]:
    """Three nodes of the test's own, with the product's configuration."""
    cluster = NatsCluster(tmp_path)
    await cluster.start()
    yield cluster
    await cluster.stop()
    gc.collect()  # what a client left open is this test's, not the next one's


@pytest.fixture
def link_to() -> Iterator[Callable[[int], Link]]:
    """Call it with a server's port for a link before it."""
    links: list[Link] = []

    def link(port: int) -> Link:
        links.append(Link(port))
        links[-1].start()
        return links[-1]

    yield link
    for each in links:
        each.close()
