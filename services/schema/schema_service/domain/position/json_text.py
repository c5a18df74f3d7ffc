"""Where things are in a JSON text that is known to be well-formed."""

import json
import re
from collections.abc import Iterator

from schema_service.domain.position.members import Member, Spot

_SPACE = re.compile(r"[ \t\r\n]*")
_DECODER = json.JSONDecoder(strict=False)


class JsonText:
    """Values between two members are skipped by the C decoder, not looked into."""

    def __init__(self, text: str) -> None:
        self._text = text

    def root(self) -> Spot:
        return Spot(self._next(0))

    def members(self, spot: Spot, _container: object) -> Iterator[Member]:
        at = self._next(spot.offset + 1)
        keyed = self._text[spot.offset] == "{"
        while self._text[at] not in "]}":
            member = self._keyed(at) if keyed else Member(None, at, at, Spot(at))
            yield member
            at = self._next(self.end(member.value.offset))
            if self._text[at] == ",":
                at = self._next(at + 1)

    def _keyed(self, at: int) -> Member:
        key, end = _DECODER.raw_decode(self._text, at)
        return Member(key, at, end, Spot(self._next(self._next(end) + 1)))

    def end(self, offset: int) -> int:
        """Just behind the value that begins there."""
        return _DECODER.raw_decode(self._text, offset)[1]

    def _next(self, offset: int) -> int:
        found = _SPACE.match(self._text, offset)
        return found.end() if found else offset
