import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from kit.sealing import Secret


@dataclass(frozen=True, slots=True)
class StoredSecret:
    """What a store of the operator's holds by one name."""

    whole: str | None = field(default=None, repr=False)
    """All of it, where it is one text."""
    members: Mapping[str, Any] = field(default_factory=dict, repr=False)

    @classmethod
    def of_text(cls, text: str) -> Self:
        """With members, where the text is a JSON object."""
        try:
            document = json.loads(text)
        except ValueError:
            document = None
        return cls(text, document if isinstance(document, dict) else {})

    def text(self, key: str) -> Secret[str] | None:
        """Of that key; all of it where that is empty. None where there is no such text."""
        found = self.members.get(key) if key else self.whole
        return Secret(found) if isinstance(found, str) and found else None
