"""The object that an answer of a provider holds, in JSON or as a form."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from kit.json_text import read_json

MAX_BYTES = 256 * 1024
MAX_FIELDS = 100
NO_CONTENT = 204
FORMS = ("application/x-www-form-urlencoded", "text/plain", "")
"""Types that a form is taken from: GitHub says the first one, others none or the second."""


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """As it came, redirects not followed."""

    status: int
    content_type: str
    body: bytes = field(repr=False)
    retry_after_seconds: float | None = None

    @property
    def is_success(self) -> bool:
        return 200 <= self.status < 300  # noqa: PLR2004 - RFC 9110, 15.3

    @property
    def is_redirect(self) -> bool:
        return 300 <= self.status < 400  # noqa: PLR2004 - RFC 9110, 15.4

    @property
    def media_type(self) -> str:
        return self.content_type.partition(";")[0].strip().lower()

    @property
    def why_unreadable(self) -> str:
        """For an answer of which `document_of` is None."""
        if self.status == NO_CONTENT or not self.body:
            return "its answer is empty"
        if len(self.body) > MAX_BYTES:
            return f"its answer is larger than {MAX_BYTES // 1024} KiB"
        return "its answer is neither a JSON object nor a form"


def document_of(answer: HttpAnswer) -> Mapping[str, Any] | None:
    """None for what is neither. What begins as JSON is read as JSON, whatever its type says."""
    body = answer.body
    if answer.status == NO_CONTENT or len(body) > MAX_BYTES:
        return None
    try:
        text = body.decode("utf-8-sig").strip()
        if text.startswith("{"):
            found = read_json(text.encode())
        elif answer.media_type in FORMS and "=" in text:
            found = _form(text)
        else:
            return None
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def _form(text: str) -> dict[str, str]:
    """`ValueError` where a member is there twice (RFC 6749, 3.2)."""
    pairs = parse_qsl(
        text,
        keep_blank_values=True,
        strict_parsing=True,
        errors="strict",
        max_num_fields=MAX_FIELDS,
    )
    members = dict(pairs)
    if len(members) < len(pairs):
        raise ValueError("a member twice")
    return members


def at(document: Mapping[str, Any], path: str) -> object:
    """The value at a dotted path; None where there is none."""
    value: object = document
    for name in path.split("."):
        if not isinstance(value, Mapping):
            return None
        value = value.get(name)
    return value
