"""httpx on top of the same way out."""

import gzip

import httpx
import pytest

from egress import Egress, EgressError, EgressTransport, ScriptedResolver
from shared.egress.tests.peer import answering, reply

pytestmark = pytest.mark.integration


async def through(egress, method, url, **more):
    transport = EgressTransport(egress, pool_key="ws:con", max_bytes=1000)
    async with httpx.AsyncClient(transport=transport) as client:
        return await client.request(method, url, **more)


async def test_a_client_of_httpx_gets_its_answer(serve):
    body = gzip.compress(b'{"ok": true}')
    peer = await serve(
        answering(
            reply(body, b"200 OK", b"Content-Encoding: gzip", b"Set-Cookie: a", b"Set-Cookie: b")
        )
    )

    async with Egress(peer.settings()) as egress:
        answer = await through(egress, "POST", f"{peer.origin}/a%2Fb?q=%20", json={"a": 1})

    assert answer.json() == {"ok": True}
    assert answer.headers.get_list("set-cookie") == ["a", "b"]
    assert peer.requests[0].startswith(b"POST /a%2Fb?q=%20 HTTP/1.1\r\n")
    assert peer.requests[0].endswith(b'\r\n\r\n{"a":1}')
    assert peer.requests[0].lower().count(b"\r\nhost:") == 1
    assert peer.requests[0].lower().count(b"\r\ncontent-length:") == 1


async def test_closing_the_client_leaves_the_way_out_open(serve):
    peer = await serve(answering(reply(), reply(), then="hang"))

    async with Egress(peer.settings()) as egress:
        for _ in range(2):
            assert (await through(egress, "GET", peer.origin)).status_code == 200

    assert peer.connections == 1


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://api.example.com/", "egress.scheme_refused"),
        ("https://127.0.0.1/", "egress.address_refused"),
        ("https://[::1]/", "egress.address_refused"),
        ("https://localhost/", "egress.host_refused"),
        ("https://user:pass@api.example.com/", "egress.url_invalid"),
        ("https://api.example.com:22/", "egress.port_refused"),
    ],
)
async def test_what_may_not_be_called_is_refused_without_a_lookup(serve, url, code):
    peer = await serve(answering(reply()))
    resolver = ScriptedResolver({})

    async with Egress(peer.settings(), resolver) as egress:
        with pytest.raises(EgressError) as refused:
            await through(egress, "GET", url)

    assert refused.value.code == code
    assert resolver.asked == []


async def test_redirects_that_httpx_follows_are_checked_like_first_requests(serve):
    peer = await serve(answering(reply(b"", b"302 Found", b"Location: https://127.0.0.1/")))

    async with Egress(peer.settings()) as egress:
        with pytest.raises(EgressError) as refused:
            await through(egress, "GET", peer.origin, follow_redirects=True)

    assert refused.value.code == "egress.address_refused"


async def test_the_cap_is_the_transports(serve):
    peer = await serve(answering(reply(bytes(1001))))

    async with Egress(peer.settings()) as egress:
        with pytest.raises(EgressError) as refused:
            await through(egress, "GET", peer.origin)

    assert refused.value.code == "egress.response_too_large"
