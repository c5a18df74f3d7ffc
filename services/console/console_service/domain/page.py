"""The page around every view, and what a browser may do in it (CSP level 3, Trusted Types)."""

import re

NONCE = "NONCE-OF-THIS-PAGE"
"""What `web/vite.config.ts` writes where each answer has a nonce of its own."""
VIEWS = re.compile(r"/(?:(?:gpts|admin|account|connections|operator)(?:/[\w.~-]+)*/?)?\Z", re.ASCII)
"""Paths at which the console shows something, or says that there is nothing. All others are
answered as the API answers paths that it does not know."""


def content_security_policy(nonce: str) -> str:
    """Scripts from here alone; styles from here, or with the nonce, as the schema editor's."""
    return (
        "default-src 'none'; script-src 'self'; "
        f"style-src 'self' 'nonce-{nonce}'; "
        "connect-src 'self'; img-src 'self' data:; frame-ancestors 'none'; form-action 'self'; "
        "base-uri 'none'; require-trusted-types-for 'script'"
    )
