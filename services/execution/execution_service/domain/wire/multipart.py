"""multipart/form-data (RFC 7578), with a boundary that no content can contain on purpose."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import chain
from typing import Final

from execution_service.domain.errors import BodyRefused

_QUOTED = str.maketrans({'"': "%22", **{chr(code): f"%{code:02X}" for code in (*range(32), 127)}})
"""As the HTML standard escapes names in form data; other control characters likewise."""

_ENDS_A_LINE: Final = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
"""And whatever else no header may hold (RFC 9110, 5.5)."""


@dataclass(frozen=True, slots=True)
class Part:
    name: str
    content: bytes
    content_type: str
    filename: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    """Besides those of name and type; names and values as they may be sent."""


def encode_multipart(parts: Sequence[Part]) -> tuple[str, bytes]:
    """The content type with its boundary, and the body. Raises BodyRefused for a part whose headers
    would end before they should.
    """
    sections = [_head(part) + part.content + b"\r\n" for part in parts]
    boundary = _boundary(b"".join(sections))
    opening = b"--" + boundary + b"\r\n"
    body = b"".join(opening + section for section in sections) + b"--" + boundary + b"--\r\n"
    return f"multipart/form-data; boundary={boundary.decode()}", body


def _head(part: Part) -> bytes:
    lines = f'Content-Disposition: form-data; name="{part.name.translate(_QUOTED)}"'
    if part.filename is not None:
        lines += f'; filename="{bare_filename(part.filename).translate(_QUOTED)}"'
    lines += f"\r\nContent-Type: {part.content_type}\r\n"
    lines += "".join(f"{name}: {value}\r\n" for name, value in part.headers.items())
    if any(
        _ENDS_A_LINE.search(each) for each in (part.content_type, *chain(*part.headers.items()))
    ):
        raise BodyRefused(
            f"The headers of the part {part.name[:80]!r} hold a control character.",
            hint="Correct the content types and headers of the body's `encoding` in the schema.",
        )
    return f"{lines}\r\n".encode()


def bare_filename(filename: str) -> str:
    """The last step of a path in either notation; never empty, never a dot segment."""
    name = filename.replace("\\", "/").rpartition("/")[2]
    return name if name.strip(".") else "file"


def _boundary(content: bytes) -> bytes:
    """Derived from the content, so that building a request is repeatable and no content holds it.

    To contain its own boundary, content would have to contain part of its own SHA-256.
    """
    return b"openactions-" + sha256(content).hexdigest()[:40].encode()
