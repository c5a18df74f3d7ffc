"""The edge's own pages, which the embedded platform serves, too: no script, no other host."""

from dataclasses import dataclass
from pathlib import Path

PUBLIC = Path(__file__).resolve().parents[2] / "edge" / "public"
FILES = {
    "/docs": ("docs.html", b"text/html; charset=utf-8"),
    "/openapi.json": ("openapi.json", b"application/json"),
    "/style.css": ("style.css", b"text/css"),
}
POLICY = (
    b"default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; "
    b"frame-ancestors 'none'"
)
"""As in `infra/edge/nginx.conf`."""


@dataclass(frozen=True, slots=True)
class Page:
    headers: list[tuple[bytes, bytes]]
    body: bytes


def read_pages() -> dict[str, Page]:
    """By path."""
    return {path: _page((PUBLIC / name).read_bytes(), kind) for path, (name, kind) in FILES.items()}


def _page(body: bytes, media_type: bytes) -> Page:
    headers = [
        (b"content-type", media_type),
        (b"content-length", b"%d" % len(body)),
        (b"content-security-policy", POLICY),
        (b"referrer-policy", b"no-referrer"),
    ]
    return Page(headers, body)
