from dataclasses import dataclass

MEDIA_TYPES = {
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
}
"""By the ending of a file's name; what has another ending is not served."""


@dataclass(frozen=True, slots=True)
class Asset:
    """A file whose name holds a digest of its content: it never changes under that name."""

    media_type: str
    content: bytes
    gzipped: bytes
