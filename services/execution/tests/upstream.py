"""A real API on loopback that misbehaves on demand; it counts what reaches it."""

import asyncio
from contextlib import asynccontextmanager

import orjson

HOST = "api.example.com"


def _answer(status, content_type, body, *headers):
    head = [f"HTTP/1.1 {status} X", f"content-type: {content_type}", f"content-length: {len(body)}"]
    return "\r\n".join([*head, *headers, "", ""]).encode() + body


class Upstream:
    """`requests` holds (method, target, headers, body), in the order of arrival."""

    def __init__(self):
        self.requests = []
        self.given = {}
        """Content type and body by the last segment of a path."""
        self.refused_tokens = set()
        """Values of `Authorization` that are answered with 401, and repeated in that."""
        self.port = 0
        self.may_answer = asyncio.Event()
        self.may_answer.set()

    @property
    def origin(self):
        return f"http://{HOST}:{self.port}"

    async def take(self, reader, writer):
        try:
            while True:
                request = await self._read(reader)
                self.requests.append(request)
                await self._reply(request, writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async def _read(self, reader):
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        method, target, _ = head[0].split(" ")
        headers = dict(line.split(": ", 1) for line in head[1:] if line)
        body = await reader.readexactly(int(headers.get("content-length", 0)))
        return method, target, headers, body

    async def _reply(self, request, writer):
        method, target, headers, body = request
        token = headers.get("authorization")
        if token in self.refused_tokens:
            repeated = orjson.dumps({"error": "invalid_token", "token": token})
            writer.write(_answer(401, "application/json", repeated))
            await writer.drain()
            return
        path = target.partition("?")[0].rpartition("/")[2]
        if path == "slow":
            await self.may_answer.wait()
        if path == "reset":
            raise ConnectionResetError
        writer.write(self._answers(method, target, body).get(path, self._echo(target, body)))
        await writer.drain()

    def _echo(self, target, body):
        try:
            read = orjson.loads(body) if body else None
        except orjson.JSONDecodeError:  # a form, or a number that its reader does not know
            read = body.decode()
        answer = {"target": target, "body": read}
        return _answer(200, "application/json", orjson.dumps(answer))

    def _answers(self, method, target, body):
        return {
            **{name: _answer(200, *given) for name, given in self.given.items()},
            "huge": _answer(200, "text/plain", b"a" * 2_000_000),
            "long": _answer(200, "text/plain", b"a" * 150_000),
            "picture": _answer(200, "image/png", b"\x89PNG"),
            "moved": _answer(302, "text/plain", b"", f"location: {self.origin}/pets/1"),
            "failing": _answer(500, "application/json", b'{"error":"ours"}'),
            "garbage": b"not HTTP at all\r\n\r\n",
        }


@asynccontextmanager
async def upstream():
    api = Upstream()
    server = await asyncio.start_server(api.take, "127.0.0.1", 0)
    api.port = server.sockets[0].getsockname()[1]
    try:
        yield api
    finally:
        api.may_answer.set()
        server.close()
