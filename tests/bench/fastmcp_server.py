"""FastMCP's `from_openapi` over HTTP, stateless, answering with JSON: its fastest way to serve.

Runs in an environment of its own: `python fastmcp_server.py DOCUMENT BASE_URL PORT`. The key is a
fixed header of its client; nothing is governed, admitted or recorded.
"""

import json
import sys
from pathlib import Path

import httpx2
import uvicorn
from fastmcp import FastMCP

API_KEY_HEADERS = {"authorization": "Bearer bench-key-0123456789"}


def main(document: str, base_url: str, port: str) -> None:
    server = FastMCP.from_openapi(
        json.loads(Path(document).read_text()),
        client=httpx2.AsyncClient(base_url=base_url, headers=API_KEY_HEADERS),
        name="items",
    )
    app = server.http_app(path="/mcp", stateless_http=True, json_response=True)
    uvicorn.run(
        app, port=int(port), loop="uvloop", http="httptools", log_level="warning", access_log=False
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
