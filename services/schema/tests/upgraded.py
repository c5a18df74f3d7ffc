"""An operation as commit 34937ab (compiler 2) stored it, and documents of which it was made."""

import json

XML_NAME = b"""\
openapi: 3.1.0
info: {title: T, version: "1"}
servers: [{url: "https://api.acme.dev"}]
paths:
  /a:
    post:
      operationId: add
      requestBody:
        content:
          application/xml:
            schema: {type: object, xml: {name: "a b"}, properties: {x: {type: string}}}
      responses: {"200": {description: x}}
"""
"""An element with a name that XML does not have: compiler 2 took the body as text."""
OLD_SUMMARY = {
    "operation_id": "add",
    "name": "add",
    "method": "POST",
    "path": "/a",
    "summary": "",
    "consequential": True,
    "verdict": "ready",
    "pointer": "/paths/~1a/post",
    "origin": "https://api.acme.dev:443",
    "anonymous": False,
    "wants_credential": False,
}
OLD_FORM = {
    "operation_id": "add",
    "name": "add",
    "method": "POST",
    "path": "/a",
    "server": "https://api.acme.dev",
    "summary": "",
    "description": "",
    "consequential": True,
    "parameters": [],
    "body": {
        "media_type": "application/xml",
        "required": False,
        "members": None,
        "argument": "body",
        "extra_members": False,
        "encoding": {},
    },
    "arguments": {
        "type": "object",
        "properties": {"body": {"type": "string"}},
        "additionalProperties": False,
    },
    "constants": {},
    "security": [],
    "anonymous": False,
    "response_media_types": [],
    "digest": "b1ac125a0735dc387dcb2ec1ec3990f607a49e907c246c2bbfa759b4e3324db7",
}


def summary_of(**changes):
    path = changes.get("path", OLD_SUMMARY["path"])
    pointer = f"/paths/{path.replace('/', '~1')}/post"
    return {**OLD_SUMMARY, "pointer": pointer, **changes}


def form_of(**changes):
    return {**OLD_FORM, **changes}


def document_of(path="/a", servers=None, **operation):
    """As `OLD_SUMMARY`, in JSON."""
    responses = {"200": {"description": "x"}}
    return json.dumps(
        {
            "openapi": "3.1.0",
            "info": {"title": "T", "version": "1"},
            "servers": servers or [{"url": "https://api.acme.dev"}],
            "paths": {path: {"post": {"operationId": "add", "responses": responses, **operation}}},
        }
    ).encode()
