"""The way to the operator's own servers: what is named is reached, and nothing else."""

import pytest

from egress import ConnectFailed, Egress, EgressSettings, HostRefused, OperatorEgress, PortRefused
from egress.errors import EgressError
from shared.egress.tests.peer import answering, reply

pytestmark = pytest.mark.integration
ALLOWED = "127.0.0.1"


@pytest.fixture
async def way_to():
    """A started way to these URLs."""
    started = []

    async def start(*urls, **more):
        way = OperatorEgress(urls, **more)
        await way.start()
        started.append(way)
        return way

    yield start
    for way in started:
        await way.close()


async def test_the_named_server_is_asked_at_its_private_address(serve, way_to):
    peer = await serve(answering(reply(b"{}")))
    way = await way_to(peer.origin, allowed_origins=f"{peer.origin}={ALLOWED}")

    answer = await way.post(f"{peer.origin}/v1/transit/encrypt/root", (("x-key", "k"),), b"{}")

    assert (answer.status, answer.body) == (200, b"{}")
    [sent] = peer.requests
    assert sent.startswith(b"POST /v1/transit/encrypt/root HTTP/1.1\r\n")


async def test_a_get_has_no_body(serve, way_to):
    peer = await serve(answering(reply(b"{}")))
    way = await way_to(peer.origin, allowed_origins=f"{peer.origin}={ALLOWED}")

    assert (await way.get(f"{peer.origin}/v1/secret/data/x", (("x-key", "k"),))).status == 200

    [sent] = peer.requests
    assert sent.startswith(b"GET /v1/secret/data/x HTTP/1.1\r\n")
    assert sent.endswith(b"\r\n\r\n")
    assert b"content-length" not in sent.lower()


async def test_another_server_is_refused_also_where_its_origin_is_allowed(serve, way_to):
    named, other = await serve(answering(reply(b"{}"))), await serve(answering(reply(b"{}")))
    allowed = f"{named.origin}={ALLOWED},{other.origin}={ALLOWED}"
    way = await way_to(named.origin, allowed_origins=allowed)

    for url in (other.origin, "https://example.com"):
        with pytest.raises((HostRefused, PortRefused)):
            await way.post(f"{url}/", (), b"")
    assert other.requests == []


async def test_a_redirect_is_an_answer_and_is_not_followed(serve, way_to):
    location = reply(b"", b"307 Temporary Redirect", b"Location: http://169.254.169.254/")
    peer = await serve(answering(location))
    way = await way_to(peer.origin, allowed_origins=f"{peer.origin}={ALLOWED}")

    assert (await way.post(f"{peer.origin}/", (), b"")).status == 307
    assert peer.connections == 1


async def test_what_the_operator_allows_here_no_action_may_call(serve, way_to):
    peer = await serve(answering(reply(b"{}")))
    await way_to(peer.origin, allowed_origins=f"{peer.origin}={ALLOWED}")

    async with Egress(EgressSettings()) as egress:
        with pytest.raises(EgressError):
            await egress.send(peer.request())
    assert peer.requests == []


async def test_what_egress_allows_for_actions_is_not_allowed_here(serve, monkeypatch):
    peer = await serve(answering(reply(b"{}")))
    monkeypatch.setenv("EGRESS_ALLOWED_ORIGINS", f"{peer.origin}={ALLOWED}")

    with pytest.raises(ValueError, match="cannot be called"):
        OperatorEgress([peer.origin])


async def test_no_setting_of_egress_counts_here(serve, way_to, monkeypatch):
    peer = await serve(answering(reply(b"{}")))
    monkeypatch.setenv("EGRESS_DENIED_NETWORKS", "127.0.0.0/8")
    monkeypatch.setenv("EGRESS_FIRST_BYTE_SECONDS", "nonsense")
    way = await way_to(peer.origin, allowed_origins=f"{peer.origin}={ALLOWED}")

    assert (await way.post(f"{peer.origin}/", (), b"{}")).status == 200


async def test_a_server_that_is_away_is_a_refusal(serve, way_to):
    peer = await serve(answering(reply(b"{}")))
    gone = peer.origin.replace(str(peer.port), "1")
    way = await way_to(gone, allowed_origins=f"{gone}={ALLOWED}")

    with pytest.raises(ConnectFailed):
        await way.post(f"{gone}/", (), b"")


@pytest.mark.parametrize(
    ("url", "allowed"),
    [
        ("http://vault.example.com", ""),
        ("https://10.1.2.3", ""),
        ("https://vault.internal:8200", "https://vault.internal:8200=169.254.169.254"),
        ("https://user@vault.example.com", ""),
        ("nonsense", ""),
    ],
)
def test_h101_what_can_never_be_called_is_refused_at_the_start(url, allowed):
    with pytest.raises(ValueError, match=r"."):
        OperatorEgress([url], allowed_origins=allowed)


def test_a_public_server_may_be_at_another_port():
    OperatorEgress(["https://vault.example.com:8200"])
