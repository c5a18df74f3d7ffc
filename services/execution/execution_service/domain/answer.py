"""What of an API's answer a caller gets: JSON as it was sent, else text; both bounded."""

import re
from dataclasses import dataclass, replace

from execution_service.domain.json_text import JsonText, json_text
from execution_service.domain.masked_json import masked_json
from execution_service.domain.masking import NO_MASK, Mask

MAX_ANSWER_CHARACTERS = 100_000
CUT_MARK = "\n[cut by OpenActions: the answer has {total} characters, {kept:,} are shown]"
_TEXT_TYPES = (
    "text/",
    "application/json",
    "application/xml",
    "application/yaml",
    "application/javascript",
    "application/x-www-form-urlencoded",
    "application/x-ndjson",
    "application/graphql",
)
_CHARSET = re.compile(
    r"utf-8|utf-16|utf-16le|utf-16be|us-ascii|iso-8859-(?:[1-9]|1[013-6])|windows-125[0-8]"
    r"|koi8-[ru]|shift-jis|euc-jp|euc-kr|gb2312|gbk|gb18030|big5"
)


@dataclass(frozen=True, slots=True)
class ReadableAnswer:
    """`body` is JSON where the answer says so and is, else text; None where it is not text."""

    content_type: str
    body: JsonText | str | None
    is_text: bool
    truncated: bool = False
    masked: int = 0
    """How many values of the credential were masked, nothing else being changed."""


def read_answer(
    content_type: str, body: bytes, *, complete: bool = True, mask: Mask = NO_MASK
) -> ReadableAnswer:
    """`content_type` as in the header; an empty body is empty text whatever the header says.

    Not `complete` where there was more of it than was read.
    """
    content_type, masked = mask.applied_to_text(content_type)
    read = _read(content_type, body, complete=complete, mask=mask)
    return replace(read, masked=read.masked + masked) if masked else read


def _read(content_type: str, body: bytes, *, complete: bool, mask: Mask) -> ReadableAnswer:
    media_type, _, parameters = content_type.partition(";")
    media_type = media_type.strip().lower()
    if not body:
        return ReadableAnswer(media_type, "", is_text=True)
    if not _is_text(media_type):
        return ReadableAnswer(media_type, None, is_text=False)
    is_json = media_type == "application/json" or media_type.endswith("+json")
    if is_json and complete and _is_short(body):
        text, masked = masked_json(mask, body)
        read = json_text(text)
        if read is not None:  # else it only claims to be JSON
            return ReadableAnswer(media_type, read, is_text=True, masked=masked)
    decoded, masked = mask.applied_to_text(_decoded(body, parameters), complete=complete)
    read_text = _as_text(media_type, decoded, complete=complete)
    return replace(read_text, masked=masked) if masked else read_text


def _is_short(body: bytes) -> bool:
    """In characters. What is not UTF-8 is no JSON, however short."""
    if len(body) <= MAX_ANSWER_CHARACTERS:
        return True
    most_bytes = 4 * MAX_ANSWER_CHARACTERS
    return len(body) <= most_bytes and len(body.decode(errors="ignore")) <= MAX_ANSWER_CHARACTERS


def _is_text(media_type: str) -> bool:
    if not media_type:
        return True
    return media_type.startswith(_TEXT_TYPES) or media_type.endswith(("+json", "+xml", "+yaml"))


def _decoded(body: bytes, parameters: str) -> str:
    """Only charsets that text is sent in: Python's other codecs compute, or yield surrogates."""
    _, _, charset = parameters.lower().partition("charset=")
    name = charset.split(";")[0].strip(" \"'").replace("_", "-")
    return body.decode(name if _CHARSET.fullmatch(name) else "utf-8", errors="replace")


def _as_text(media_type: str, text: str, *, complete: bool) -> ReadableAnswer:
    if complete and len(text) <= MAX_ANSWER_CHARACTERS:
        return ReadableAnswer(media_type, text, is_text=True)
    kept = text[:MAX_ANSWER_CHARACTERS]
    total = f"{len(text):,}" if complete else f"more than {len(text):,}"
    mark = CUT_MARK.format(total=total, kept=len(kept))
    return ReadableAnswer(media_type, kept + mark, is_text=True, truncated=True)
