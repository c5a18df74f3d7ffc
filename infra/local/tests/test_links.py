"""The rig of the fault tests does to a connection what it says, and nothing else."""

import asyncio
from time import monotonic

import pytest

from contracts.facts import DomainsChanged
from contracts.ids import WorkspaceId
from kit.bus import Bus
from kit.testing import eventually

pytestmark = pytest.mark.integration
FACT = DomainsChanged(workspace_id=WorkspaceId("ws_1"), revision=1)


@pytest.fixture
async def echo_port():
    async def echo(reader, writer):
        while data := await reader.read(65_536):
            writer.write(data)
            await writer.drain()
        writer.close()

    server = await asyncio.start_server(echo, "127.0.0.1", 0)
    yield server.sockets[0].getsockname()[1]
    server.close()


@pytest.fixture
def link(echo_port, link_to):
    return link_to(echo_port)


@pytest.fixture
async def connect(link):
    writers = []

    async def connection():
        reader, writer = await asyncio.open_connection("127.0.0.1", link.port)
        writers.append(writer)
        return reader, writer

    yield connection
    for writer in writers:
        writer.transport.abort()


async def comes(reader, size, within=5):
    return await asyncio.wait_for(reader.readexactly(size), within)


async def nothing_comes(reader):
    with pytest.raises(TimeoutError):
        await comes(reader, 1, within=0.3)


async def test_bytes_pass_in_both_directions_and_in_order(connect):
    reader, writer = await connect()
    sent = b"".join(b"%07d" % number for number in range(100_000))

    writer.write(sent)

    assert await comes(reader, len(sent)) == sent


async def test_delayed_bytes_come_late_and_in_order(connect, link):
    reader, writer = await connect()
    link.to_client.delay(0.5)
    began = monotonic()
    writer.write(b"1")
    await asyncio.sleep(0.05)
    link.to_client.delay(0)
    writer.write(b"2")

    assert await comes(reader, 2) == b"12"
    assert monotonic() - began >= 0.5


async def test_a_growing_delay_grows_to_its_limit(link):
    link.to_client.delay(0.1, growing_to=3, within=0.2)

    assert link.to_client.delay_now < 3
    await asyncio.sleep(0.25)
    assert link.to_client.delay_now == 3


async def test_what_is_stopped_is_held_and_comes_when_restored(connect, link):
    reader, writer = await connect()
    link.stop()
    writer.write(b"held")
    await nothing_comes(reader)

    link.restore()

    assert await comes(reader, 4) == b"held"


async def test_a_cut_resets_what_is_open_and_what_is_opened(connect, link):
    reader, _ = await connect()
    await asyncio.sleep(0.05)

    link.cut()

    with pytest.raises(ConnectionResetError):
        await comes(reader, 1)
    with pytest.raises(ConnectionResetError):
        await comes((await connect())[0], 1)
    link.restore()
    reader, writer = await connect()
    writer.write(b"again")
    assert await comes(reader, 5) == b"again"


async def test_an_end_is_passed_on_after_the_last_byte(connect):
    reader, writer = await connect()
    writer.write(b"last")
    writer.write_eof()

    assert await asyncio.wait_for(reader.read(), 5) == b"last"


@pytest.mark.timeout(90)
async def test_a_cluster_whose_leader_is_cut_off_leads_elsewhere_and_heals(mortal_cluster):
    bus = Bus("policy", mortal_cluster.url_of("policy"), stream_replicas=3)
    await bus.connect()
    old = await mortal_cluster.leader("FACTS")
    async with mortal_cluster.admin(old) as client:
        mortal_cluster.isolate(old.name)

        await mortal_cluster.leader("FACTS", other_than=old.name)

        assert client.is_connected
    mortal_cluster.heal()

    async def all_three_follow():
        """The node that was cut off is a member of the stream again."""
        stream = await bus.jetstream.stream_info("FACTS")
        return all(replica.current for replica in stream.cluster.replicas or [])

    await eventually(all_three_follow, within_seconds=30)
    await bus.stop()
