"""Run inside a network namespace where every address there is leads to one canary.

Prints JSON: how many cases were tried, which addresses the canary was reached on, and which names
were looked up for hostile URLs.
"""

import asyncio
import collections
import contextlib
import itertools
import json
import socket
import sys
from ipaddress import ip_address
from pathlib import Path

import dns.message
import dns.rdatatype
import dns.rrset
import httpx

from egress import (
    Egress,
    EgressSettings,
    EgressTransport,
    OutboundRequest,
    Target,
    follow,
    parse_server_url,
)
from egress.redirects import next_target
from egress.resolver import CaresResolver

HERE = Path(__file__).parent / "hostile"
URLS = json.loads((HERE / "urls.json").read_text())["rows"]
ADDRESSES = json.loads((HERE / "addresses.json").read_text())["rows"]
PUBLIC = {"A": "9.9.9.9", "AAAA": "2606:4700::1111"}
HONEST = Target.parse("https://honest.example.com/")


class Names(asyncio.DatagramProtocol):
    """A name server. A name's script is a cycle of answers; each pair of queries takes the next."""

    def __init__(self):
        self.scripts, self.asked = {}, []

    def connection_made(self, transport):
        self.transport = transport

    def datagram_received(self, data, source):
        query = dns.message.from_wire(data)
        reply = dns.message.make_response(query)
        name, kind = query.question[0].name, dns.rdatatype.to_text(query.question[0].rdtype)
        self.asked.append(name.to_text(omit_final_dot=True))
        answers = [
            address
            for address in self._answers(self.asked[-1], kind)
            if kind == ("A" if ip_address(address).version == 4 else "AAAA")
        ]
        if answers:
            reply.answer.append(dns.rrset.from_text(name, 0, "IN", kind, *answers))
        self.transport.sendto(reply.to_wire(), source)

    def _answers(self, name, kind):
        per_kind = self.scripts.get(name, {})
        return next(per_kind[kind]) if per_kind else ()

    def script(self, name, *answers):
        self.scripts[name] = {kind: itertools.cycle(answers) for kind in ("A", "AAAA")}


class Rig:
    def __init__(self, names, egress):
        self.names, self.egress = names, egress
        self.cases = 0
        self.counter = itertools.count()

    async def attempt(self, door):
        """Whatever is raised is a refusal; what counts is whom the canary saw."""
        self.cases += 1
        with contextlib.suppress(Exception):
            await door()

    def request(self, target):
        return OutboundRequest("GET", target, timeout_seconds=2, pool_key=str(next(self.counter)))

    async def url(self, url):
        """As a target, as a server, as the start of an import."""
        settings = self.egress.settings
        await self.attempt(lambda: self.egress.send(self.request(Target.parse(url, settings))))
        await self.attempt(lambda: self.egress.send(self.request(parse_server_url(url, settings))))
        await self.attempt(lambda: follow(self.egress, self.request(Target.parse(url, settings))))

    async def reference(self, url):
        """As a redirect's Location, and through httpx, both of which may make a URL of less."""
        settings = self.egress.settings
        transport = EgressTransport(self.egress, pool_key="rig", timeout_seconds=2)
        client = httpx.AsyncClient(transport=transport)
        await self.attempt(
            lambda: self.egress.send(self.request(next_target(HONEST, url, settings)))
        )
        await self.attempt(lambda: client.get(url))

    async def name(self, *answers, times=1):
        host = f"n{next(self.counter)}.example.com"
        self.names.script(host, *answers)
        target = Target.parse(f"https://{host}/")
        for _ in range(times):
            await self.attempt(lambda: self.egress.send(self.request(target)))


async def main():
    reached = collections.Counter()

    async def canary(_, writer):
        reached[str(ip_address(writer.get_extra_info("sockname")[0]))] += 1
        writer.close()

    everywhere = [("0.0.0.0", socket.AF_INET), ("::", socket.AF_INET6)]
    ports = (22, 25, 80, 443, 4222, 6379, 8443, 27017)
    for (address, family), port in itertools.product(everywhere, ports):
        await asyncio.start_server(canary, address, port, family=family)
    _, names = await asyncio.get_running_loop().create_datagram_endpoint(
        Names, local_addr=("127.0.0.1", 5353)
    )
    settings = EgressSettings(resolve_seconds=0.5)
    async with Egress(settings, CaresResolver(settings, ["127.0.0.1:5353"])) as egress:
        rig = Rig(names, egress)
        for _, url, _ in URLS:
            await rig.url(url)
        looked_up = {"by_url": list(names.asked)}
        names.asked.clear()
        for _, url, _ in URLS:
            await rig.reference(url)
        looked_up["by_reference"] = sorted(set(names.asked))
        for _, address, _ in ADDRESSES:
            await rig.name([address])
        refused = [address for _, address, why in ADDRESSES if why is not None]
        for address in refused:
            await rig.name([PUBLIC["A"], address])
            await rig.name([address, PUBLIC["AAAA"]])
            await rig.name([PUBLIC["A"]], [address], times=4)
    json.dump(
        {"cases": rig.cases, "reached": reached, "looked_up": looked_up},
        sys.stdout,
    )


if __name__ == "__main__":
    asyncio.run(main())
