JSON = "application/json"
YAML = "application/yaml"
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def media_type_of(raw: bytes) -> str:
    """By content: servers call documents text/plain and worse, and people paste without a word."""
    start = raw.removeprefix(_BYTE_ORDER_MARK).lstrip()[:1]
    return JSON if start in (b"{", b"[") else YAML
