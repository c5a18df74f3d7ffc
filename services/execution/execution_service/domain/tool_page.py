"""A page of the tools of one release: at most 128 of them, and at most 1 MiB."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from contracts.ids import GptId
from contracts.requests import Stage
from execution_service.domain.release import Release, Tool
from execution_service.domain.tool_text import LeftOut, ToolText

MAX_TOOLS = 128
"""What one list holds: the limit of models' APIs."""
MAX_TOOLS_BYTES = 1024 * 1024 - 4 * 1024
"""Of the texts on a page; what carries them takes the rest."""


class CursorBroken(ValueError):
    """None that `ToolPage.after` made."""


@dataclass(frozen=True, slots=True)
class Position:
    """Where a page begins: how many tools of which release come before it."""

    gpt_id: GptId
    stage: Stage
    number: int
    offset: int

    @classmethod
    def read(cls, text: str) -> Self:
        try:
            gpt_id, stage, number, offset = text.rsplit(".", 3)
            if not (_is_number(number) and _is_number(offset)):
                raise CursorBroken
            return cls(GptId(gpt_id), Stage(stage), int(number), int(offset))
        except ValueError:
            raise CursorBroken from None

    def __str__(self) -> str:
        return f"{self.gpt_id}.{self.stage}.{self.number}.{self.offset}"

    def is_in(self, release: Release) -> bool:
        return (self.gpt_id, self.stage, self.number) == (
            release.gpt_id,
            release.stage,
            release.number,
        )


@dataclass(slots=True)
class ToolPage:
    """Filled in the order of the release until it is full."""

    gpt_id: GptId
    stage: Stage
    number: int
    """Of the release."""
    tools: list[bytes]
    left_out: list[bytes]
    tokens: int
    """Of these tools together (estimate)."""
    after: Position | None
    """Where the next page begins; None on the last."""
    room: int = MAX_TOOLS_BYTES

    @classmethod
    def of(cls, release: Release) -> Self:
        return cls(release.gpt_id, release.stage, release.number, [], [], 0, None)

    def takes(self, found: ToolText | LeftOut) -> bool:
        """Add it, unless the page is full; the first is always added."""
        needed = len(found.text) + 1
        if needed > self.room and (self.tools or self.left_out):
            return False
        self.room -= needed
        if isinstance(found, LeftOut):
            self.left_out.append(found.text)
        else:
            self.tools.append(found.text)
            self.tokens += found.tokens
        return True

    def ends(self, begun: int, tools: Sequence[Tool]) -> None:
        """`tools` are all of the release, of which `begun` came before this page."""
        offset = begun + len(self.tools) + len(self.left_out)
        more = offset < len(tools)
        self.after = Position(self.gpt_id, self.stage, self.number, offset) if more else None


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= 18  # noqa: PLR2004 - 64 bits
