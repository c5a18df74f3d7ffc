"""The API of `long_answers`: answers at once, or under `/long/` with 10 MiB over 20 s."""

import asyncio
import sys

import uvloop

from tests.bench.sharing_upstream import REPLY

SIZE = 10 * 1024 * 1024
SECONDS = 20.0
PIECES = 80
PIECE = b'"0123456789abcde' * (SIZE // PIECES // 16)
HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n" % SIZE


class Answering(asyncio.Protocol):
    def connection_made(self, transport):
        self.transport = transport
        self.may_write = asyncio.Event()
        self.may_write.set()
        self.sending = None

    def pause_writing(self):
        self.may_write.clear()

    def resume_writing(self):
        self.may_write.set()

    def connection_lost(self, _):
        if self.sending is not None:
            self.sending.cancel()

    def data_received(self, data):
        """A GET fits in one read; nothing else is sent here."""
        if data.startswith(b"GET /long/"):
            self.sending = asyncio.get_running_loop().create_task(self._send())
        else:
            self.transport.write(REPLY)

    async def _send(self):
        self.transport.write(HEAD)
        for _ in range(PIECES):
            self.transport.write(PIECE)
            await asyncio.sleep(SECONDS / PIECES)
            await self.may_write.wait()


async def main(port: int) -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(Answering, "127.0.0.1", port, backlog=2_000)
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(main(int(sys.argv[1])))
