"""H43, H44, H46, H109: only a checked address is ever dialled."""

import asyncio
import socket
from dataclasses import replace

import pytest

from egress import (
    AddressRefused,
    ConnectFailed,
    Egress,
    EgressSettings,
    OutboundRequest,
    ScriptedResolver,
    Target,
    TimedOut,
)
from shared.egress.tests.peer import answering, reply

pytestmark = pytest.mark.integration

PUBLIC = "9.9.9.9"


async def test_nobody_listening_means_nothing_was_sent(serve, call):
    peer = await serve(answering(reply()))
    settings = EgressSettings(allowed_origins={"http://peer.local:1": "127.0.0.1"})
    peer.port = 1

    with pytest.raises(ConnectFailed) as failed:
        await call(peer, settings=settings)

    assert not failed.value.sent
    assert "127.0.0.1" not in failed.value.sentence + failed.value.hint


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
    """A target that was allowed elsewhere is looked up, and refused, here."""
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


async def test_a_connect_that_hangs_has_a_deadline_of_its_own():
    async def black_hole(_):
        await asyncio.Event().wait()

    resolver = ScriptedResolver({"api.example.com": [[PUBLIC]]})
    settings = EgressSettings(connect_seconds=0.05)
    async with Egress(settings, resolver, black_hole) as egress:
        with pytest.raises(TimedOut) as late:
            await egress.send(api_request())

    assert not late.value.sent


async def test_plain_http_is_never_dialled_unless_this_way_out_lets_it_through():
    """Not even for a target that other settings allow and whose name is public."""
    elsewhere = EgressSettings(allowed_origins={"http://api.example.com:80": "127.0.0.1"})
    target = Target.parse("http://api.example.com/", elsewhere)
    resolver, canary = ScriptedResolver({"api.example.com": [[PUBLIC]]}), Canary()

    async with Egress(EgressSettings(), resolver, canary) as egress:
        with pytest.raises(AddressRefused):
            await egress.send(OutboundRequest("GET", target, pool_key="ws:con"))

    assert (canary.dialled, resolver.asked) == ([], [])
