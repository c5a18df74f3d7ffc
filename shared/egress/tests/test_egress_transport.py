"""Sending over real sockets to a peer on loopback that settings allow."""

import asyncio
import gzip
import sys

import pytest

from egress import (
    Egress,
    Overloaded,
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
import contextlib
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
        "EGRESS_ALLOWED_ORIGINS": f"{peer.origin}=127.0.0.1",
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", program, env=environment, stdout=asyncio.subprocess.PIPE
    )
    printed, _ = await process.communicate()

    assert printed == b"direct\n"
    assert trap.connections == 0
    assert b"authorization" not in peer.requests[0].lower()
