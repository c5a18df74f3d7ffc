"""Header names that no model may fill (row H65 of the hostile list)."""

_NAMES = frozenset(
    {
        "accept",  # ours and the body's, OAS 4.8.12.1
        "content-type",
        "authorization",
        "connection",
        "content-length",
        "cookie",
        "expect",
        "forwarded",
        "host",
        "http2-settings",
        "keep-alive",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
        "via",
        "x-http-method",
        "x-http-method-override",
        "x-method-override",
        "x-real-ip",
    }
)
_PREFIXES = ("proxy-", "sec-", "x-forwarded-")


def is_reserved(header: str) -> bool:
    name = header.strip().lower()
    return name in _NAMES or name.startswith(_PREFIXES)
