"""As many example values as a model is given of one schema."""

from collections.abc import Iterable
from typing import Any

from pydantic_core import PydanticSerializationError, to_json

from contracts.tool_forms.text import is_visible

MAX_EXAMPLES_LENGTH = 200
"""Bytes of JSON, of all examples of one schema together."""
MAX_EXAMPLES = 5


def fitting(values: Iterable[Any]) -> list[Any]:
    """Each value once, in their order, without those that are too long or hold what nobody sees."""
    kept: dict[bytes, Any] = {}
    room = MAX_EXAMPLES_LENGTH
    for value in values:
        text = _json(value)
        if text is None or len(text) > room or not is_visible(value):
            continue
        if text not in kept:
            kept[text] = value
            room -= len(text)
        if len(kept) == MAX_EXAMPLES:
            break
    return list(kept.values())


def _json(value: Any) -> bytes | None:
    """None where it cannot be written, or is long without doubt."""
    if isinstance(value, str | list | dict) and len(value) > MAX_EXAMPLES_LENGTH:
        return None
    try:
        return to_json(value)
    except (PydanticSerializationError, RecursionError, ValueError):
        return None
