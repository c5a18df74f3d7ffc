"""The API that the Weather example describes, `GET /location?location=…`, with a key.

`/openapi.json` is its document, without a key.
"""

import base64
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from openactions_local import demo_origin
from openactions_local.servers import LOOPBACK

API_KEY = "key-of-the-weather"
SIGNED_IN = (
    ("authorization", f"Bearer {API_KEY}"),
    ("authorization", "Basic " + base64.b64encode(f"ada:{API_KEY}".encode()).decode()),
    ("x-api-key", API_KEY),
)


class WeatherApi:
    """Answers at the demo API's origin, in a thread, from `with` to its end."""

    def __init__(self, port):
        self.origin = demo_origin.origin(port)
        self.asked = []
        """The method and the target of each request that had the right key."""
        self.document = ""
        self._server = ThreadingHTTPServer((LOOPBACK, port), self._requests())

    def __enter__(self):
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)

    def _requests(self):
        api = self

        class WeatherRequest(BaseHTTPRequestHandler):
            def do_GET(self):
                if self.path == "/openapi.json":
                    self.answer(200, json.loads(api.document))
                    return
                if not any(self.headers.get(name) == key for name, key in SIGNED_IN):
                    self.answer(401, {"error": "wrong or missing key"})
                    return
                api.asked.append((self.command, self.path))
                [place] = parse_qs(urlsplit(self.path).query)["location"]
                self.answer(200, {"location": place, "temperature": 21, "sky": "clear"})

            def do_POST(self):
                self.rfile.read(int(self.headers.get("content-length", 0)))
                api.asked.append((self.command, self.path))
                self.answer(201, {"stored": True})

            def answer(self, status, body):
                content = json.dumps(body).encode()
                self.send_response(status)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_):
                """Nothing is printed."""

        return WeatherRequest
