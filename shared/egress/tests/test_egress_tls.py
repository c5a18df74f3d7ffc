"""H52, H53: certificates and handshakes, with an authority of the test's own."""

import asyncio
import ssl

import pytest

from egress import EgressError, TimedOut, TlsFailed
from shared.egress.tests.peer import answering, reply

pytestmark = pytest.mark.integration


async def test_a_certificate_for_the_name_by_a_trusted_authority_is_accepted(
    serve, call, authority
):
    peer = await serve(answering(reply(b"secret")), tls=authority.context())

    answer = await call(peer, settings=peer.settings(ca_file=authority.ca_file))

    assert answer.body == b"secret"
    assert b"host: peer.local:%d\r\n" % peer.port in peer.requests[0]


@pytest.mark.parametrize(
    ("certificate", "reason"),
    [
        ({"days": -1}, "expired"),
        ({"self_signed": True}, "self-signed"),
        ({"host": "other.local"}, "another name"),
        ({"host": "local"}, "another name"),
        ({"ip": "127.0.0.1"}, "another name"),
    ],
    ids=["expired", "self-signed", "wrong-name", "parent-name", "address-only"],
)
async def test_h52_a_certificate_at_fault_is_refused_with_the_reason(
    serve, call, authority, certificate, reason
):
    peer = await serve(answering(reply()), tls=authority.context(**certificate))

    with pytest.raises(TlsFailed) as refused:
        await call(peer, settings=peer.settings(ca_file=authority.ca_file))

    assert reason in refused.value.sentence
    assert not refused.value.sent
    assert peer.requests == []


async def test_h52_an_authority_that_nobody_trusts_is_refused(serve, call, authority):
    peer = await serve(answering(reply()), tls=authority.context())

    with pytest.raises(TlsFailed) as refused:
        await call(peer)

    assert "not trusted" in refused.value.sentence


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion:DeprecationWarning")
@pytest.mark.parametrize("version", ["TLSv1", "TLSv1_1"])
async def test_h52_old_versions_of_tls_are_refused(serve, call, authority, version):
    old = authority.context(version=ssl.TLSVersion[version])
    peer = await serve(answering(reply()), tls=old)

    with pytest.raises(TlsFailed):
        await call(peer, settings=peer.settings(ca_file=authority.ca_file))


async def test_h53_a_peer_that_speaks_no_tls_is_refused(serve, call):
    async def banner(peer, reader, writer):
        writer.write(b"SSH-2.0-OpenSSH_9.2\r\n")
        await reader.read()

    peer = await serve(banner)
    peer.scheme = "https"

    with pytest.raises(TlsFailed) as refused:
        await call(peer)

    assert not refused.value.sent


async def test_h53_a_handshake_that_never_ends_is_given_up(serve, call):
    async def mute(peer, reader, writer):
        await asyncio.Event().wait()

    peer = await serve(mute)
    peer.scheme = "https"

    with pytest.raises(TimedOut) as late:
        await call(peer, settings=peer.settings(tls_seconds=0.1))

    assert not late.value.sent


async def test_a_peer_that_hangs_up_in_the_handshake_is_a_tls_failure(serve, call):
    async def rude(peer, reader, writer):
        await reader.read(1)

    peer = await serve(rude)
    peer.scheme = "https"

    with pytest.raises(EgressError) as refused:
        await call(peer)

    assert refused.value.code == "egress.tls_failed"
