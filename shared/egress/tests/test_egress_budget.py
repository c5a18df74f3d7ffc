"""The bytes that all exchanges together may hold, and who is refused what."""

import asyncio

import pytest

from contracts.errors import Limited, Unavailable
from egress import Egress, EgressError, Overloaded, ShareExceeded
from egress.budget import RESERVED
from shared.egress.tests.peer import answering

pytestmark = pytest.mark.integration
KIB = 1024


class Purse:
    """A budget without shares: each key may hold `most`, all together `everything`."""

    def __init__(self, most, everything=10**9):
        self.most, self.everything = most, everything
        self.held = {}

    def take(self, key, amount):
        if sum(self.held.values()) + amount > self.everything:
            raise Unavailable("Others hold everything.")
        if self.held.get(key, 0) + amount > self.most:
            raise Limited("You hold your share.", hint="Wait.", retry_after_seconds=3)
        self.held[key] = self.held.get(key, 0) + amount

    def give(self, key, amount):
        self.held[key] -= amount


def answer(size, declared=True):
    length = b"content-length: %d\r\n" % size if declared else b"connection: close\r\n"
    return b"HTTP/1.1 200 OK\r\n" + length + b"\r\n" + b"a" * size


async def test_b7_an_exchange_holds_its_bytes_while_it_is_under_way_and_no_longer(serve):
    purse = Purse(10**9)
    peer = await serve(answering(answer(300 * KIB)))
    async with Egress(peer.settings(), budget=purse) as egress:
        response = await egress.send(peer.request(share_key="ws_1"))

    assert len(response.body) == 300 * KIB
    assert purse.held == {"ws_1": 0}


async def test_b7_who_holds_its_share_is_refused_before_anything_is_sent(serve):
    peer = await serve(answering(answer(1)))
    async with Egress(peer.settings(), budget=Purse(RESERVED)) as egress:
        with pytest.raises(ShareExceeded, match="You hold your share") as refused:
            await egress.send(peer.request("POST", share_key="ws_1"))

    assert (refused.value.sent, peer.requests) == (False, [])
    assert (refused.value.code, refused.value.retry_after_seconds) == ("egress.share_exceeded", 3)


async def test_b7_where_others_hold_everything_the_way_out_is_overloaded(serve):
    peer = await serve(answering(answer(1)))
    async with Egress(peer.settings(), budget=Purse(10**9, RESERVED)) as egress:
        with pytest.raises(Overloaded) as refused:
            await egress.send(peer.request(share_key="ws_1"))

    assert not refused.value.sent


@pytest.mark.parametrize("declared", [True, False])
async def test_b7_an_answer_beyond_the_share_ends_the_exchange_and_says_that_it_was_sent(
    serve, declared
):
    purse = Purse(512 * KIB)
    peer = await serve(answering(answer(2_000 * KIB, declared)))
    async with Egress(peer.settings(), budget=purse) as egress:
        with pytest.raises(ShareExceeded) as refused:
            await egress.send(peer.request("POST", share_key="ws_1"))

    assert (refused.value.sent, len(peer.requests)) == (True, 1)
    assert purse.held == {"ws_1": 0}


@pytest.mark.parametrize("declared", [True, False])
async def test_b7_with_cut_an_answer_beyond_the_share_ends_there(serve, declared):
    """Its request was sent: what the API answered so far is handed out."""
    purse = Purse(512 * KIB)
    peer = await serve(answering(answer(2_000 * KIB, declared)))
    request = peer.request("POST", share_key="ws_1", cut=True)
    async with Egress(peer.settings(), budget=purse) as egress:
        async with egress.stream(request) as answered:
            body = await answered.read()
            assert (answered.status, answered.is_complete) == (200, False)
            assert isinstance(answered.shortage, ShareExceeded)
        assert egress._pool.open == 0

    assert 256 * KIB < len(body) < 512 * KIB
    assert purse.held == {"ws_1": 0}


async def test_b7_an_exchange_without_an_answer_gives_its_bytes_back(serve):
    purse = Purse(10**9)
    peer = await serve(answering(b"nonsense\r\n\r\n"))
    async with Egress(peer.settings(), budget=purse) as egress:
        with pytest.raises(EgressError):
            await egress.send(peer.request(share_key="ws_1"))

    assert purse.held == {"ws_1": 0}


async def test_b7_with_cut_a_last_piece_is_no_longer_than_there_is_room_for(serve):
    purse = Purse(RESERVED + 4 * KIB)
    peer = await serve(answering(answer(240 * KIB)))
    async with Egress(peer.settings(), budget=purse) as egress:
        response = await egress.send(peer.request(share_key="ws_1", cut=True))

    assert not response.complete
    assert 0 < len(response.body) <= RESERVED + 4 * KIB


async def test_b7_with_cut_an_answer_ends_where_its_reader_has_no_room_for_it(serve):
    peer = await serve(answering(answer(2_000 * KIB)))
    request = peer.request(share_key="ws_1", cut=True)
    egress, pieces = Egress(peer.settings(), budget=Purse(512 * KIB)), 0
    async with egress, egress.stream(request) as answered:
        async for _ in answered:
            pieces += 1
            answered.holds(10**6)  # such as text of four bytes a character

    assert (pieces, answered.is_complete) == (1, False)
    assert answered.shortage.code == "egress.share_exceeded"


async def test_b7_without_cut_a_reader_without_room_is_refused(serve):
    peer = await serve(answering(answer(2_000 * KIB)))
    egress = Egress(peer.settings(), budget=Purse(512 * KIB))
    async with egress, egress.stream(peer.request(share_key="ws_1")) as answered:
        with pytest.raises(ShareExceeded):
            answered.holds(10**6)


async def test_b7_what_is_reserved_is_what_a_connection_buffers_before_it_pauses_the_socket(serve):
    """As much as aiohttp takes, and one read of the socket."""
    peer = await serve(answering(answer(8_000 * KIB)))
    async with Egress(peer.settings()) as egress, egress.stream(peer.request()) as answered:
        buffer = answered._pieces._body
        assert buffer.get_read_buffer_limits()[1] == RESERVED
        await asyncio.sleep(0.3)  # nobody reads
        assert RESERVED < buffer.total_bytes <= RESERVED + 256 * KIB


async def test_b7_what_a_connection_may_buffer_counts_beside_what_was_read(serve):
    purse = Purse(10**9)
    peer = await serve(answering(answer(2_000 * KIB)))
    request = peer.request(share_key="ws_1")
    egress = Egress(peer.settings(), budget=purse)
    async with egress, egress.stream(request) as answered:
        read = len(await anext(answered))
        assert purse.held["ws_1"] >= RESERVED + read


async def test_b7_an_answer_that_is_all_there_takes_the_place_of_the_buffer(serve):
    purse = Purse(10**9)
    peer = await serve(answering(answer(10 * KIB)))
    request = peer.request(share_key="ws_1")
    egress = Egress(peer.settings(), budget=purse)
    async with egress, egress.stream(request) as answered:
        assert len(await answered.read()) == 10 * KIB
        assert RESERVED < purse.held["ws_1"] < RESERVED + KIB


async def test_b7_one_key_leaves_another_its_part(serve):
    peer = await serve(answering(answer(1)))
    async with Egress(peer.settings(), budget=Purse(2 * RESERVED)) as egress:
        first = await egress.send(peer.request(share_key="ws_1"))
        ours = [egress.send(peer.request(share_key="ws_1")) for _ in range(4)]
        theirs = egress.send(peer.request(share_key="ws_2"))
        *refused, served = await asyncio.gather(*ours, theirs, return_exceptions=True)

    assert first.status == served.status == 200
    assert any(isinstance(each, ShareExceeded) for each in refused)


@pytest.mark.parametrize("declared", [True, False])
async def test_b7_with_cut_a_long_answer_ends_at_its_cap(serve, declared):
    peer = await serve(answering(answer(3_000 * KIB, declared)))
    async with Egress(peer.settings()) as egress:
        response = await egress.send(peer.request(max_bytes=1_000, cut=True))

    assert (response.status, response.body, response.complete) == (200, b"a" * 1_000, False)


async def test_with_cut_an_answer_within_its_cap_is_complete(serve):
    peer = await serve(answering(answer(1_000)))
    async with Egress(peer.settings()) as egress:
        response = await egress.send(peer.request(max_bytes=1_000, cut=True))

    assert (len(response.body), response.complete) == (1_000, True)
