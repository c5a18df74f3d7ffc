"""The hog of `hog`: so many calls a second at an even pace, whatever it is answered.

Prints a line once it calls, and counts by status when it is stopped.
"""

import asyncio
import json
import random
import signal
import sys
from collections import Counter
from time import perf_counter

import uvloop

from tests.bench.sharing_load import answered, request

CLIENTS = 50


async def client(port: int, sent: bytes, every: float, statuses: Counter[str]) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    await asyncio.sleep(random.uniform(0, every))
    due = perf_counter()
    while True:
        writer.write(sent)
        status, _, _ = await answered(reader)
        statuses[str(status)] += 1
        due += every
        await asyncio.sleep(max(0.0, due - perf_counter()))


async def main(port: int, token: str, body: bytes, calls_a_second: int) -> None:
    statuses: Counter[str] = Counter()
    stopped = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopped.set)
    sent, every = request(port, token, body), CLIENTS / calls_a_second
    tasks = [asyncio.create_task(client(port, sent, every, statuses)) for _ in range(CLIENTS)]
    print("calling", flush=True)
    await stopped.wait()
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    print(json.dumps(statuses), flush=True)


if __name__ == "__main__":
    port, token, body, calls_a_second = sys.argv[1:]
    uvloop.run(main(int(port), token, body.encode(), int(calls_a_second)))
