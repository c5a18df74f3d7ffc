"""Strong entity tags (RFC 9110, 8.8.3): a revision, where two people may edit the same thing; a
digest of the answer's bytes, where an answer is made of several things.
"""

import re
from hashlib import sha256

from contracts.errors import Invalid


class EtagInvalid(Invalid):
    code = "platform.etag_invalid"


_TAGS = re.compile(r'(?:W/)?("[\x21\x23-\x7e\x80-\xff]*")')
_DIGITS = 32


def etag_of(revision: int) -> str:
    return f'"{revision}"'


def revision_of(unverified_etag: str | None) -> int | None:
    """The revision that an `If-Match` names; None for no header or `*`."""
    if unverified_etag is None or unverified_etag == "*":
        return None
    text = unverified_etag.strip().strip('"')
    if not text.isdecimal() or not text.isascii() or len(text) > 18:  # noqa: PLR2004 - 64 bits
        raise EtagInvalid("This If-Match is not an ETag of ours.", hint="Read it again first.")
    return int(text)


def etag_of_content(content: bytes) -> str:
    """The same for the same bytes and no others, whichever replica answers."""
    return f'"{sha256(content).hexdigest()[:_DIGITS]}"'


def is_known(etag: str, unverified_if_none_match: str | None) -> bool:
    """Whether the caller has this answer already: 304 (RFC 9110, 13.1.2; the weak comparison)."""
    if unverified_if_none_match is None:
        return False
    return unverified_if_none_match.strip() == "*" or etag in _TAGS.findall(
        unverified_if_none_match
    )
