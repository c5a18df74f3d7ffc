"""Whether a schema refuses null. Of null few keywords say anything, so no validator is needed."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

MAX_DEPTH = 50
"""Of schemas that apply to the same value; beyond, nothing is said."""

_Answer = bool | None
"""Whether null is admitted; None where it cannot be said."""


class RefusedNull:
    """Asks each schema once: a list may have thousands of nulls in the same place."""

    def __init__(self, target: Callable[[str], Any]) -> None:
        self._target = target
        self._known: dict[int, _Answer] = {}
        """By the schema's identity; None also while it is asked."""

    def by(self, schema: Any) -> bool:
        """False also where it cannot be said, as of `if`: then the null stays."""
        return self._admits(schema, MAX_DEPTH) is False

    def _admits(self, schema: Any, depth: int) -> _Answer:
        if not isinstance(schema, Mapping):
            return schema is not False
        if id(schema) not in self._known:
            self._known[id(schema)] = None
            self._known[id(schema)] = _all([*self._answers(schema, depth - 1)]) if depth else None
        return self._known[id(schema)]

    def _answers(self, schema: Mapping[str, Any], depth: int) -> Iterator[_Answer]:
        yield "null" in schema.get("type", "null")  # a name, or a list of them
        yield schema.get("const") is None
        yield None in schema.get("enum", (None,))
        if "$ref" in schema:
            yield self._admits(self._target(schema["$ref"]), depth)
        if "if" in schema:
            yield None
        if "not" in schema:
            answer = self._admits(schema["not"], depth)
            yield None if answer is None else not answer
        for keyword, together in _COMBINED.items():
            if keyword in schema:
                yield together([self._admits(each, depth) for each in schema[keyword]])


def _all(answers: Sequence[_Answer]) -> _Answer:
    if False in answers:
        return False
    return None if None in answers else True


def _any(answers: Sequence[_Answer]) -> _Answer:
    if True in answers:
        return True
    return None if None in answers else False


def _one(answers: Sequence[_Answer]) -> _Answer:
    if answers.count(True) > 1:
        return False
    return None if None in answers else True in answers


_COMBINED: dict[str, Callable[[Sequence[_Answer]], _Answer]] = {
    "allOf": _all,
    "anyOf": _any,
    "oneOf": _one,
}
