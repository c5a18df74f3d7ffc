"""A way back that whoever asks for a page names: it leads to our own pages only."""

import re

START = "/"
_OWN = re.compile(r"/(?:[A-Za-z0-9._~%-][A-Za-z0-9._~%/-]*)?(?:\?[A-Za-z0-9._~%&=/:+-]*)?")
"""A path (RFC 3986, 3.3) that begins with one slash, without a backslash, which some browsers read
as one.
"""
MAX_CHARACTERS = 2_000


def own_path(unverified: str | None) -> str:
    """The path itself; the start page where it is none, or somebody else's address."""
    if not unverified or len(unverified) > MAX_CHARACTERS or "//" in unverified:
        return START
    return unverified if _OWN.fullmatch(unverified) else START
