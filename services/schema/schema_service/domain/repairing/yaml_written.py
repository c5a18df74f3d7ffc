"""Values as YAML: plain where that is safe, otherwise as JSON, which YAML 1.2 understands."""

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

_PLAIN = re.compile(r"[A-Za-z/][A-Za-z0-9_./{}-]*(?::[A-Za-z0-9_./{}-]+)*")
_WORDS = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n"})
"""What some reader or other takes for something else than text."""


@dataclass(frozen=True, slots=True)
class Block:
    """A value as a text has it: what stands behind the key on its line, and the lines below, of
    which the outermost have no indentation.
    """

    behind: str
    lines: tuple[str, ...]


Known = Callable[[Any], Block | None]
"""What gives the block of a value that a text has already."""


def _nothing_known(_value: Any) -> None:
    return None


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


def in_block(key: str, value: Any, column: int, known: Known = _nothing_known) -> str:
    """A member of a block mapping at that column; its first line is not indented."""
    return _indented(_lines(key, value, known), column)


def below_key(value: dict[str, Any] | list[Any], column: int, known: Known = _nothing_known) -> str:
    """On the lines below a key of a block mapping at that column; the first is the key's own."""
    first, *lines = _lines("", value, known)
    return first.removeprefix('"":') + _indented(["", *lines], column)


def object_lines(value: dict[str, Any], column: int, known: Known = _nothing_known) -> str:
    """The members of an object, in a block at that column; its first line is not indented."""
    return _indented(_object_lines(value, known), column)


def _indented(lines: list[str], column: int) -> str:
    first, *others = lines
    return first + "".join(f"\n{' ' * column}{line}" if line else "\n" for line in others)


def _lines(key: str, value: Any, known: Known) -> list[str]:
    name = in_flow(key)
    block = known(value)
    if block is not None:
        return [f"{name}:{block.behind}", *_deeper(block.lines)]
    if isinstance(value, dict) and value:
        return [f"{name}:", *_deeper(_object_lines(value, known))]
    if isinstance(value, list) and value:
        return [f"{name}:", *(line for item in value for line in _item_lines(item, known))]
    return [f"{name}: {in_flow(value)}"]


def _object_lines(value: dict[str, Any], known: Known) -> list[str]:
    return [line for member in value.items() for line in _lines(*member, known)]


def _deeper(lines: Iterable[str]) -> list[str]:
    return [f"  {line}" if line else "" for line in lines]


def _item_lines(item: Any, known: Known) -> list[str]:
    if not isinstance(item, dict) or not item:
        return [f"  - {in_flow(item)}"]
    block = known(item)
    lines = _object_lines(item, known) if block is None else block.lines
    return [f"  {'- ' if index == 0 else '  '}{line}" for index, line in enumerate(lines)]
