"""What a media type says about how a body is made (RFC 6838; OAS 3.1, 4.8.14)."""

from collections.abc import Iterable, Mapping
from typing import Any

from contracts.media_type import is_json_sequence
from contracts.wire import is_media_type

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data"
_PREFERRED = (JSON, FORM, MULTIPART, "text/plain", "application/octet-stream")
_BY_POSITION = ("prefixEncoding", "itemEncoding", "itemSchema")
_TEXT = frozenset(
    f"application/{name}"
    for name in (
        *("graphql", "sql", "x-ndjson", "ndjson", "jsonl", "json-seq", "javascript", "yaml"),
        *("x-yaml", "toml", "jwt", "x-sh", "rtf", "sparql-query", "sparql-update", "xml-dtd"),
        *("x-javascript", "ecmascript", "x-httpd-php", "pem-certificate-chain", "x-pem-file"),
    )
)
_BYTES = frozenset(
    f"application/{name}"
    for name in (
        *("octet-stream", "pdf", "zip", "gzip", "x-gzip", "x-tar", "x-7z-compressed", "zstd"),
        *("x-rar-compressed", "x-zip-compressed", "msword", "protobuf", "x-protobuf", "wasm"),
        *("epub+zip", "x-bzip2", "avro", "cbor", "msgpack", "x-msgpack", "java-archive"),
        *("vnd.apache.parquet", "x-binary", "x-sqlite3", "vnd.sqlite3", "vnd.rar", "x-tgz"),
    )
)
_BYTES_BEGIN = (
    *("image/", "audio/", "video/", "font/", "model/"),
    *("application/vnd.openxmlformats-", "application/vnd.ms-", "application/vnd.oasis."),
)


def preferred(media_types: Iterable[str]) -> str | None:
    """JSON before forms before text; otherwise the first."""
    names = [*media_types]
    names = [name for name in names if is_media_type(name)] or names
    plain = {essence(name): name for name in reversed(names)}
    for wanted in _PREFERRED:
        if wanted in plain:
            return plain[wanted]
        if wanted == JSON:
            json_like = [name for name in names if is_json(name)]
            if json_like:
                return json_like[0]
    return names[0] if names else None


def essence(media_type: str) -> str:
    return media_type.split(";", 1)[0].strip().lower()


def is_range(media_type: str) -> bool:
    return "*" in essence(media_type)


def is_json(media_type: str) -> bool:
    """RFC 6838 4.2.8: the structured suffix; a range is taken to allow JSON."""
    kind = essence(media_type)
    return kind in (JSON, "text/json", "*/*", "application/*") or kind.endswith("+json")


def is_multipart(media_type: str) -> bool:
    return essence(media_type) == MULTIPART


def parts_by_position(media_type: str, media: Mapping[str, Any]) -> str:
    """The member that describes parts without names (OAS 3.2, 4.14.4); empty without. Those of
    multipart/form-data have names (RFC 7578, 4.2).
    """
    if not essence(media_type).startswith("multipart/") or is_multipart(media_type):
        return ""
    return next((name for name in _BY_POSITION if name in media), "")


def is_form(media_type: str) -> bool:
    return essence(media_type) in (FORM, MULTIPART)


def sent_as_form(media_type: str) -> frozenset[str]:
    """The types of values that are sent as a form: a text may be one that is written already."""
    return frozenset({"object"} if is_multipart(media_type) else {"object", "string"})


def is_written(media_type: str) -> bool:
    """Whether an object in a parameter is written in it (OAS 3.1, 4.8.12.2, `content`)."""
    return is_json(media_type) or essence(media_type) == FORM


def is_xml(media_type: str) -> bool:
    """RFC 7303."""
    kind = essence(media_type)
    return kind in ("application/xml", "text/xml") or kind.endswith("+xml")


def is_text(media_type: str) -> bool:
    """Whether its content is characters that a model writes itself."""
    kind = essence(media_type)
    return (
        kind.startswith("text/")
        or kind in _TEXT
        or kind.endswith(("+yaml", "+jwt"))
        or is_xml(kind)
        or is_json_sequence(kind)
        or (is_json(kind) and not is_range(kind))
    )


def is_bytes(media_type: str) -> bool:
    """Whether its content is never characters."""
    kind = essence(media_type)
    return (kind in _BYTES or kind.startswith(_BYTES_BEGIN)) and not is_text(kind)
