"""Proof Key for Code Exchange (RFC 7636), by its method S256 alone."""

import base64
import hashlib
from collections.abc import Mapping

S256 = "S256"


def challenge_of(verifier: str) -> str:
    """RFC 7636, 4.2. A verifier is 43 to 128 unreserved characters (4.1)."""
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def challenge_parameters(verifier: str) -> Mapping[str, str]:
    """Of the authorization request (RFC 7636, 4.3)."""
    return {"code_challenge": challenge_of(verifier), "code_challenge_method": S256}
