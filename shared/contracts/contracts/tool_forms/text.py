"""Texts of a document as models get them."""

import re
from typing import Any

MAX_DESCRIPTION = 300
"""Characters that a model gets of an operation's summary and description together."""
MAX_PARAMETER_DESCRIPTION = 700
HIDDEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0d\ufeff\uffa0\ufff0-\ufffb"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
    "|(?<=[\u200c\u200d])[\u200c\u200d]|(?<=[\ufe0e\ufe0f])[\ufe0e\ufe0f]"
)
"""Zero-width, direction-changing, filling and tag characters (row H74 of the hostile list): what
Unicode calls default-ignorable (DerivedCoreProperties), and the marks of interlinear annotation.

Scripts and emoji need the joiners U+200C and U+200D, the variation selectors U+FE0E and U+FE0F, and
Mongolian its own: they stay, but for the second of two in a row, with which words can be spelled.
"""
_SPACE = re.compile(r"\s+")
_SENTENCE_END = (".", "!", "?", ":", ";", "…")


def visible(text: str) -> str:
    """Without hidden characters."""
    return text if text.isascii() else HIDDEN.sub("", text)


def is_visible(value: Any) -> bool:
    """Whether no text of a JSON value, nor a name in it, has a hidden character."""
    if isinstance(value, str):
        return value.isascii() or HIDDEN.search(value) is None
    if isinstance(value, dict):
        return all(is_visible(key) and is_visible(each) for key, each in value.items())
    return not isinstance(value, list) or all(map(is_visible, value))


def cut(text: str, limit: int) -> str:
    """On one line, without hidden characters, at most `limit` characters, cut at a word."""
    plain = _SPACE.sub(" ", visible(text)).strip()
    if len(plain) <= limit:
        return plain
    head = plain[: limit - 1]
    words = head.rsplit(" ", 1)[0]
    return (words if len(words) > limit // 2 else head).rstrip() + "…"


def joined(summary: str, description: str) -> str:
    """Both, unless the one repeats the other."""
    if not summary or description.startswith(summary):
        return description
    return sentences(summary, description)


def sentences(*texts: str) -> str:
    """One behind the other; a full stop ends each that another one follows."""
    *first, last = [text for text in texts if text.strip()] or [""]
    ended = (text.rstrip() for text in first)
    ended = (text if text.endswith(_SENTENCE_END) else f"{text}." for text in ended)
    return " ".join([*ended, last])
