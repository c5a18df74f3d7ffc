"""Answers that are read piece by piece: the head first, and never more than is asked for."""

import asyncio
import gzip
import tracemalloc
from dataclasses import replace

import httpx
import pytest

from egress import ConnectionLost, Egress, EgressTransport, ResponseTooLarge, TimedOut, follow
from egress.wire.body import PIECE
from shared.egress.tests.peer import answering, reply

pytestmark = pytest.mark.integration
KIB = 1024
MIB = 1024 * KIB
HEAD = b"HTTP/1.1 200 OK\r\nX-Name: a\r\nContent-Length: %d\r\n\r\n"


class Purse:
    """A budget without bounds, which remembers the most that was held."""

    def __init__(self):
        self.held = self.most = 0

    def take(self, key, amount):
        self.held += amount
        self.most = max(self.most, self.held)

    def give(self, key, amount):
        self.held -= amount


def halting(length, first, event, rest=b""):
    """A peer that sends a head and `first`, and `rest` once the event is set."""

    async def script(peer, reader, writer):
        await peer.read(reader)
        writer.write(HEAD % length + first)
        await writer.drain()
        await event.wait()
        writer.write(rest)
        await writer.drain()
        await asyncio.sleep(5)

    return script


async def test_the_head_and_each_piece_are_there_before_the_body_ends(serve):
    more = asyncio.Event()
    peer = await serve(halting(6, b"abc", more, b"def"))

    async with Egress(peer.settings()) as egress, egress.stream(peer.request()) as answer:
        assert (answer.status, answer.header("x-name"), answer.is_complete) == (200, "a", None)
        assert await anext(answer) == b"abc"
        more.set()
        assert [piece async for piece in answer] == [b"def"]
        assert answer.is_complete


async def test_who_reads_slowly_makes_the_api_send_slowly(serve):
    sent = 0

    async def script(peer, reader, writer):
        nonlocal sent
        await peer.read(reader)
        writer.write(HEAD % (256 * MIB))
        for _ in range(256):
            writer.write(bytes(MIB))
            await writer.drain()
            sent += MIB

    peer = await serve(script)
    purse = Purse()
    rules = peer.settings(max_bytes=300 * MIB)
    async with Egress(rules, budget=purse) as egress, egress.stream(peer.request()) as answer:
        tracemalloc.start()
        for _ in range(20):
            await anext(answer)
            answer.holds(0)
            await asyncio.sleep(0.01)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()

    assert sent < 64 * MIB  # what the kernel takes, and what was read
    assert peak < 8 * MIB
    assert purse.most < MIB
    assert purse.held == 0


async def test_an_answer_that_is_read_to_its_end_leaves_the_connection_for_another(serve):
    peer = await serve(answering(reply(b"a" * 300_000), reply(b"b")))

    async with Egress(peer.settings()) as egress:
        for expected in (b"a" * 300_000, b"b"):
            async with egress.stream(peer.request()) as answer:
                assert b"".join([piece async for piece in answer]) == expected

    assert peer.connections == 1


async def test_an_answer_that_is_left_before_its_end_ends_the_connection(serve):
    peer = await serve(answering(reply(b"a" * MIB), reply(b"b"), then="hang"))
    purse = Purse()

    async with Egress(peer.settings(), budget=purse) as egress:
        async with egress.stream(peer.request()) as answer:
            await anext(answer)
        async with egress.stream(peer.request()) as answer:
            assert await answer.read() == b"a" * MIB  # of a new connection

    assert peer.connections == 2
    assert purse.held == 0


async def test_an_error_of_the_reader_ends_the_connection_and_gives_the_bytes_back(serve):
    peer = await serve(answering(reply(b"a" * MIB), then="hang"))
    purse = Purse()

    async with Egress(peer.settings(), budget=purse) as egress:

        async def fail():
            async with egress.stream(peer.request()) as answer:
                await anext(answer)
                _ = 1 / 0

        with pytest.raises(ZeroDivisionError):
            await fail()
        assert (purse.held, egress._pool.open) == (0, 0)


@pytest.mark.parametrize("reads", [True, False])
async def test_the_deadline_holds_whether_the_body_is_read_or_not(serve, reads):
    peer = await serve(halting(6, b"abc", asyncio.Event()))

    async with Egress(peer.settings()) as egress:
        began = asyncio.get_running_loop().time()
        async with egress.stream(peer.request(timeout_seconds=0.3)) as answer:
            if not reads:
                await asyncio.sleep(0.5)
            with pytest.raises(TimedOut, match="did not finish") as refused:
                await answer.read()

        assert asyncio.get_running_loop().time() - began < 3
        assert refused.value.sent
        assert egress._pool.open == 0


async def test_an_answer_that_breaks_off_between_two_pieces_was_sent(serve):
    async def script(peer, reader, writer):
        await peer.read(reader)
        writer.write(HEAD % 6 + b"abc")
        await writer.drain()

    peer = await serve(script)
    async with Egress(peer.settings()) as egress, egress.stream(peer.request("POST")) as answer:
        with pytest.raises(ConnectionLost) as refused:
            await answer.read()

    assert refused.value.sent
    assert len(peer.requests) == 1


async def test_h57_a_bomb_is_unpacked_as_it_is_read_and_refused_at_its_cap(serve):
    packed = gzip.compress(bytes(64 * MIB))
    peer = await serve(answering(reply(packed, b"200 OK", b"Content-Encoding: gzip")))
    pieces = []

    async def read(answer):
        async for piece in answer:
            pieces.append(len(piece))
            await asyncio.sleep(0.01)

    request = peer.request(max_bytes=2 * MIB)
    async with Egress(peer.settings()) as egress, egress.stream(request) as answer:
        with pytest.raises(ResponseTooLarge):
            await read(answer)

    assert max(pieces) <= PIECE
    assert sum(pieces) == 2 * MIB


@pytest.mark.parametrize("packed", [True, False])
async def test_with_cut_the_rest_is_not_read(serve, packed):
    body = gzip.compress(bytes(8 * MIB)) if packed else bytes(8 * MIB)
    coding = b"Content-Encoding: gzip" if packed else b"X-Coding: none"
    peer = await serve(answering(reply(body, b"200 OK", coding)))

    async with Egress(peer.settings()) as egress:
        async with egress.stream(peer.request(max_bytes=MIB, cut=True)) as answer:
            assert sum([len(piece) async for piece in answer]) == MIB
            assert answer.is_complete is False
        assert egress._pool.open == 0


async def test_pieces_that_are_kept_stay_counted(serve):
    peer = await serve(answering(reply(bytes(MIB))))
    purse = Purse()

    rules = peer.settings()
    async with Egress(rules, budget=purse) as egress, egress.stream(peer.request()) as answer:
        kept = [piece async for piece in answer]
        assert purse.held >= sum(map(len, kept)) == MIB

    assert purse.held == 0


async def test_a_client_of_httpx_reads_as_it_comes(serve):
    more = asyncio.Event()
    peer = await serve(halting(6, b"abc", more, b"def"))

    async with Egress(peer.settings()) as egress:
        transport = EgressTransport(egress, pool_key="ws:con")
        client = httpx.AsyncClient(transport=transport)
        async with client, client.stream("GET", peer.origin) as answer:
            pieces = answer.aiter_raw()
            assert await anext(pieces) == b"abc"
            more.set()
            assert await anext(pieces) == b"def"
        assert egress._pool.open == 1


async def test_a_client_of_httpx_that_leaves_early_ends_the_connection(serve):
    peer = await serve(halting(6, b"abc", asyncio.Event()))

    async with Egress(peer.settings()) as egress:
        transport = EgressTransport(egress, pool_key="ws:con")
        client = httpx.AsyncClient(transport=transport)
        async with client, client.stream("GET", peer.origin) as answer:
            assert answer.status_code == 200
        assert egress._pool.open == 0


async def test_what_a_redirect_says_beside_is_not_read(serve):
    never = asyncio.Event()

    async def script(peer, reader, writer):
        await peer.read(reader)
        if len(peer.requests) == 1:
            writer.write(b"HTTP/1.1 302 Found\r\nLocation: /b\r\nContent-Length: 9999\r\n\r\nabc")
            await never.wait()
        writer.write(reply(b"there"))
        await writer.drain()

    peer = await serve(script)
    async with Egress(peer.settings()) as egress:
        followed = await follow(egress, peer.request())

    assert (followed.response.body, followed.target.path_and_query) == (b"there", "/b")


@pytest.mark.parametrize("size", [10_000, 200_000])
async def test_an_answer_that_came_and_was_not_read_is_no_danger_to_the_next(serve, size):
    peer = await serve(answering(reply(b"a" * size), reply(b"b")))

    async with Egress(peer.settings()) as egress:
        async with egress.stream(peer.request()):
            await asyncio.sleep(0.1)  # all of it arrives; much of it pauses the socket
        async with egress.stream(peer.request()) as answer:
            body = await answer.read()

    assert (peer.connections, len(body)) == ((1, 1) if size < 64 * KIB else (2, size))


async def test_an_answer_that_is_all_there_is_no_longer_than_any_other(serve):
    """It comes with its head, so that it could be taken as one piece."""
    peer = await serve(answering(reply(b"a" * 1_001)))

    async with Egress(peer.settings()) as egress:
        with pytest.raises(ResponseTooLarge):
            await egress.send(peer.request(max_bytes=1_000))
        cut = await egress.send(peer.request(max_bytes=1_000, cut=True))
        whole = await egress.send(peer.request(max_bytes=1_001))

    assert (len(cut.body), cut.complete) == (1_000, False)
    assert (len(whole.body), whole.complete) == (1_001, True)


async def test_the_deadline_of_an_answer_that_was_read_does_not_end_the_next_one(serve):
    """Both over the same connection; the first one's deadline passes during the second."""

    async def script(peer, reader, writer):
        for first, pause in ((b"a", 0.05), (b"c", 0.6)):
            await peer.read(reader)
            writer.write(HEAD % 2 + first)
            await writer.drain()
            await asyncio.sleep(pause)
            writer.write(b"b")
            await writer.drain()

    peer = await serve(script)
    async with Egress(peer.settings()) as egress:
        async with egress.stream(replace(peer.request(), timeout_seconds=0.4)) as answer:
            assert await answer.read() == b"ab"
        async with egress.stream(peer.request()) as answer:
            assert await answer.read() == b"cb"

    assert peer.connections == 1
