"""JSON of other servers (RFC 8259), which may hold what no text may."""

import json
from typing import Any


def read_json(raw: bytes, **how: Any) -> Any:
    """As `json.loads`; `ValueError` also where it is nested too deep, and where a text has half a
    character (an escape of U+D800 to U+DFFF alone; RFC 7493, 2.1), which can be neither stored, nor
    compared, nor sent on.
    """
    try:
        value = json.loads(raw, **how)
        json.dumps(value, ensure_ascii=False).encode()
    except RecursionError:
        raise ValueError("nested too deep") from None
    return value
