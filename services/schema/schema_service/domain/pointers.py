"""JSON pointers (RFC 6901)."""

from collections.abc import Iterable, Sequence
from typing import Any

MISSING: Any = object()
"""What `look_up` returns where there is nothing; distinct from null."""


def join(path: Iterable[str | int]) -> str:
    return "".join([f"/{_escaped(str(step))}" for step in path])


def split(pointer: str) -> list[str]:
    """The steps of a pointer; the whole document is no steps at all."""
    if not pointer:
        return []
    steps = pointer[1:].split("/")
    if "~" not in pointer:
        return steps
    return [step.replace("~1", "/").replace("~0", "~") for step in steps]


def look_up(document: Any, steps: Sequence[str | int]) -> Any:
    """The value there, or MISSING. Never raises."""
    here = document
    for step in steps:
        if isinstance(here, dict):
            here = here.get(str(step), MISSING)
        elif isinstance(here, list):
            here = _item(here, step)
        else:
            return MISSING
        if here is MISSING:
            return MISSING
    return here


def _item(items: list[Any], step: str | int) -> Any:
    """RFC 6901 section 4: digits without a leading zero."""
    text = str(step)
    if not (text.isascii() and text.isdigit()) or (text != "0" and text[0] == "0"):
        return MISSING
    return (
        items[int(text)]
        if len(text) < len(str(len(items))) + 1 and int(text) < len(items)
        else MISSING
    )


def _escaped(step: str) -> str:
    if "~" not in step and "/" not in step:
        return step
    return step.replace("~", "~0").replace("/", "~1")
