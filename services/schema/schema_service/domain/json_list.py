"""Lists that are passed on far more often than they are read."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson


@dataclass(frozen=True, slots=True)
class JsonList:
    """A list as its JSON text: written where it was found, then stored and shown as it is.

    A large API has thousands of items, which would hold up the event loop each time that they
    became objects on their way.
    """

    text: bytes = b"[]"

    @classmethod
    def of(cls, items: Sequence[Any]) -> "JsonList":
        """Of dataclasses, or of JSON values."""
        return cls(orjson.dumps(items))

    def items(self) -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = orjson.loads(self.text)
        return items
