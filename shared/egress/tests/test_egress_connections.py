"""Keeping connections, and giving them up: H44, F36."""

import asyncio
import contextlib
import sys
from pathlib import Path

import pytest

from egress import (
    ConnectionLost,
    Egress,
    EgressError,
    Overloaded,
    Withdrawn,
)
from shared.egress.tests.peer import answering, reply

pytestmark = pytest.mark.integration


async def test_a_connection_is_kept_and_used_again(serve):
    peer = await serve(answering(reply(), reply(), reply()))

    async with Egress(peer.settings()) as egress:
        for _ in range(3):
            await egress.send(peer.request())

    assert (peer.connections, len(peer.requests)) == (1, 3)


async def test_two_pool_keys_never_share_a_connection(serve):
    peer = await serve(answering(reply(), reply(), reply()))

    async with Egress(peer.settings()) as egress:
        for key in ("ws_a:con_1", "ws_b:con_1", "ws_a:con_2", "ws_a:con_1"):
            await egress.send(peer.request(pool_key=key))

    assert peer.connections == 3


@pytest.mark.parametrize(
    "wire",
    [
        reply(b"ok", b"200 OK", b"Connection: close"),
        b"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok",
    ],
)
async def test_a_connection_that_the_peer_gives_up_is_not_used_again(serve, wire):
    peer = await serve(answering(wire, then="hang"))

    async with Egress(peer.settings()) as egress:
        await egress.send(peer.request())
        await egress.send(peer.request())

    assert peer.connections == 2


async def test_bytes_that_nobody_asked_for_end_a_connection(serve):
    """A second answer smuggled behind the first must not answer the next request."""
    smuggled = asyncio.Event()

    async def script(peer, reader, writer):
        await peer.read(reader)
        writer.write(reply(b"first"))
        await writer.drain()
        await asyncio.sleep(0.05)
        writer.write(reply(b"smuggled"))
        await writer.drain()
        smuggled.set()
        await peer.read(reader)

    peer = await serve(script)
    async with Egress(peer.settings(idle_seconds=5)) as egress:
        await egress.send(peer.request())
        await smuggled.wait()
        await asyncio.sleep(0.05)
        peer.script = answering(reply(b"second"))
        answer = await egress.send(peer.request())

    assert answer.body == b"second"
    assert peer.connections == 2


async def test_an_idle_connection_that_died_is_replaced_for_a_repeatable_request(serve):
    peer = await serve(answering(reply()))  # closes behind its first answer

    async with Egress(peer.settings()) as egress:
        first = await egress.send(peer.request())
        second = await egress.send(peer.request())

    assert (first.body, second.body) == (b"ok", b"ok")


async def closing_under_the_second_request(peer, reader, writer):
    await peer.read(reader)
    writer.write(reply())
    await peer.read(reader)


@pytest.mark.parametrize("method", ["GET", "OPTIONS"])
async def test_a_safe_request_survives_a_close_that_crosses_it(serve, method):
    peer = await serve(closing_under_the_second_request)

    async with Egress(peer.settings()) as egress:
        await egress.send(peer.request())
        answer = await egress.send(peer.request(method))

    assert answer.status == 200
    assert peer.connections == 2


async def test_a_safe_request_whose_answer_had_begun_is_not_repeated(serve):
    async def script(peer, reader, writer):
        await peer.read(reader)
        writer.write(reply())
        await peer.read(reader)
        writer.write(b"HTTP/1.1 200")

    peer = await serve(script)
    async with Egress(peer.settings()) as egress:
        await egress.send(peer.request())
        with pytest.raises(ConnectionLost):
            await egress.send(peer.request())

    assert peer.connections == 1


CHANGE = {"body": b"x"}


@pytest.mark.parametrize(
    ("method", "more"),
    [
        *(("POST", CHANGE), ("PUT", CHANGE), ("PATCH", CHANGE), ("DELETE", CHANGE)),
        ("GET", {"repeatable": False}),
    ],
)
async def test_a_request_that_changes_something_is_not_repeated_and_says_it_was_sent(
    serve, method, more
):
    peer = await serve(closing_under_the_second_request)

    async with Egress(peer.settings()) as egress:
        await egress.send(peer.request())
        with pytest.raises(ConnectionLost) as lost:
            await egress.send(peer.request(method, **more))

    assert lost.value.sent
    assert len(peer.requests) == 2


async def test_a_request_that_must_not_be_repeated_takes_no_connection_that_idled_long(serve):
    peer = await serve(answering(reply(), reply(), then="hang"))

    async with Egress(peer.settings(idle_seconds_unrepeatable=0)) as egress:
        await egress.send(peer.request("POST"))
        await egress.send(peer.request("POST"))
        await egress.send(peer.request("GET"))

    assert peer.connections == 2


async def test_idle_connections_are_closed_after_their_time(serve):
    gone = asyncio.Event()

    async def script(peer, reader, writer):
        await peer.read(reader)
        writer.write(reply())
        await reader.read()
        gone.set()

    peer = await serve(script)
    async with Egress(peer.settings(idle_seconds=0.05)) as egress:
        await egress.send(peer.request())
        async with asyncio.timeout(5):
            await gone.wait()

    assert gone.is_set()


async def test_f36_more_calls_than_connections_are_refused_not_queued(serve):
    release = asyncio.Event()

    async def script(peer, reader, writer):
        await peer.read(reader)
        await release.wait()
        writer.write(reply())

    peer = await serve(script)
    async with Egress(peer.settings(max_connections=2)) as egress:
        carried = [asyncio.create_task(egress.send(peer.request())) for _ in range(2)]
        await asyncio.sleep(0.1)
        with pytest.raises(Overloaded) as refused:
            await egress.send(peer.request())
        release.set()
        answers = await asyncio.gather(*carried)
        again = await egress.send(peer.request())

    assert not refused.value.sent
    assert [answer.status for answer in [*answers, again]] == [200] * 3


async def test_the_oldest_idle_connection_makes_room(serve):
    peer = await serve(answering(reply(), reply(), then="hang"))

    async with Egress(peer.settings(max_connections=2)) as egress:
        for key in "abc":
            await egress.send(peer.request(pool_key=key))
        await egress.send(peer.request(pool_key="c"))
        await egress.send(peer.request(pool_key="b"))

    assert peer.connections == 3


async def test_a_cancelled_call_frees_its_place(serve):
    peer = await serve(answering(b""))
    peer.script = answering(reply(), then="hang")

    async def never(peer, reader, writer):
        await peer.read(reader)
        await asyncio.Event().wait()

    peer.script = never
    async with Egress(peer.settings(max_connections=1)) as egress:
        call = asyncio.create_task(egress.send(peer.request()))
        await asyncio.sleep(0.05)
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        peer.script = answering(reply())
        answer = await egress.send(peer.request())

    assert answer.status == 200


async def test_f36_without_file_descriptors_calls_are_refused_and_recover(serve):
    """In a process of its own with 64 descriptors: exhaust them, free them, call again."""

    async def hold(peer, reader, writer):
        await peer.read(reader)
        await asyncio.sleep(1)
        writer.write(reply())

    peer = await serve(hold)
    program = f"""
import asyncio, resource
from egress import Egress, EgressError, EgressSettings, OutboundRequest, Target
async def main():
    settings = EgressSettings(allowed_origins="{peer.origin}=127.0.0.1")
    target = Target.parse("{peer.origin}/", settings)
    async with Egress(settings) as egress:
        async def call():
            try:
                return (await egress.send(OutboundRequest("GET", target, pool_key="k"))).status
            except EgressError as refused:
                return refused.code
        resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
        outcomes = set(await asyncio.gather(*[call() for _ in range(100)]))
        print(sorted(outcomes, key=str))
        print(await call())
asyncio.run(main())
"""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", program, stdout=asyncio.subprocess.PIPE
    )
    printed, _ = await process.communicate()

    assert printed.decode().splitlines() == ["[200, 'egress.overloaded']", "200"]


def open_descriptors():
    return len(list(Path("/proc/self/fd").iterdir()))


async def test_f36_no_descriptor_is_lost_over_many_calls(serve):
    peer = await serve(answering(reply()))
    async with Egress(peer.settings()) as egress:
        await egress.send(peer.request())
        before = open_descriptors()
        for turn in range(300):
            peer.script = answering(reply() if turn % 3 else b"garbage")
            with contextlib.suppress(EgressError):
                await egress.send(peer.request("POST", pool_key=str(turn % 7)))
        await asyncio.sleep(0.05)
        after = open_descriptors()

    assert after - before < 20


async def test_a_connection_with_an_unsent_request_in_it_is_not_used_again(serve):
    """The answer may come before the request was read, such as a 413."""

    async def impatient(peer, reader, writer):
        writer.transport.pause_reading()
        writer.write(reply(b"", b"413 Content Too Large"))
        await asyncio.Event().wait()

    peer = await serve(impatient)
    async with Egress(peer.settings()) as egress:
        answer = await egress.send(peer.request("POST", body=bytes(16 * 1024 * 1024)))
        peer.script = answering(reply())
        await egress.send(peer.request())

    assert answer.status == 413
    assert peer.connections == 2


async def test_no_more_idle_connections_are_kept_than_settings_allow(serve):
    peer = await serve(answering(reply(), reply(), then="hang"))

    async with Egress(peer.settings(max_idle_connections=1)) as egress:
        for key in ("a", "b", "b", "a"):
            await egress.send(peer.request(pool_key=key))

    assert peer.connections == 3


async def test_a_call_that_outlives_the_way_out_leaves_no_connection_behind(serve):
    arrived, release, gone = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def script(peer, reader, writer):
        await peer.read(reader)
        arrived.set()
        await release.wait()
        writer.write(reply())
        await reader.read()
        gone.set()

    peer = await serve(script)
    egress = Egress(peer.settings())
    await egress.start()
    call = asyncio.create_task(egress.send(peer.request()))
    await arrived.wait()
    await egress.close()
    release.set()
    answer = await call
    async with asyncio.timeout(5):
        await gone.wait()

    assert answer.status == 200


class TestB22ARequestThatIsNoLongerWanted:
    async def test_b22_none_of_its_bytes_leaves_and_its_connection_is_kept(self, serve):
        peer = await serve(answering(reply(), reply()))

        async with Egress(peer.settings()) as egress:
            await egress.send(peer.request())
            with pytest.raises(Withdrawn) as withdrawn:
                await egress.send(peer.request(still_wanted=lambda: False))
            await egress.send(peer.request())

        assert not withdrawn.value.sent
        assert (peer.connections, len(peer.requests)) == (1, 2)

    async def test_b22_the_connection_it_would_have_used_stays_as_long_idle_as_it_was(self, serve):
        peer = await serve(answering(reply(), then="hang"))

        async with Egress(peer.settings()) as egress:
            await egress.send(peer.request())
            [kept] = egress._pool._by_age
            idle_since = kept.idle_since
            with pytest.raises(Withdrawn):
                await egress.send(peer.request(still_wanted=lambda: False))

            assert list(egress._pool._by_age) == [kept]
            assert kept.idle_since == idle_since

    async def test_b22_no_second_connection_is_made_for_it_where_the_first_proves_dead(self, serve):
        peer = await serve(answering(reply(), b""))
        answers = iter([True, False])

        async with Egress(peer.settings()) as egress:
            await egress.send(peer.request())
            with pytest.raises(Withdrawn):
                await egress.send(peer.request(still_wanted=lambda: next(answers)))

        assert peer.connections == 1

    async def test_b22_no_connection_is_made_for_it(self, serve):
        peer = await serve(answering(reply()))

        async with Egress(peer.settings()) as egress:
            with pytest.raises(Withdrawn):
                await egress.send(peer.request(still_wanted=lambda: False))
            assert egress._pool.open == 0

        assert peer.connections == 0

    async def test_b22_it_is_asked_again_once_the_connection_is_there(self, serve):
        peer = await serve(answering(reply(), reply()))
        answers = iter([True, False, True])

        async with Egress(peer.settings()) as egress:
            with pytest.raises(Withdrawn):
                await egress.send(peer.request(still_wanted=lambda: next(answers)))
            await egress.send(peer.request(still_wanted=lambda: next(answers)))

        assert (peer.connections, len(peer.requests)) == (1, 1)
