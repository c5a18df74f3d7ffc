"""Lines of a text that begin no deeper than the member whose text they go on with."""

import re
from collections.abc import Iterator

from schema_service.domain.misspelt import misspelt, plain_name
from schema_service.domain.reading import openapi_names
from schema_service.domain.reading.yaml_line import (
    Line,
    Proposal,
    is_blank,
    line_of,
    quoted,
    shown_value,
    width,
)

_KNOWN = frozenset(map(plain_name, openapi_names.ALL))
MAX_LINES = 50
"""Lines that one text may go on for."""
_NO_TEXT = frozenset("[]{}'\"|>&*!#@`%")
_OF_DOCUMENTS = re.compile(r"\"[^\"]*\"|'[^']*'|/\S*|x-\S+|<<|\d+")
"""Names that documents give."""


def loose_proposals(lines: list[str], failed: int) -> Iterator[Proposal]:
    """The text and what goes on with it, as one text in quotes: reading failed in or below it."""
    head = _head(lines, failed)
    if head is None:
        return
    line, last = line_of(lines[head]), _last_loose(lines, head)
    if not all(is_blank(each) for each in lines[last + 1 : failed]):
        return
    texts = [line.value, *(lines[i].strip() for i in range(head + 1, last + 1))]
    whole = " ".join(each for each in texts if each)
    first = next(i for i in range(head + 1, last + 1) if not is_blank(lines[i]))
    changed = dict.fromkeys(range(head + 1, last + 1), "")
    changed[head] = lines[head][: line.at] + quoted(whole) + _break(lines[head])
    yield Proposal(
        first,
        width(lines[first]),
        f"the text behind {line.named} goes on in line {first + 1}, which begins no deeper than "
        f"{line.named} itself",
        f"Write all of the text in one line, in quotes: {line.key}: {shown_value(whole)}.",
        "Write the text in one line",
        changed,
    )


def _head(lines: list[str], failed: int) -> int | None:
    """The nearest line, at or above the failed one, whose text may go on below it."""
    for index in range(min(failed, len(lines)) - 1, max(-1, failed - MAX_LINES), -1):
        line = line_of(lines[index])
        if _is_text(line) and _last_loose(lines, index) > index:
            return index
        if not is_blank(lines[index]) and (line.key in openapi_names.ALL or not line.value):
            return None
    return None


def _is_text(line: Line) -> bool:
    """Without quotes or anything else that says where it ends."""
    if line.key is None or not line.value or line.value[0] in _NO_TEXT:
        return False
    return " " in line.value or line.key in ("description", "summary", "title")


def _is_loose(text: str, limit: int) -> bool:
    """Words, or a name that nothing in OpenAPI has, further left than `limit`, the text's key."""
    line = line_of(text)
    if not line.value or line.value[0] in _NO_TEXT:
        return False
    if line.key is not None:
        return width(text) < limit and is_unknown(line.key)
    return not line.is_entry and width(text) <= limit and not _lacks_colon(line.value)


def is_unknown(key: str) -> bool:
    """A capital begins a sentence rather than a name with a slip."""
    if plain_name(key) in _KNOWN or _OF_DOCUMENTS.fullmatch(key):
        return False
    return key[0].isupper() or misspelt(key, openapi_names.ALL) is None


def _lacks_colon(text: str) -> bool:
    """`required true` is a member rather than a text; so may be a word alone."""
    words = text.split()
    return len(words) == 1 or (len(words) == 2 and words[0] in openapi_names.ALL)  # noqa: PLR2004


def _last_loose(lines: list[str], head: int) -> int:
    last, limit = head, width(lines[head])
    for index in range(head + 1, min(len(lines), head + MAX_LINES)):
        if not lines[index].strip():
            continue
        if not _is_loose(lines[index], limit):
            break
        last = index
    return last


def _break(line: str) -> str:
    return line[len(line.rstrip("\r\n")) :]
