"""A proxy before a platform that compares each answer with the combined OpenAPI document (T18).

What a caller sees is compared, whoever answered: a service, the dispatcher, or the edge.
"""

import json
import threading

import httpx
import uvicorn

from kit.testing.true_answers import TrueAnswers
from openactions_local.pages import PUBLIC
from openactions_local.servers import free_port

DOCUMENT = PUBLIC / "openapi.json"
OF_A_CONNECTION = {"connection", "transfer-encoding", "content-length", "host", "keep-alive"}
PAGES = {"/", "/docs", "/openapi.json", "/style.css", "/livez", "/healthz", "/readyz"}
"""Not of the API, and not in its document."""
TIMEOUT_SECONDS = 60


class ComparedAnswers:
    """`url` is the proxy's; `faults` are the answers that the document does not promise."""

    def __init__(self, platform_url):
        self._platform_url = platform_url
        self._document = TrueAnswers(json.loads(DOCUMENT.read_text()))
        self.faults, self.compared = [], 0
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        config = uvicorn.Config(
            self._answer, port=port, log_level="critical", lifespan="off", interface="asgi3"
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, daemon=True)

    def start(self):
        self._thread.start()
        while not self._server.started:
            assert self._thread.is_alive()
        return self

    def stop(self):
        self._server.should_exit = True
        self._thread.join()

    def check(self):
        assert self.faults == [], "answers are not as the document says"
        assert self.compared, "nothing was asked"

    async def _answer(self, scope, receive, send):
        if scope["type"] != "http":
            return
        body, more = b"", True
        while more:
            message = await receive()
            body += message.get("body", b"")
            more = message.get("more_body", False)
        answer = await self._passed_on(scope, body)
        self._compare(scope["method"], scope["path"], answer)
        headers = [
            (name, value)
            for name, value in answer.headers.raw
            if name.decode().lower() not in OF_A_CONNECTION | {"content-encoding"}
        ]
        start = {"status": answer.status_code, "headers": headers}
        await send({"type": "http.response.start", **start})
        await send({"type": "http.response.body", "body": answer.content})

    async def _passed_on(self, scope, body):
        headers = [each for each in scope["headers"] if each[0].decode() not in OF_A_CONNECTION]
        target = scope["raw_path"].decode()
        if scope["query_string"]:
            target += "?" + scope["query_string"].decode()
        async with httpx.AsyncClient(  # noqa: TID251 - to a platform of the test's own
            timeout=TIMEOUT_SECONDS, trust_env=False
        ) as client:
            return await client.request(
                scope["method"], self._platform_url + target, content=body, headers=headers
            )

    def _compare(self, method, path, answer):
        if path in PAGES or path.startswith("/-/"):
            return
        self.compared += 1
        media_type = answer.headers.get("content-type", "")
        status, content = answer.status_code, answer.content
        self.faults += self._document.faults(method, path, status, media_type, content)
