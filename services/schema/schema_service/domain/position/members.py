"""What lies where in a text: the shape that both syntaxes answer in."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Spot:
    """The beginning of a value; `indent` is the column (from zero) its block must be right of."""

    offset: int
    indent: int = -1
    flow: bool = False


@dataclass(frozen=True, slots=True)
class Member:
    """One member of an object or item of an array, in characters from the text's beginning.

    `key` is None for an item; `key_end` is just behind the key as it is written.
    """

    key: str | None
    key_offset: int
    key_end: int
    value: Spot
