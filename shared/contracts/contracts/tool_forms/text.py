"""Texts of a document as models get them."""

import re

MAX_DESCRIPTION = 300
"""Characters that a model gets of an operation's summary and description together."""
MAX_PARAMETER_DESCRIPTION = 700
HIDDEN = re.compile(
    "[\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff"
    "\ufff9-\ufffb\U000e0000-\U000e007f\U000e0100-\U000e01ef]"
)
"""Zero-width, direction-changing and tag characters (row H74 of the hostile list). The joiners
U+200C and U+200D stay: scripts and emoji need them.
"""
_SPACE = re.compile(r"\s+")
_SENTENCE_END = (".", "!", "?", ":", ";", "…")


def cut(text: str, limit: int) -> str:
    """On one line, without hidden characters, at most `limit` characters, cut at a word."""
    plain = _SPACE.sub(" ", text if text.isascii() else HIDDEN.sub("", text)).strip()
    if len(plain) <= limit:
        return plain
    head = plain[: limit - 1]
    words = head.rsplit(" ", 1)[0]
    return (words if len(words) > limit // 2 else head).rstrip() + "…"


def joined(summary: str, description: str) -> str:
    """Both, unless the one repeats the other."""
    if not summary or description.startswith(summary):
        return description
    if not description:
        return summary
    end = "" if summary.rstrip().endswith(_SENTENCE_END) else "."
    return f"{summary.rstrip()}{end} {description}"
