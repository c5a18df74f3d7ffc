"""What egress costs per call: CPU of the calling process, beside plain aiohttp, interleaved.

    python tests/bench/egress_guard.py [--calls 6000] [--rounds 5]

The upstream is Debian's nginx with a 160-byte JSON answer over kept connections. The last table
times the guard alone: what a call does besides talking, and what a new connection adds.
"""

import argparse
import asyncio
import contextlib
import resource
import shutil
import socket  # noqa: TID251 - finds a free port for nginx
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path

import aiohttp  # noqa: TID251 - what egress is compared with
import uvloop

from egress import Egress, EgressSettings, OutboundRequest, ScriptedResolver, Target
from egress.message import request_bytes
from egress.resolver import checked_addresses
from egress.wire.head import HeadScreen

BODY = b'{"city":"Amsterdam","unit":"celsius","days":3,"language":"en","details":true,"n":1}'
HEADERS = (
    ("authorization", "Bearer 0123456789abcdef"),
    ("content-type", "application/json"),
    ("accept", "application/json"),
    ("user-agent", "OpenActions/1"),
    ("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"),
)
PATH = "/v1/weather?city=Amsterdam&unit=celsius"
ANSWER = '{"temperature":21.5,"unit":"celsius","city":"Amsterdam","conditions":["cloudy"],"wind":5}'
NGINX = """
worker_processes 1; daemon off; pid {folder}/pid; error_log {folder}/error.log;
events {{ worker_connections 1024; }}
http {{
  access_log off; keepalive_requests 100000000;
  client_body_temp_path {folder}; proxy_temp_path {folder}; fastcgi_temp_path {folder};
  uwsgi_temp_path {folder}; scgi_temp_path {folder};
  server {{
    listen 127.0.0.1:{port};
    location / {{ default_type application/json; return 200 '{answer}'; }}
  }}
}}
"""

Call = Callable[[], Awaitable[None]]


@contextlib.contextmanager
def upstream() -> Iterator[int]:
    """A port of nginx on loopback."""
    nginx = shutil.which("nginx") or "/usr/sbin/nginx"
    with tempfile.TemporaryDirectory() as folder:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = int(free.getsockname()[1])
        config = Path(folder) / "nginx.conf"
        config.write_text(NGINX.format(folder=folder, port=port, answer=ANSWER))
        process = subprocess.Popen([nginx, "-c", str(config)], stderr=subprocess.DEVNULL)
        try:
            _wait_for(port)
            yield port
        finally:
            process.terminate()
            process.wait()


def _wait_for(port: int) -> None:
    for _ in range(100):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 0.1):
            return
        time.sleep(0.05)
    sys.exit("nginx did not start")


@contextlib.asynccontextmanager
async def contenders(port: int) -> AsyncIterator[dict[str, Call]]:
    settings = EgressSettings(allowed_origins=f"http://upstream.local:{port}=127.0.0.1")
    server = Target.parse(f"http://upstream.local:{port}", settings)
    url, headers = f"http://127.0.0.1:{port}{PATH}", dict(HEADERS)
    async with Egress(settings) as egress, aiohttp.ClientSession() as session:

        async def through_egress() -> None:
            request = OutboundRequest(
                "POST", server.at(PATH), HEADERS, BODY, pool_key="workspace:connection"
            )
            assert (await egress.send(request)).status == 200

        async def through_aiohttp() -> None:
            async with session.post(url, data=BODY, headers=headers) as answer:
                await answer.read()
                assert answer.status == 200

        yield {"egress": through_egress, "aiohttp": through_aiohttp}


async def cpu_per_call(call: Call, calls: int, in_flight: int) -> float:
    """Microseconds of this process's CPU, all threads, per call."""
    turns = iter(range(calls))

    async def worker() -> None:
        for _ in turns:
            await call()

    before = _cpu()
    await asyncio.gather(*(worker() for _ in range(in_flight)))
    return (_cpu() - before) / calls * 1e6


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


async def compare(calls: int, rounds: int) -> None:
    print("CPU µs per call        egress   aiohttp    ratio")
    with upstream() as port:
        async with contenders(port) as named:
            for in_flight in (1, 32):
                found: dict[str, list[float]] = {name: [] for name in named}
                for _ in range(rounds):
                    for name, call in named.items():
                        await cpu_per_call(call, 200, in_flight)
                        found[name].append(await cpu_per_call(call, calls, in_flight))
                ours, theirs = (statistics.median(found[name]) for name in named)
                print(f"{in_flight:3} in flight    {ours:12.1f} {theirs:9.1f} {ours / theirs:8.2f}")


def timed(what: str, action: Callable[[], object], times: int = 5000) -> None:
    samples = []
    for _ in range(times):
        start = time.perf_counter_ns()
        action()
        samples.append(time.perf_counter_ns() - start)
    samples.sort()
    p50, p99 = (samples[int(times * share)] / 1000 for share in (0.5, 0.99))
    print(f"{what:48} {p50:9.1f} {p99:9.1f}")


async def guard_alone() -> None:
    print("\nthe guard alone, wall µs                              p50       p99")
    url = f"https://api.example.com{PATH}"
    server = Target.parse(url)
    request = OutboundRequest("POST", server, HEADERS, BODY, pool_key="workspace:connection")
    head = b"HTTP/1.1 200 OK\r\n" + b"X-Header: some value\r\n" * 12 + b"\r\n" + BODY
    settings = EgressSettings.model_construct()
    resolver = ScriptedResolver({"api.example.com": [["9.9.9.9", "2606:4700::1111"]]})

    def checked() -> None:
        with contextlib.suppress(StopIteration):
            checked_addresses("api.example.com", resolver, settings).send(None)

    timed("every call: another path on a known origin", lambda: server.at(PATH))
    timed("every call: the request's checks and bytes", lambda: request_bytes(request))
    timed(
        "every call: the answer's head screened", lambda: HeadScreen(65536, 100, 99999).feed(head)
    )
    timed("once per origin: a URL parsed twice, name checked", lambda: Target.parse(url))
    timed("once per connection: lookup limits, addresses", checked)
    timed("a refusal by syntax", lambda: _refused("https://127.1/"))


def _refused(url: str) -> None:
    with contextlib.suppress(Exception):
        Target.parse(url)


async def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--calls", type=int, default=6000)
    options.add_argument("--rounds", type=int, default=5)
    chosen = options.parse_args()
    await compare(chosen.calls, chosen.rounds)
    await guard_alone()


if __name__ == "__main__":
    uvloop.run(main())
