"""An API that answers when a test says so, on a port of its own, and counts who came."""

import threading
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

HOST, DOMAIN = "slow-api.example.com", "example.com"
LATEST_SECONDS = 60


class SlowApi:
    """While it is entered it listens; `release` lets all answers go."""

    def __init__(self) -> None:
        self.asked_for: list[str] = []
        self._released = threading.Event()

    def __enter__(self) -> Self:
        api = self

        class Held(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                api.asked_for.append(self.path)
                api._released.wait(LATEST_SECONDS)
                self.send_response(200)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", "2")
                self.end_headers()
                with suppress(OSError):  # whoever asked is gone
                    self.wfile.write(b"{}")

            def log_message(self, *_: object) -> None:
                """Nothing to say."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Held)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.release()
        self._server.shutdown()
        self._server.server_close()

    def release(self) -> None:
        self._released.set()

    @property
    def origin(self) -> str:
        return f"http://{HOST}:{self._server.server_address[1]}"

    @property
    def document(self) -> dict[str, Any]:
        by_name = {"name": "who", "in": "path", "required": True, "schema": {"type": "string"}}
        operation = {
            "operationId": "waitHere",
            "x-openai-isConsequential": False,
            "parameters": [by_name],
            "responses": {"200": {"description": "At last"}},
        }
        return {
            "openapi": "3.1.0",
            "info": {"title": "Slow", "version": "1"},
            "servers": [{"url": self.origin}],
            "paths": {"/wait/{who}": {"get": operation}},
        }
