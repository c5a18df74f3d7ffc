"""What of an API's answer a caller gets: JSON as it was sent, else text; both bounded."""

import codecs
import re
from dataclasses import dataclass, replace
from io import StringIO
from typing import Final

from execution_service.domain.json_text import JsonText, json_text
from execution_service.domain.masked_json import masked_json
from execution_service.domain.masking import NO_MASK, Effort, Mask, TextMasker

MAX_ANSWER_CHARACTERS = 100_000
CUT_MARK = "\n[cut by OpenActions: the answer has {total} characters, {kept:,} are shown]"
SHORT_MARK = "\n[cut by OpenActions: {kept:,} characters are shown. {why}]"
"""Where more of it could not be held."""
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
_UTF_16_BE: Final = b"\xfe\xff"
_UTF_16_MARKS: Final = (b"\xff\xfe", _UTF_16_BE)


@dataclass(frozen=True, slots=True)
class ReadableAnswer:
    """`body` is JSON where the answer says so and is, else text; None where it is not text."""

    content_type: str
    body: JsonText | str | None
    is_text: bool
    truncated: bool = False
    masked: int = 0
    """How many values of the credential were masked, nothing else being changed."""


class AnswerReader:
    """Takes an answer piece by piece and keeps what is shown of it: 100,000 characters.

    `content_type` is as in the header; an empty body is empty text whatever that says.
    """

    def __init__(
        self, content_type: str, most: int = MAX_ANSWER_CHARACTERS, mask: Mask = NO_MASK
    ) -> None:
        media_type, _, parameters = content_type.partition(";")
        media_type = media_type.strip().lower()
        self._effort = Effort()
        shown, self._masked = mask.applied_to_text(content_type, self._effort)
        self._media_type = shown.partition(";")[0].strip().lower()
        self._most = most
        self._mask = mask
        self._parameters = parameters
        self._is_text = _is_text(media_type)
        self._may_be_json = media_type == "application/json" or media_type.endswith("+json")
        self._bytes = bytearray()
        self._text: _Text | None = None
        """From when there are more bytes than characters may be shown."""
        self.size = 0
        """How many bytes there were."""

    @property
    def held(self) -> int:
        """How many bytes this takes."""
        return len(self._bytes) + (self._text.held if self._text else 0)

    def feed(self, piece: bytes) -> None:
        self.size += len(piece)
        if not self._is_text:
            return
        if self._text is None:
            self._bytes += piece
            if len(self._bytes) > self._most:
                self._begin_text()
            return
        self._text.feed(piece)
        if self._bytes:
            self._bytes += piece
            self._forget_bytes()

    def _begin_text(self) -> None:
        self._text = _Text(
            self._parameters, self._bytes, self._most, TextMasker(self._mask, self._effort)
        )
        self._text.feed(self._bytes)
        self._forget_bytes()

    def _forget_bytes(self) -> None:
        """They are needed for JSON alone, which is not cut."""
        assert self._text is not None  # noqa: S101 - begun before
        if not self._may_be_json or self._text.characters > self._most:
            self._bytes = bytearray()

    def end(self, *, complete: bool = True, why: str = "") -> ReadableAnswer:
        """Not `complete` where there was more of it than was read; `why` says what for."""
        read = self._read(complete=complete, why=why)
        return replace(read, masked=read.masked + self._masked) if self._masked else read

    def _read(self, *, complete: bool, why: str) -> ReadableAnswer:
        if not self.size and complete:
            return ReadableAnswer(self._media_type, "", is_text=True)
        if not self._is_text:
            return ReadableAnswer(self._media_type, None, is_text=False)
        if self._may_be_json and complete and self._bytes:
            body, masked = masked_json(self._mask, bytes(self._bytes), self._effort)
            read = json_text(body)
            if read is not None:  # else it only claims to be JSON
                return ReadableAnswer(self._media_type, read, is_text=True, masked=masked)
        if self._text is None:
            self._begin_text()
        assert self._text is not None  # noqa: S101 - begun above
        shown, truncated = self._text.end(complete=complete, why=why)
        masked = self._text.masked
        return ReadableAnswer(
            self._media_type, shown, is_text=True, truncated=truncated, masked=masked
        )


def read_answer(
    content_type: str, body: bytes, *, complete: bool = True, mask: Mask = NO_MASK
) -> ReadableAnswer:
    """All of it at once."""
    reader = AnswerReader(content_type, mask=mask)
    reader.feed(body)
    return reader.end(complete=complete)


class _Text:
    """The first characters, masked, and how many there were."""

    def __init__(self, parameters: str, start: bytearray, most: int, masker: TextMasker) -> None:
        self._mark, codec = _codec(parameters, start)
        self._decoder = codecs.getincrementaldecoder(codec)(errors="replace")
        self._most = most
        self._masker = masker
        self._shown = StringIO()
        self._kept = 0
        self._width = 1
        self.characters = 0
        """As the API sent them. A mask is never longer than what it replaces."""

    @property
    def held(self) -> int:
        return self._width * self._kept + self._masker.held

    @property
    def masked(self) -> int:
        return self._masker.count

    def feed(self, piece: bytes | bytearray) -> None:
        if self._mark:
            piece, self._mark = piece[self._mark :], 0
        self._take(self._decoder.decode(bytes(piece)))

    def _take(self, text: str) -> None:
        self.characters += len(text)
        if self._kept < self._most:
            self._show(self._masker.feed(text))

    def _show(self, text: str) -> None:
        shown = text[: self._most - self._kept]
        self._shown.write(shown)
        self._kept += len(shown)
        self._width = self._width if shown.isascii() else 4

    def end(self, *, complete: bool, why: str) -> tuple[str, bool]:
        """What is shown, and whether that was cut."""
        self._take(self._decoder.decode(b"", final=True))
        self._show(self._masker.finish(complete=complete))
        shown = self._shown.getvalue()
        if complete and self.characters <= self._most:
            return shown, False
        if why:
            return shown + SHORT_MARK.format(kept=len(shown), why=why), True
        total = f"{self.characters:,}" if complete else f"more than {self.characters:,}"
        return shown + CUT_MARK.format(total=total, kept=len(shown)), True


def _is_text(media_type: str) -> bool:
    if not media_type:
        return True
    return media_type.startswith(_TEXT_TYPES) or media_type.endswith(("+json", "+xml", "+yaml"))


def _codec(parameters: str, start: bytearray) -> tuple[int, str]:
    """The length of a byte order mark that is no part of the text, and the codec after it.

    Only charsets that text is sent in: Python's other codecs compute, or yield surrogates; and its
    incremental one for UTF-16 fails where there is no mark.
    """
    _, _, charset = parameters.lower().partition("charset=")
    name = charset.split(";")[0].strip(" \"'").replace("_", "-")
    if name == "utf-16":
        mark = 2 if start.startswith(_UTF_16_MARKS) else 0
        return mark, "utf-16-be" if start.startswith(_UTF_16_BE) else "utf-16-le"
    return 0, name if _CHARSET.fullmatch(name) else "utf-8"
