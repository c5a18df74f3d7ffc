"""Sending over real sockets to a peer on loopback that settings let through."""

import asyncio
import gzip
import socket
import sys
from dataclasses import replace

import pytest

from egress import (
    AddressRefused,
    ConnectFailed,
    ConnectionLost,
    Egress,
    EgressSettings,
    OutboundRequest,
    Overloaded,
    ScriptedResolver,
    Target,
    TimedOut,
)
from shared.egress.tests.peer import answering, reply

pytestmark = pytest.mark.integration


async def test_the_request_arrives_byte_for_byte_and_the_answer_comes_back(serve, call):
    peer = await serve(answering(reply(b"hello", b"201 Created", b"X-A: 1", b"x-a: \xe9")))

    answer = await call(peer, method="POST", path="//a/../%2e?q=[|]", body=b"{}",
                        headers=(("X-Key", "k"),))  # fmt: skip

    assert peer.requests == [
        b"POST //a/../%%2e?q=[|] HTTP/1.1\r\nhost: peer.local:%d\r\naccept-encoding: gzip\r\n"
        b"X-Key: k\r\ncontent-length: 2\r\n\r\n{}" % peer.port
    ]
    assert (answer.status, answer.body) == (201, b"hello")
    assert answer.headers == (("x-a", "1"), ("x-a", "é"))
    assert answer.header("x-a") == "1"
    assert answer.elapsed_seconds > 0


@pytest.mark.parametrize(
    "wire",
    [
        reply(b"hello"),
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3;x\r\nllo\r\n0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n\r\nhello",
        b"HTTP/1.0 200 OK\r\n\r\nhello",
        b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\n\r\n" + reply(b"hello"),
        reply(gzip.compress(b"hello"), b"200 OK", b"Content-Encoding: gzip"),
    ],
    ids=["length", "chunked", "until_close", "http10", "interim", "gzip"],
)
async def test_every_way_to_frame_a_body_is_understood(serve, call, wire):
    peer = await serve(answering(wire))

    answer = await call(peer)

    assert (answer.status, answer.body, answer.headers) == (200, b"hello", ())


@pytest.mark.parametrize(
    ("method", "wire", "status"),
    [
        (
            "HEAD",
            b"HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\nContent-Encoding: br\r\n\r\n",
            200,
        ),
        ("GET", b"HTTP/1.1 204 No Content\r\n\r\n", 204),
        ("GET", b"HTTP/1.1 304 Not Modified\r\nETag: x\r\nContent-Length: 5\r\n\r\n", 304),
        ("DELETE", reply(b"", b"404 Not Found"), 404),
        ("GET", reply(b"", b"302 Found", b"Location: https://evil.example.com/"), 302),
        ("GET", reply(b"", b"503 Unavailable", b"Retry-After: 5"), 503),
    ],
)
async def test_an_answer_without_a_body_is_an_answer(serve, call, method, wire, status):
    peer = await serve(answering(wire))

    answer = await call(peer, method=method)

    assert (answer.status, answer.body) == (status, b"")
    assert peer.connections == 1


async def test_a_redirect_is_an_answer_and_is_not_followed(serve, call):
    peer = await serve(answering(reply(b"", b"302 Found", b"Location: /elsewhere")))

    answer = await call(peer)

    assert answer.header("location") == "/elsewhere"
    assert len(peer.requests) == 1


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


async def test_a_repeatable_request_survives_a_close_that_crosses_it(serve):
    peer = await serve(closing_under_the_second_request)

    async with Egress(peer.settings()) as egress:
        await egress.send(peer.request())
        answer = await egress.send(peer.request("PUT", body=b"x"))

    assert answer.status == 200
    assert peer.connections == 2


async def test_a_request_that_must_not_be_repeated_is_not_and_says_it_was_sent(serve):
    peer = await serve(closing_under_the_second_request)

    async with Egress(peer.settings()) as egress:
        await egress.send(peer.request())
        with pytest.raises(ConnectionLost) as lost:
            await egress.send(peer.request("POST", body=b"x"))

    assert lost.value.sent
    assert [request[:4] for request in peer.requests] == [b"GET ", b"POST"]


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


async def test_nobody_listening_means_nothing_was_sent(serve, call):
    peer = await serve(answering(reply()))
    settings = EgressSettings(let_through={"http://peer.local:1": "127.0.0.1"})
    peer.port = 1

    with pytest.raises(ConnectFailed) as failed:
        await call(peer, settings=settings)

    assert not failed.value.sent
    assert "127.0.0.1" not in failed.value.sentence + failed.value.hint


async def test_a_closed_way_out_carries_nothing(serve):
    peer = await serve(answering(reply()))
    egress = Egress(peer.settings())
    await egress.start()
    await egress.close()

    with pytest.raises(Overloaded):
        await egress.send(peer.request())

    assert peer.connections == 0


async def test_h51_proxies_and_netrc_of_the_environment_are_ignored(serve, tmp_path):
    """In a process of its own, so that the environment is real and nobody else's."""
    peer = await serve(answering(reply(b"direct")))
    trap = await serve(answering(reply(b"proxied")))
    (tmp_path / ".netrc").write_text("machine peer.local login leaked password leaked\n")
    program = f"""
import asyncio
from egress import Egress, EgressSettings, OutboundRequest, Target
async def main():
    settings = EgressSettings()
    async with Egress(settings) as egress:
        target = Target.parse("{peer.origin}/", settings)
        print((await egress.send(OutboundRequest("GET", target, pool_key="k"))).body.decode())
asyncio.run(main())
"""
    environment = dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"), trap.origin)
    environment |= {name.lower(): value for name, value in environment.items()}
    environment |= {
        "NO_PROXY": "",
        "NETRC": str(tmp_path / ".netrc"),
        "HOME": str(tmp_path),
        "SSLKEYLOGFILE": str(tmp_path / "keys"),
        "EGRESS_LET_THROUGH": f"{peer.origin}=127.0.0.1",
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", program, env=environment, stdout=asyncio.subprocess.PIPE
    )
    printed, _ = await process.communicate()

    assert printed == b"direct\n"
    assert trap.connections == 0
    assert b"authorization" not in peer.requests[0].lower()


PUBLIC = "9.9.9.9"


class Canary:
    """Stands where sockets are connected: notes every address asked for, connects to none."""

    def __init__(self):
        self.dialled = []

    async def __call__(self, addresses):
        self.dialled += [place[4][0] for place in addresses]
        raise OSError("the network is away")


def api_request(**more):
    target = Target.parse("https://api.example.com/")
    return OutboundRequest("GET", target, pool_key="ws:con", **more)


async def test_h43_only_the_checked_address_is_dialled_however_often_the_name_is_rebound():
    script = [[PUBLIC], ["127.0.0.1"], [PUBLIC, "127.0.0.1"], ["169.254.169.254"]] * 250
    resolver, canary = ScriptedResolver({"api.example.com": script}), Canary()

    async with Egress(EgressSettings(), resolver, canary) as egress:
        for _ in range(1000):
            with pytest.raises((ConnectFailed, AddressRefused)):
                await egress.send(api_request())

    assert canary.dialled == [PUBLIC] * 250
    assert len(resolver.asked) == 1000


async def test_h44_every_new_connection_is_checked_again():
    resolver = ScriptedResolver({"api.example.com": [[PUBLIC], [PUBLIC], ["10.0.0.1"]]})
    canary = Canary()

    async with Egress(EgressSettings(), resolver, canary) as egress:
        for expected in (ConnectFailed, ConnectFailed, AddressRefused):
            with pytest.raises(expected):
                await egress.send(api_request())

    assert canary.dialled == [PUBLIC, PUBLIC]


async def test_a_connection_that_led_elsewhere_is_refused_before_a_byte_is_sent(serve):
    """The peer's address is looked at after connecting, whoever did the connecting."""
    peer = await serve(answering(reply()))

    async def misdirected(_):
        return socket.create_connection(("127.0.0.1", peer.port))

    resolver = ScriptedResolver({"api.example.com": [[PUBLIC]]})
    async with Egress(EgressSettings(), resolver, misdirected) as egress:
        with pytest.raises(AddressRefused) as refused:
            await egress.send(api_request())

    assert not refused.value.sent
    assert peer.requests == []


async def test_a_target_parsed_under_other_settings_gains_nothing(serve):
    """A target that was let through elsewhere is looked up, and refused, here."""
    peer = await serve(answering(reply()))
    resolver = ScriptedResolver({"peer.local": [["127.0.0.1"]]})

    async with Egress(EgressSettings(), resolver) as egress:
        with pytest.raises(AddressRefused):
            await egress.send(peer.request())
        request = peer.request()
        secure = replace(request.target, scheme="https", origin="https://peer.local:443")
        with pytest.raises(AddressRefused):
            await egress.send(replace(request, target=secure))

    assert peer.connections == 0


async def test_h46_a_silent_name_server_costs_four_seconds_at_most():
    resolver = ScriptedResolver({"api.example.com": [None]})

    async with Egress(EgressSettings(resolve_seconds=0.05), resolver, Canary()) as egress:
        with pytest.raises(Exception, match="could not be resolved") as refused:
            await egress.send(api_request())

    assert not refused.value.sent


async def test_the_time_of_a_call_covers_its_lookup():
    resolver = ScriptedResolver({"api.example.com": [None]})

    async with Egress(EgressSettings(), resolver, Canary()) as egress:
        with pytest.raises(TimedOut) as late:
            await egress.send(api_request(timeout_seconds=0.05))

    assert not late.value.sent
