"""Offsets in characters to lines and columns, both from one."""

from functools import cached_property

BLOCK = 4096
"""Characters for which one place is known beforehand."""


def place_of(text: str, offset: int) -> tuple[int, int]:
    return text.count("\n", 0, offset) + 1, offset - (text.rfind("\n", 0, offset) + 1) + 1


class Lines:
    """Looks through the text once, and then through one block of it for each place."""

    def __init__(self, text: str) -> None:
        self._text = text

    def place_of(self, offset: int) -> tuple[int, int]:
        """`offset` is one of the text's, or its length."""
        begin = offset - offset % BLOCK
        lines, start = self._blocks[begin // BLOCK]
        start = max(start, self._text.rfind("\n", begin, offset) + 1)
        return lines + self._text.count("\n", begin, offset) + 1, offset - start + 1

    @cached_property
    def _blocks(self) -> list[tuple[int, int]]:
        """Of each block, how many lines end before it, and where the line begins that it begins
        in.
        """
        blocks, lines, start = [], 0, 0
        for begin in range(0, len(self._text) + 1, BLOCK):
            blocks.append((lines, start))
            lines += self._text.count("\n", begin, begin + BLOCK)
            start = max(start, self._text.rfind("\n", begin, begin + BLOCK) + 1)
        return blocks
