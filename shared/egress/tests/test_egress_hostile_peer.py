"""H53-H59, F32: peers that break the protocol, stall, flood, or bomb."""

import asyncio
import gzip
import socket
import struct
import tracemalloc
import zlib

import pytest

from egress import (
    ConnectionLost,
    Egress,
    EncodingRefused,
    NetworkFailed,
    ResponseMalformed,
    ResponseTooLarge,
    TimedOut,
)
from shared.egress.tests.peer import answering, reply

pytestmark = pytest.mark.integration

MIB = 1024 * 1024
OK = b"HTTP/1.1 200 OK\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"

MALFORMED = {
    "H53-ssh": b"SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n",
    "H53-redis": b"-ERR unknown command 'GET'\r\n",
    "H53-http09": b"<html>hello</html>",
    "H53-status": b"HTTP/1.1 abc OK\r\n\r\n",
    "H53-http2": b"HTTP/2.0 200 OK\r\nContent-Length: 0\r\n\r\n",
    "H53-upgrade": b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n",
    "H55-interim": b"HTTP/1.1 100 Continue\r\n\r\n" * 6 + reply(),
    "H56-both": OK + b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n",
    "H56-both-swapped": OK + b"Transfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n0\r\n\r\n",
    "H56-two-lengths": OK + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\nokk",
    "H56-negative": OK + b"Content-Length: -1\r\n\r\n",
    "H56-chunk-size": CHUNKED + b"zz\r\nok\r\n",
    "H56-chunk-minus": CHUNKED + b"-1\r\nok\r\n",
    "H56-smuggled": reply(b"ok") + reply(b"second") + b"garbage",
    "H57-not-gzip": reply(b"plain", b"200 OK", b"Content-Encoding: gzip"),
    "H57-cut-gzip": reply(gzip.compress(b"x" * 99)[:-6], b"200 OK", b"Content-Encoding: gzip"),
    "H58-lf": b"HTTP/1.1 200 OK\nContent-Length: 2\n\nok",
    "H58-fold": OK + b"A: b\r\n c\r\nContent-Length: 2\r\n\r\nok",
    "H58-nul": OK + b"A: b\0c\r\nContent-Length: 2\r\n\r\nok",
    "H58-cr": OK + b"A: b\rB: c\r\nContent-Length: 2\r\n\r\nok",
    "H58-space": OK + b"A : b\r\nContent-Length: 2\r\n\r\nok",
    "H58-no-colon": OK + b"nonsense\r\nContent-Length: 2\r\n\r\nok",
}
TOO_LARGE = {
    "H56-announced": OK + b"Content-Length: 10737418240\r\n\r\n",
    "H56-sent": OK + b"\r\n" + b"x" * (2 * MIB),
    "H56-chunked": CHUNKED + (b"10000\r\n" + b"x" * 65_536 + b"\r\n") * 32,
    "H56-framing": CHUNKED + b"1;" + b"e" * 8000 + b"\r\nx\r\n" + (b"1;eeeeee\r\nx\r\n" * 120_000),
    "H57-gzip": reply(gzip.compress(bytes(64 * MIB)), b"200 OK", b"Content-Encoding: gzip"),
    "H57-deflate": reply(zlib.compress(bytes(64 * MIB)), b"200 OK", b"Content-Encoding: deflate"),
    "H58-many": OK + b"A: b\r\n" * 100_000 + b"\r\n",
    "H58-long": OK + b"A: " + b"b" * MIB + b"\r\n\r\n",
}
STACKED = gzip.compress(gzip.compress(bytes(64 * MIB)))
ENCODED = {
    "H57-stacked": reply(STACKED, b"200 OK", b"Content-Encoding: gzip, gzip"),
    "H57-two": reply(STACKED, b"200 OK", b"Content-Encoding: gzip", b"Content-Encoding: gzip"),
    "H57-br": reply(b"x", b"200 OK", b"Content-Encoding: br"),
    "H57-zstd": reply(b"x", b"200 OK", b"Content-Encoding: zstd"),
    "H57-unknown": reply(b"x", b"200 OK", b"Content-Encoding: x-custom"),
    "H57-transfer": OK + b"Transfer-Encoding: gzip, chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n",
}
LOST = {
    "H53-nothing": b"",
    "H53-half-a-head": OK + b"Content-",
    "H56-short": OK + b"Content-Length: 100\r\n\r\nonly this",
    "H56-open-chunk": CHUNKED + b"5\r\nhel",
    "H56-no-last-chunk": CHUNKED + b"2\r\nok\r\n",
}


def named(table):
    return [pytest.param(wire, id=name) for name, wire in table.items()]


async def outcome_of(serve, call, wire, kind):
    peer = await serve(answering(wire))
    with pytest.raises(kind) as refused:
        await call(peer, max_bytes=MIB)
    assert refused.value.sent
    assert refused.value.hint
    assert peer.connections == 1


@pytest.mark.parametrize("wire", named(MALFORMED))
async def test_an_answer_that_breaks_http_is_malformed(serve, call, wire):
    await outcome_of(serve, call, wire, ResponseMalformed)


@pytest.mark.parametrize("wire", named(TOO_LARGE))
async def test_an_answer_that_is_too_large_is_cut_off(serve, call, wire):
    await outcome_of(serve, call, wire, ResponseTooLarge)


@pytest.mark.parametrize("wire", named(ENCODED))
async def test_an_answer_in_an_uninvited_coding_is_refused(serve, call, wire):
    await outcome_of(serve, call, wire, EncodingRefused)


@pytest.mark.parametrize("wire", named(LOST))
async def test_an_answer_that_ends_too_early_is_lost(serve, call, wire):
    await outcome_of(serve, call, wire, ConnectionLost)


def reset(writer):
    """Close with a TCP reset instead of a farewell."""
    sock = writer.get_extra_info("socket")
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


@pytest.mark.parametrize("before", [b"", OK, OK + b"Content-Length: 100\r\n\r\nsome"])
async def test_h53_a_reset_at_any_point_is_a_lost_connection(serve, call, before):
    async def script(peer, reader, writer):
        await peer.read(reader)
        writer.write(before)
        await writer.drain()
        await asyncio.sleep(0.02)
        reset(writer)

    peer = await serve(script)

    with pytest.raises(ConnectionLost):
        await call(peer)


async def test_h53_a_peer_that_half_closes_still_answers(serve, call):
    async def script(peer, reader, writer):
        await peer.read(reader)
        writer.write(OK + b"\r\nall of it")
        writer.write_eof()
        await reader.read()

    peer = await serve(script)

    assert (await call(peer)).body == b"all of it"


async def drip(writer, pieces):
    for piece in pieces:
        writer.write(piece)
        await writer.drain()
        await asyncio.sleep(0.02)


async def silence(peer, reader, writer):
    await peer.read(reader)
    await asyncio.Event().wait()


async def drip_head(peer, reader, writer):
    await peer.read(reader)
    writer.write(OK)
    await drip(writer, [b"A: b\r\n"] * 1000)


async def drip_body(peer, reader, writer):
    await peer.read(reader)
    writer.write(OK + b"Content-Length: 1000\r\n\r\n")
    await drip(writer, [b"x"] * 1000)


async def drip_interim(peer, reader, writer):
    await peer.read(reader)
    await drip(writer, [b"HTTP/1.1 100 Continue\r\n\r\n"] * 5)
    await asyncio.Event().wait()


async def never_reading(peer, reader, writer):
    writer.transport.pause_reading()
    await asyncio.Event().wait()


@pytest.mark.parametrize(
    "script", [silence, drip_head, drip_body, drip_interim, never_reading], ids=lambda s: s.__name__
)
async def test_h55_the_total_deadline_ends_whatever_trickles(serve, call, script):
    peer = await serve(script)

    with pytest.raises(TimedOut) as late:
        await call(peer, method="POST", body=bytes(16 * MIB), timeout_seconds=0.3)

    assert late.value.sent


@pytest.mark.parametrize("calls_before", [0, 1], ids=["fresh", "reused"])
async def test_the_first_byte_has_a_deadline_of_its_own(serve, calls_before):
    async def script(peer, reader, writer):
        for _ in range(calls_before):
            await peer.read(reader)
            writer.write(reply())
        await silence(peer, reader, writer)

    peer = await serve(script)
    async with Egress(peer.settings(first_byte_seconds=0.2)) as egress, asyncio.timeout(10):
        for _ in range(calls_before):
            await egress.send(peer.request())
        with pytest.raises(TimedOut):
            await egress.send(peer.request(timeout_seconds=25))

    assert peer.connections == 1


async def test_a_body_may_take_longer_than_the_first_byte(serve, call):
    async def script(peer, reader, writer):
        await peer.read(reader)
        writer.write(OK + b"Content-Length: 10\r\n\r\n")
        await drip(writer, [b"x"] * 10)

    peer = await serve(script)

    answer = await call(peer, settings=peer.settings(first_byte_seconds=0.1))

    assert answer.body == b"x" * 10


async def test_h56_a_body_without_end_is_cut_at_the_cap_and_the_connection_is_dropped(serve):
    gone = asyncio.Event()

    async def script(peer, reader, writer):
        await peer.read(reader)
        writer.write(CHUNKED)
        try:
            while True:
                writer.write(b"10000\r\n" + b"x" * 65_536 + b"\r\n")
                await writer.drain()
        finally:
            gone.set()

    peer = await serve(script)
    async with Egress(peer.settings()) as egress:
        with pytest.raises(ResponseTooLarge):
            await egress.send(peer.request(max_bytes=MIB))
        async with asyncio.timeout(5):
            await gone.wait()
        peer.script = answering(reply())
        await egress.send(peer.request())

    assert peer.connections == 2


@pytest.mark.parametrize(
    "wire",
    [TOO_LARGE["H57-gzip"], TOO_LARGE["H57-deflate"], ENCODED["H57-stacked"]],
    ids=["gzip", "deflate", "stacked"],
)
async def test_h57_no_answer_costs_more_than_32_mib(serve, call, wire):
    peer = await serve(answering(wire))
    tracemalloc.start()
    try:
        with pytest.raises(NetworkFailed):
            await call(peer)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert peak < 32 * MIB


async def test_h57_unpacking_a_bomb_lets_others_run(serve, call):
    peer = await serve(answering(TOO_LARGE["H57-gzip"]))
    turns = 0

    async def others():
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    running = asyncio.create_task(others())
    with pytest.raises(ResponseTooLarge):
        await call(peer, max_bytes=8 * MIB)
    running.cancel()

    assert turns > 20


async def test_f32_a_worker_outlives_every_hostile_peer(serve):
    """One Egress meets them all, then carries an honest call, and holds no place for the dead."""
    hostile = [*MALFORMED.values(), *TOO_LARGE.values(), *ENCODED.values(), *LOST.values()]
    peer = await serve(answering(reply()))

    async with Egress(peer.settings(max_connections=2)) as egress:
        for wire in hostile:
            peer.script = answering(wire)
            with pytest.raises(NetworkFailed):
                await egress.send(peer.request(max_bytes=MIB, pool_key="hostile"))
        peer.script = answering(reply(b"honest"), then="hang")
        answers = await asyncio.gather(
            egress.send(peer.request(pool_key="a")), egress.send(peer.request(pool_key="b"))
        )

    assert [answer.body for answer in answers] == [b"honest"] * 2


@pytest.mark.parametrize(
    "body",
    [b"[" * 100_000, b"1e400", b'{"a":1,"a":2}', b"NaN", b'"\\ud800"', b"9" * MIB,
     '{"a":"ü"}'.encode("utf-16"), b"\xef\xbb\xbf{}", b"\xff\xfe\x00"],
    ids=["deep", "huge", "twice", "nan", "surrogate", "digits", "utf16", "bom", "bytes"],
)  # fmt: skip
async def test_h59_a_body_is_passed_on_as_it_is(serve, call, body):
    peer = await serve(answering(reply(body, b"200 OK", b"Content-Type: application/json")))

    assert (await call(peer)).body == body
