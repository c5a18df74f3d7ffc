"""The API of `sharing`: answers at once, or under `/slow/` after one to three seconds."""

import asyncio
import random
import sys

import uvloop

from tests.bench.upstream import ANSWER

SLOW_SECONDS = 1.0, 3.0
REPLY = (
    f"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {len(ANSWER)}"
    f"\r\n\r\n{ANSWER}"
).encode()


class Answering(asyncio.Protocol):
    def connection_made(self, transport):
        self.transport = transport

    def data_received(self, data):
        """A GET fits in one read; nothing else is sent here."""
        if data.startswith(b"GET /slow/"):
            asyncio.get_running_loop().call_later(
                random.uniform(*SLOW_SECONDS), self.transport.write, REPLY
            )
        else:
            self.transport.write(REPLY)


async def main(port: int) -> None:
    server = await asyncio.get_running_loop().create_server(Answering, "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(main(int(sys.argv[1])))
