"""What a document that is compiled again must keep, because releases and callers refer to it."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Protocol

from schema_service.domain import pointers
from schema_service.domain.compiling.places import Place


class Known(Protocol):
    """An operation as it was compiled before (`OperationSummary`)."""

    @property
    def operation_id(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def method(self) -> str: ...
    @property
    def path(self) -> str: ...
    @property
    def pointer(self) -> str: ...
    @property
    def origin(self) -> str | None: ...


_Key = tuple[str, str, str]


@dataclass(slots=True)
class Kept:
    """Operations found by pointer, method and path; those without a pointer by the other two.

    Several paths may share one path item, so that their operations have one pointer. Where even
    the paths are equal, the order of the document tells them apart.
    """

    operation_ids: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    _waiting: dict[_Key, list[Known]] = field(default_factory=dict)

    @classmethod
    def of(cls, operations: Iterable[Known]) -> "Kept":
        known = [*operations]
        waiting: dict[_Key, list[Known]] = defaultdict(list)
        for each in reversed(known):
            waiting[each.pointer, each.method, each.path].append(each)
        return cls(
            frozenset(each.operation_id for each in known),
            frozenset(each.name for each in known),
            dict(waiting),
        )

    def take(self, place: Place) -> Known | None:
        """Each once."""
        for pointer in (pointers.join(place.pointer), ""):
            if waiting := self._waiting.get((pointer, place.method, place.path)):
                return waiting.pop()
        return None
