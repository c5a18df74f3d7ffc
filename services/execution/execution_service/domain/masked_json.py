"""JSON with a credential's values masked stays JSON."""

import json
import re
from bisect import bisect_right

from execution_service.domain.json_text import json_text
from execution_service.domain.masking import Effort, Mask

_STRING_OR_NUMBER = re.compile(rb'"(?:[^"\\]|\\.)*+"?|-?[0-9][0-9.eE+-]*')


def masked_json(mask: Mask, text: bytes, effort: Effort) -> tuple[bytes, int]:
    """The same bytes but for the values, and how many there were. No JSON any more where a value
    went across strings or numbers.
    """
    masked, count = mask.applied_to(text, effort)
    if not count or json_text(masked) or not json_text(text):
        return masked, count
    by_tokens, in_tokens = _by_tokens(mask, text, effort)
    across = _is_across_tokens(mask, by_tokens, effort)
    return (masked, count) if across else (by_tokens, in_tokens)


def _is_across_tokens(mask: Mask, text: bytes, effort: Effort) -> bool:
    """What is found within one token is another text once it is read: its escapes are none."""
    tokens = [found.span() for found in _STRING_OR_NUMBER.finditer(text)]
    for start, end in mask.spans(text, effort):
        token = bisect_right(tokens, (start, len(text))) - 1
        if token < 0 or tokens[token][1] < end:
            return True
    return False


def _by_tokens(mask: Mask, text: bytes, effort: Effort) -> tuple[bytes, int]:
    """A value was a number, or took a part of an escape, which is then no escape any more."""
    count = 0

    def token(found: re.Match[bytes]) -> bytes:
        nonlocal count
        before = found[0]
        is_text = before.startswith(b'"')
        read = json.loads(before, strict=False) if is_text else before.decode()
        after, masked = mask.applied_to_text(read, effort)
        if not masked:
            return before
        count += masked
        return json.dumps(after if is_text else mask.replacement.decode()).encode()

    return _STRING_OR_NUMBER.sub(token, text), count
