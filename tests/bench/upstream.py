"""The API that everybody calls: nginx, one process, the same small JSON for every request."""

from pathlib import Path

from openactions_local.child import Child
from openactions_local.edge import nginx
from openactions_local.servers import LOOPBACK

HOST = "upstream.example.com"
DOMAIN = "example.com"
API_KEY = "bench-key-0123456789"
EXPECTED = "Garden hose"
"""A part of every answer, however it is wrapped."""
ANSWER = (
    '{"id":42,"name":"Garden hose","price":19.5,"currency":"EUR","in_stock":true,'
    '"tags":["garden","water"],"description":"Twenty metres, with a brass nozzle.","rating":4.5}'
)

CONFIGURATION = """\
worker_processes 1;
master_process off;
daemon off;
error_log stderr error;
pid nginx.pid;
events {{ worker_connections 512; }}
http {{
  access_log off;
  keepalive_requests 10000000;
  client_body_temp_path tmp; proxy_temp_path tmp; fastcgi_temp_path tmp;
  uwsgi_temp_path tmp; scgi_temp_path tmp;
  server {{
    listen {host}:{port};
    default_type application/json;
    location / {{ return 200 '{answer}'; }}
  }}
}}
"""


def upstream_child(folder: Path, port: int) -> Child:
    program = nginx()
    if program is None:
        raise RuntimeError("nginx is not installed; Debian's package is nginx-light")
    folder.mkdir(parents=True)
    text = CONFIGURATION.format(host=LOOPBACK, port=port, answer=ANSWER)
    (folder / "nginx.conf").write_text(text)
    command = [program, "-p", f"{folder}/", "-c", "nginx.conf", "-e", "stderr"]
    return Child("upstream (nginx)", command, folder / "nginx.log")


def allowed_origin(port: int) -> str:
    """The operator setting under which the platform may call this API on loopback."""
    return f"http://{HOST}:{port}=127.0.0.1"


def document(origin: str) -> dict:
    """Its OpenAPI document: a read with path and query arguments, and a call that changes."""
    item_id = {"name": "item_id", "in": "path", "required": True, "schema": {"type": "integer"}}
    units = {"type": "string", "enum": ["metric", "imperial"]}
    answer = {"200": {"description": "An item"}}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Items", "version": "1.0.0"},
        "servers": [{"url": origin}],
        "paths": {
            "/items/{item_id}": {
                "get": {
                    "operationId": "getItem",
                    "summary": "Read an item",
                    "parameters": [item_id, {"name": "units", "in": "query", "schema": units}],
                    "responses": answer,
                }
            },
            "/items": {
                "post": {
                    "operationId": "addItem",
                    "summary": "Add an item",
                    "x-openai-isConsequential": False,
                    "requestBody": {
                        "required": True,
                        "content": {"application/json": {"schema": NEW_ITEM}},
                    },
                    "responses": answer,
                }
            },
        },
    }


NEW_ITEM = {
    "type": "object",
    "required": ["name", "price"],
    "properties": {
        "name": {"type": "string", "maxLength": 80},
        "price": {"type": "number", "minimum": 0},
        "tags": {"type": "array", "items": {"type": "string"}},
    },
}
READ = {"item_id": 42, "units": "metric"}
CHANGE = {"name": "Garden hose", "price": 19.5, "tags": ["garden", "water"]}
