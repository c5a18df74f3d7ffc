"""A document that was read, with what reading it showed."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Any

from schema_service.domain import pointers
from schema_service.domain.finding import Finding
from schema_service.domain.position.json_text import JsonText
from schema_service.domain.position.lines import Lines
from schema_service.domain.position.locator import Locator
from schema_service.domain.position.scalars import json_scalar, yaml_scalar
from schema_service.domain.position.splices import Mending
from schema_service.domain.position.yaml_text import YamlText
from schema_service.domain.reading.survey import Survey


class Syntax(StrEnum):
    JSON = "json"
    YAML = "yaml"


@dataclass(frozen=True)
class Reading:
    """`document` holds only what JSON has, or is None where nothing could be read.

    A finding then says why. `raw` is UTF-8 without a byte order mark: what was read, which `mended`
    made of `written` where the text is not quite what its syntax wants. Places are those there.
    """

    raw: bytes
    syntax: Syntax | None = None
    document: dict[str, Any] | None = None
    findings: tuple[Finding, ...] = ()
    survey: Survey = field(default=Survey(0, 0, frozenset()), repr=False)
    written: str | None = field(default=None, repr=False)
    mended: Mending | None = field(default=None, repr=False)

    @cached_property
    def text(self) -> str:
        return self.raw.decode(errors="replace")

    @cached_property
    def locator(self) -> Locator:
        """Places in the text; each is looked up when it is first used."""
        syntax = JsonText(self.text) if self.syntax is Syntax.JSON else YamlText(self.text)
        written = self.text if self.written is None else self.written
        return Locator(written, syntax, self.document, self.mended)

    def written_scalar(self, path: Sequence[str | int]) -> str | None:
        """The characters of a number, true or false as they stand in the text, looked up alone;
        None where the text does not show it.
        """
        if self.document is None:
            return None
        value = pointers.look_up(self.document, path)
        member = self.locator.exact(pointers.join(path))
        if member is None or not isinstance(value, int | float):
            return None
        if self.syntax is Syntax.JSON:
            return json_scalar(self.text, member.value)
        return yaml_scalar(self.text, member.value)

    def place_of(self, offset: int) -> tuple[int, int]:
        """Line and column, as it was written, of a character of what was read."""
        if self.mended is not None:
            offset = self.mended.written_at(offset)
        return self._lines.place_of(offset)

    @cached_property
    def _lines(self) -> Lines:
        return Lines(self.text if self.written is None else self.written)
