"""The c-ares adapter against a name server of the test's own: H41, H45, H46, F35."""

import asyncio
import socket
import struct

import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset
import pytest

from egress import AddressRefused, EgressSettings, NameNotResolved
from egress.resolver import CaresResolver, checked_addresses

pytestmark = pytest.mark.integration

NAME = "api.example.com."
QUICK = EgressSettings(resolve_seconds=0.4)


def records(name, kind, *values):
    return dns.rrset.from_text(name, 0, "IN", kind, *values) if values else None


def zone(**by_kind):
    """Answers for the name: `A=[…]`, `AAAA=[…]`; a `CNAME` comes first in both."""

    def answer(query):
        reply = dns.message.make_response(query)
        asked = dns.rdatatype.to_text(query.question[0].rdtype)
        owner = NAME
        for alias in by_kind.get("CNAME", ()):
            reply.answer.append(records(owner, "CNAME", alias))
            owner = alias
        found = records(owner, asked, *by_kind.get(asked, ()))
        if found is not None:
            reply.answer.append(found)
        return reply

    return answer


def failing(rcode):
    def answer(query):
        reply = dns.message.make_response(query)
        reply.set_rcode(rcode)
        return reply

    return answer


class Udp(asyncio.DatagramProtocol):
    def __init__(self, answer):
        self.answer, self.queries = answer, 0

    def connection_made(self, transport):
        self.transport = transport

    def datagram_received(self, data, source):
        self.queries += 1
        reply = self.answer(dns.message.from_wire(data))
        if reply is None:
            return
        wire = reply.to_wire(max_size=65_535)
        if len(wire) > 512:
            reply.answer.clear()
            reply.flags |= dns.flags.TC
            wire = reply.to_wire(max_size=65_535)
        self.transport.sendto(wire, source)


@pytest.fixture
async def look_up():
    """Resolves and checks the name with a server that answers so; also counts its queries."""
    loop, opened = asyncio.get_running_loop(), []

    async def resolve(answer):
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        transport, udp = await loop.create_datagram_endpoint(
            lambda: Udp(answer), local_addr=("127.0.0.1", port)
        )
        opened.append(transport)

        async def tcp(reader, writer):
            size = struct.unpack("!H", await reader.readexactly(2))[0]
            wire = answer(dns.message.from_wire(await reader.readexactly(size))).to_wire(
                max_size=65_535
            )
            writer.write(struct.pack("!H", len(wire)) + wire)
            await writer.drain()
            writer.close()

        opened.append(await asyncio.start_server(tcp, "127.0.0.1", port))
        resolver = CaresResolver(QUICK, [f"127.0.0.1:{port}"])
        try:
            found = await checked_addresses(NAME.rstrip("."), resolver, QUICK)
        finally:
            await resolver.close()
        return sorted(map(str, found)), udp.queries

    yield resolve
    for server in opened:
        server.close()
    await asyncio.sleep(0)


async def test_both_families_are_asked_for_and_checked(look_up):
    found, queries = await look_up(zone(A=["9.9.9.9"], AAAA=["2606:4700::1111"]))

    assert found == ["2606:4700::1111", "9.9.9.9"]
    assert queries == 2


@pytest.mark.parametrize(
    "answers",
    [
        {"A": ["10.0.0.1"]},
        {"A": ["9.9.9.9", "127.0.0.1"]},
        {"A": ["9.9.9.9"], "AAAA": ["::1"]},
        {"AAAA": ["::ffff:127.0.0.1"]},
        {"AAAA": ["64:ff9b::a9fe:a9fe"]},
        {"CNAME": ["db.internal."], "A": ["10.1.2.3"]},
        {"CNAME": [f"hop{n}.example.net." for n in range(10)], "A": ["127.0.0.1"]},
        {"A": [f"9.9.{n}.1" for n in range(100)]},
    ],
    ids=[
        "private",
        "mixed",
        "mixed-families",
        "mapped",
        "nat64",
        "H45-cname",
        "H45-chain",
        "flood",
    ],
)
async def test_an_answer_that_leads_inside_is_refused(look_up, answers):
    with pytest.raises(AddressRefused):
        await look_up(zone(**answers))


async def test_h46_a_truncated_answer_is_fetched_whole_before_it_is_checked(look_up):
    """The last of many records is the private one; only TCP carries it."""
    many = [f"9.9.{n}.1" for n in range(40)] + ["127.0.0.1"]

    with pytest.raises(AddressRefused):
        await look_up(zone(A=many))


@pytest.mark.parametrize(
    "answer",
    [
        zone(),
        failing(dns.rcode.NXDOMAIN),
        failing(dns.rcode.SERVFAIL),
        failing(dns.rcode.REFUSED),
        zone(CNAME=[NAME]),
        lambda _: None,
    ],
    ids=["no-data", "nxdomain", "servfail", "refused", "H45-loop", "silence"],
)
async def test_h46_no_answer_fails_closed_and_soon(look_up, answer):
    async with asyncio.timeout(4):
        with pytest.raises(NameNotResolved):
            await look_up(answer)
