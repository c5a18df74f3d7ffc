"""The name of an account in an ID token (OpenID Connect Core 1.0, 2). The token comes from the
provider itself over TLS (3.1.3.7, 6), so its signature is not checked; and nothing but a label to
show is taken from it.
"""

import base64
import binascii
from collections.abc import Iterable

from auth_service.domain.oauth.foreign_text import cleaned
from kit.json_text import read_json
from kit.sealing import Secret

MAX_CHARACTERS = 16 * 1024
NAMES = ("email", "preferred_username", "sub")
PARTS = 3


def label_in(unverified: object, hide: Iterable[Secret[str]], most: int) -> str:
    """Cleaned, and of `most` characters at most; empty for what names nobody."""
    if not isinstance(unverified, str) or len(unverified) > MAX_CHARACTERS:
        return ""
    parts = unverified.split(".")
    if len(parts) != PARTS or not parts[1].isascii():
        return ""
    try:
        raw = base64.b64decode(parts[1] + "=" * (-len(parts[1]) % 4), altchars=b"-_", validate=True)
        claims = read_json(raw)
    except (binascii.Error, ValueError):
        return ""
    if not isinstance(claims, dict):
        return ""
    hidden = tuple(hide)
    labels = (cleaned(claims.get(name), hidden, most) for name in NAMES)
    return next(filter(None, labels), "")
