"""Encoding objects of a form or a multipart body (OAS 3.1, 4.8.15)."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from contracts.headers import is_token
from contracts.operation import PropertyEncoding
from contracts.wire import is_media_type
from schema_service.domain.compiling.dialect import Dialect
from schema_service.domain.compiling.references import Broken, References

_VALUE = re.compile(r"[\x20-\x7e]{1,1000}")
_OURS = frozenset({"content-type", "content-disposition", "content-length"})
"""`contentType` says the first (OAS 4.8.15.1); the part itself the others."""
MAX_HEADERS = 20


@dataclass(frozen=True, slots=True)
class Encodings:
    """Reads them for bodies of one media type."""

    references: References
    dialect: Dialect
    is_multipart: bool

    def of(self, node: Any) -> dict[str, PropertyEncoding]:
        if not isinstance(node, dict):
            return {}
        return {name: self._one(each) for name, each in node.items() if isinstance(each, dict)}

    def _one(self, node: Mapping[str, Any]) -> PropertyEncoding:
        """3.0 has styles in forms only (3.0.4, 4.7.15); from 3.1 on, one that is written makes the
        content type be ignored.
        """
        style, explode = node.get("style"), node.get("explode")
        is_styled = not (self.is_multipart and self.dialect is Dialect.OPENAPI_30)
        return PropertyEncoding(
            content_type=_media_types(node.get("contentType")),
            style=style if isinstance(style, str) and is_styled else None,
            explode=explode if isinstance(explode, bool) and is_styled else None,
            allow_reserved=node.get("allowReserved") is True,
            headers=dict(self._headers(node.get("headers"))) if self.is_multipart else {},
        )

    def _headers(self, node: Any) -> Iterator[tuple[str, str]]:
        """Those with a value that the document gives: nobody is asked for one."""
        if not isinstance(node, dict):
            return
        for name, each in [*node.items()][:MAX_HEADERS]:
            header = self.header(name, each)
            if header.value is not None:
                yield name, header.value

    def header(self, name: str, node: Any) -> "PartHeader":
        target = self.references.follow(node, ())
        if isinstance(target, Broken) or not isinstance(target.value, dict):
            return PartHeader(None, "nothing describes it")
        if not is_token(name):
            return PartHeader(None, "no header can have that name")
        if name.lower() in _OURS:
            return PartHeader(None, "the part has its own, to which `contentType` gives the type")
        value = self._value(target.value)
        text = value if isinstance(value, str) else orjson.dumps(value).decode()
        if not text:
            return PartHeader(None, "the document gives it no value, and no argument asks for one")
        if not _VALUE.fullmatch(text):
            return PartHeader(None, "no header can have that value")
        return PartHeader(text)

    def _value(self, header: Mapping[str, Any]) -> Any:
        target = self.references.follow(header.get("schema"), ())
        schema = None if isinstance(target, Broken) else target.value
        schema = schema if isinstance(schema, dict) else {}
        enum = schema.get("enum")
        if "const" in schema:
            return schema["const"]
        if isinstance(enum, list) and len(enum) == 1:
            return enum[0]
        if "default" in schema:
            return schema["default"]
        if header.get("required") is True:
            return header.get("example", schema.get("example", ""))
        return ""


@dataclass(frozen=True, slots=True)
class PartHeader:
    """A header of a part, or why it is not sent."""

    value: str | None
    why: str = ""


def _media_types(text: Any) -> str | None:
    if not isinstance(text, str):
        return None
    return ", ".join(name for name in names_in(text) if is_media_type(name)) or None


def names_in(content_type: str) -> list[str]:
    """The media types of a `contentType`, whether or not they are any."""
    return [name.strip() for name in content_type.split(",")]
