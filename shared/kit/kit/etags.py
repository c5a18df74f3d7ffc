"""Revisions as strong entity tags (RFC 9110, 8.8.3), where two people may edit the same thing."""

from contracts.errors import Invalid


class EtagInvalid(Invalid):
    code = "platform.etag_invalid"


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
