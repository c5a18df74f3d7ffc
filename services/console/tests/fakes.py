"""Stand-ins for console's ports."""

import gzip

from console_service.domain.asset import Asset
from console_service.domain.page import NONCE

PAGE = f'<meta property="csp-nonce" nonce="{NONCE}"><link nonce="{NONCE}" href="/assets/a.css">'
SCRIPT = b"export const built = true;"


class BuiltInMemory:
    """A page and one script, as if they had been built."""

    def page(self):
        return PAGE

    def find_asset(self, name):
        if name != "index-a1.js":
            return None
        return Asset("text/javascript; charset=utf-8", SCRIPT, gzip.compress(SCRIPT, mtime=0))
