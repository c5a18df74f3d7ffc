"""One workspace's load for `sharing`: clients that call again and again until they are stopped.

They do not march in step: they start over two seconds, and whoever is refused with 429 or 503
waits once to twice as long as Retry-After says. Prints counts by status, and of calls that failed
after they were sent.
"""

import asyncio
import contextlib
import json
import random
import signal
import sys
from collections import Counter

import uvloop

SPREAD_SECONDS = 2.0
FAILED = b'"outcome":"failed"'


async def answered(reader: asyncio.StreamReader) -> tuple[int, float, bytes]:
    """A status, the seconds of Retry-After, and the body."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower().split("\r\n")
    headers = dict(line.split(": ", 1) for line in head[1:] if line)
    body = await reader.readexactly(int(headers["content-length"]))
    return int(head[0].split(" ")[1]), float(headers.get("retry-after", 0)), body


def request(port: int, token: str, body: bytes) -> bytes:
    head = (
        f"POST /v1/invocations HTTP/1.1\r\nhost: 127.0.0.1:{port}\r\n"
        f"authorization: Bearer {token}\r\ncontent-type: application/json\r\n"
        f"content-length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


async def client(port: int, sent: bytes, statuses: Counter[str]) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    await asyncio.sleep(random.uniform(0, SPREAD_SECONDS))
    while True:
        writer.write(sent)
        status, wait, body = await answered(reader)
        statuses["failed" if FAILED in body else str(status)] += 1
        await asyncio.sleep(wait * random.uniform(1, 2))


async def main(port: int, token: str, body: bytes, clients: int) -> None:
    statuses: Counter[str] = Counter()
    sent = request(port, token, body)
    tasks = [asyncio.create_task(client(port, sent, statuses)) for _ in range(clients)]
    stopped = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopped.set)
    await stopped.wait()
    for task in tasks:
        task.cancel()
    with contextlib.suppress(Exception):
        await asyncio.gather(*tasks, return_exceptions=True)
    print(json.dumps(statuses), flush=True)


if __name__ == "__main__":
    port, token, body, clients = sys.argv[1:]
    uvloop.run(main(int(port), token, body.encode(), int(clients)))
