"""A converted schema, and what is to say against it."""

from dataclasses import dataclass, field
from typing import Any

import orjson

Schema = dict[str, Any] | bool


@dataclass(slots=True)
class Compiled:
    """A converted schema, the definitions it names, and what is to say against it."""

    schema: Schema = True
    uses: dict[str, None] = field(default_factory=dict)
    broken: bool = False
    warned: bool = False
    _size: int | None = None
    _wholes: list["Compiled"] = field(default_factory=list)

    def doubt(self) -> None:
        self.warned = True
        for whole in self._wholes:
            whole.doubt()

    def take(self, part: "Compiled") -> None:
        """What is to say against a part is to say against the whole, also later."""
        self.uses.update(part.uses)
        self.broken = self.broken or part.broken
        part._wholes.append(self)  # noqa: SLF001 - its own class

    @property
    def size(self) -> int:
        """Bytes as JSON."""
        if self._size is None:
            self._size = len(orjson.dumps(self.schema))
        return self._size
