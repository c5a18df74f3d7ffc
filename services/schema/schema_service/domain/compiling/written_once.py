"""JSON of operations, in which what many of them share is written once."""

from typing import Any

import orjson
from pydantic import BaseModel

from contracts.operation import Body, Operation

_FEW = 20
"""Items that are written again for each operation: looking for them would take as long."""
_MAX_BYTES = 4 * 1024 * 1024
"""Remembered; what comes then is written again each time."""


class WrittenOnce:
    """Remembers the JSON of encodings and media types by the object that operations share."""

    def __init__(self, option: int = 0) -> None:
        """`option` is orjson's."""
        self._option = option
        self._room = _MAX_BYTES
        self._known: dict[int, tuple[object, orjson.Fragment]] = {}

    def text_of(self, operation: Operation, *, without: str = "") -> bytes:
        """All members but the one that is named."""
        form = {name: value for name, value in operation if name != without}
        form["response_media_types"] = self._shared(operation.response_media_types)
        return orjson.dumps(form, option=self._option, default=self._members)

    def _members(self, model: BaseModel) -> dict[str, Any]:
        if not isinstance(model, Body):
            return model.__dict__
        return {**model.__dict__, "encoding": self._shared(model.encoding)}

    def _shared(self, value: Any) -> Any:
        """Kept with the object itself: so no other one has its id."""
        if len(value) <= _FEW:
            return value
        known = self._known.get(id(value))
        if known is None:
            text = orjson.dumps(value, option=self._option, default=self._members)
            known = value, orjson.Fragment(text)
            if len(text) <= self._room:
                self._room -= len(text)
                self._known[id(value)] = known
        return known[1]
