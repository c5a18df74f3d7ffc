"""Values as YAML: plain where that is safe, otherwise as JSON, which YAML 1.2 understands."""

import json
import re
from typing import Any

_PLAIN = re.compile(r"[A-Za-z/][A-Za-z0-9_./{}-]*(?::[A-Za-z0-9_./{}-]+)*")
_WORDS = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n"})
"""What some reader or other takes for something else than text."""


def in_flow(value: Any, *, quoted: bool = False) -> str:
    """On one line, fit for block and flow context alike."""
    if (
        isinstance(value, str)
        and not quoted
        and _PLAIN.fullmatch(value)
        and not (value.lower() in _WORDS or "{" in value or "}" in value)
    ):
        return value
    return json.dumps(value, ensure_ascii=False)


def in_block(key: str, value: Any, column: int) -> str:
    """A member of a block mapping at that column; its first line is not indented."""
    return ("\n" + " " * column).join(_lines(key, value))


def below_key(value: dict[str, Any] | list[Any], column: int) -> str:
    """On the lines below a key of a block mapping at that column; the first is the key's own."""
    _, *lines = _lines("", value)
    return "".join(f"\n{' ' * column}{line}" for line in lines)


def _lines(key: str, value: Any) -> list[str]:
    name = in_flow(key)
    if isinstance(value, dict) and value:
        inner = [line for member in value.items() for line in _lines(*member)]
        return [f"{name}:", *(f"  {line}" for line in inner)]
    if isinstance(value, list) and value:
        return [f"{name}:", *(line for item in value for line in _item_lines(item))]
    return [f"{name}: {in_flow(value)}"]


def _item_lines(item: Any) -> list[str]:
    if not isinstance(item, dict) or not item:
        return [f"  - {in_flow(item)}"]
    lines = [line for member in item.items() for line in _lines(*member)]
    return [f"  {'- ' if index == 0 else '  '}{line}" for index, line in enumerate(lines)]
