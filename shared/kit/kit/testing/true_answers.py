"""Answers against the OpenAPI document that promises them: route, status, media type, body.

A member that the document does not name is a fault, too: whoever generates a client from it would
not have it.
"""

import re
from functools import cache
from itertools import islice
from typing import Any

import jsonschema_rs
import orjson

Json = dict[str, Any]
PROBLEM = {
    "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}},
}
NOT_FOUND, METHOD_NOT_ALLOWED, BAD_REQUEST = 404, 405, 400
OF_ANY_PATH = (NOT_FOUND, METHOD_NOT_ALLOWED, BAD_REQUEST)
"""How what belongs to no route is refused."""
MAX_FAULTS = 5
_API_BODY = re.compile(rb'"body":.*,"truncated":', re.DOTALL)


class TrueAnswers:
    def __init__(self, document: Json) -> None:
        self._components = _closed(document.get("components", {}))
        paths = sorted(document["paths"], key=lambda path: path.count("{"))
        self._routes = [(_pattern(path), path, document["paths"][path]) for path in paths]
        self._validator = cache(self._compiled)

    def faults(
        self, method: str, path: str, status: int, media_type: str, body: bytes
    ) -> list[str]:
        """What of an answer the document does not say; empty where it is true."""
        template, operations = self._route(path)
        operation = operations.get(method.lower())
        name = f"{method} {template or path} {status}"
        if operation is None:
            if status not in OF_ANY_PATH:
                return [f"{name}: the document has no such route"]
            return self._of_content(name, PROBLEM, media_type, body)
        if status == METHOD_NOT_ALLOWED:
            return [f"{name}: the document has this method"]
        answer = operation["responses"].get(str(status))
        if answer is None:
            return [f"{name}: the document does not have this status: {body[:300]!r}"]
        return self._of_content(name, answer.get("content", {}), media_type, body)

    def _route(self, path: str) -> tuple[str, Json]:
        for pattern, template, operations in self._routes:
            if pattern.fullmatch(path):
                return template, operations
        return "", {}

    def _of_content(self, name: str, content: Json, media_type: str, body: bytes) -> list[str]:
        kind = media_type.partition(";")[0].strip()
        if not content and not body:
            return []
        if kind not in content:
            return [f"{name}: {kind or 'no type'} is none of {', '.join(content) or 'no body'}"]
        schema = content[kind].get("schema")
        if schema is None or "json" not in kind:
            return []
        found = self._validator(orjson.dumps(schema)).iter_errors(_read(body))
        return [
            f"{name}: {'/'.join(map(str, each.instance_path))}: {each.message[:300]}"
            for each in islice(found, MAX_FAULTS)
        ]

    def _compiled(self, schema: bytes) -> jsonschema_rs.Draft202012Validator:
        whole = {**_closed(orjson.loads(schema)), "components": self._components}
        return jsonschema_rs.Draft202012Validator(whole)


def _read(body: bytes) -> Any:
    """Without an API's own body where that is JSON that `orjson` cannot hold, such as 1e400."""
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        return orjson.loads(_API_BODY.sub(b'"body":null,"truncated":', body))


def _pattern(path: str) -> re.Pattern[str]:
    parts = re.split(r"\{[^}]*\}", path)
    return re.compile("[^/]+".join(map(re.escape, parts)))


def _closed(node: Any) -> Any:
    """The schema without room for members that it does not name."""
    if isinstance(node, list):
        return [_closed(each) for each in node]
    if not isinstance(node, dict):
        return node
    closed = {key: _closed(value) for key, value in node.items()}
    if isinstance(node.get("properties"), dict) and "additionalProperties" not in node:
        closed["additionalProperties"] = False
    return closed
