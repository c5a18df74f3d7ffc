"""Which encryption keys nobody could have drawn at random (H101)."""

from itertools import pairwise

KEY_BYTES = 32
MIN_DISTINCT = 16
"""32 random bytes hold fewer distinct values once in 10^14 draws."""


def weakness(key: bytes) -> str | None:
    """Why this is no key for AES-256, as the end of a sentence; None where it may be one."""
    if len(key) != KEY_BYTES:
        return f"is {len(key)} bytes long, not {KEY_BYTES}"
    if len(set(key)) < MIN_DISTINCT:
        return "repeats itself"
    if all(0x20 <= byte < 0x7F for byte in key):  # noqa: PLR2004 - printable ASCII
        return "is text, not random bytes"
    if len({(after - before) % 256 for before, after in pairwise(key)}) == 1:
        return "is a sequence"
    return None
