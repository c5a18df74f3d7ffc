"""Texts that the YAML reader takes for numbers though YAML 1.2 does not: `1_000`, `0b11`."""

import re
from collections.abc import Iterator
from typing import Any

_NO_NUMBER = re.compile(
    r"(^[ \t]*|[:\-?][ \t]+|[,\[{][ \t]*)([-+]?(?:[0-9][0-9A-Fa-fox]*_[0-9A-Fa-f_.eE+-]*|0b[01_]+))"
    r"(?=[ \t]*(?:$|[\r:,\]}]|[ \t]#))",
    re.MULTILINE,
)
_CANDIDATE = re.compile(r"_(?<=[0-9]_)|0b(?=[01])")
"""Found fast, because it begins with characters that are rare."""


def quoted_numbers(text: str) -> str | None:
    """The text with quotes around what looks like such a number; None if nothing does.

    The same may stand inside a longer text, where it gets quotes that do not belong there:
    `settled` compares what both texts read as.
    """
    pieces, done = [], 0
    for candidate in _CANDIDATE.finditer(text):
        if candidate.start() < done:
            continue
        start = text.rfind("\n", 0, candidate.start()) + 1
        end = text.find("\n", candidate.start())
        end = len(text) if end < 0 else end
        pieces += [text[done:start], _NO_NUMBER.sub(r'\1"\2"', text[start:end])]
        done = end
    changed = "".join([*pieces, text[done:]])
    return changed if changed != text else None


def settled(plain: Any, quoted: Any) -> Any:
    """The tree of the original text, except that numbers which quotes turn into texts are texts."""
    holder = [plain]
    stack: list[tuple[Any, Any, Any, Any]] = [(holder, 0, plain, quoted)]
    while stack:
        container, key, here, other = stack.pop()
        if isinstance(here, int | float) and isinstance(other, str):
            container[key] = other
        elif isinstance(here, dict) and isinstance(other, dict) and len(here) == len(other):
            renamed = dict(_pairs(here, other))
            container[key] = renamed
            stack += [
                (renamed, k, renamed[k], v) for k, v in zip(renamed, other.values(), strict=True)
            ]
        elif isinstance(here, list) and isinstance(other, list) and len(here) == len(other):
            pairs = zip(here, other, strict=True)
            stack += [(here, index, *pair) for index, pair in enumerate(pairs)]
    return holder[0]


def _pairs(here: dict[Any, Any], other: dict[Any, Any]) -> Iterator[tuple[Any, Any]]:
    """Keys are such numbers too: at the same place in both, because neither text moves any."""
    for (key, value), theirs in zip(here.items(), other, strict=True):
        is_number = isinstance(key, int | float) and isinstance(theirs, str)
        yield (theirs if is_number else key), value
