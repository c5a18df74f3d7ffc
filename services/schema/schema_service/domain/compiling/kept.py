"""What a document that is compiled again must keep, because releases and callers refer to it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

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
ArgumentNames = Mapping[tuple[str, str], str]
"""By location and name in the document."""
WHOLE_BODY = ("content", "body")
"""Where a body that is one argument stands among the names of arguments."""


def argument_names(operation: Mapping[str, Any]) -> dict[tuple[str, str], str]:
    """The arguments of a compiled operation (its JSON, of any release), by their location and
    their name in the document.
    """
    names = {
        (each["location"], each["name"]): each["argument"]
        for each in operation.get("parameters", ())
    }
    body = operation.get("body")
    if body is None:
        return names
    if body.get("members") is None:
        return {**names, WHOLE_BODY: body.get("argument", WHOLE_BODY[1])}
    return names | {("body", member): name for name, member in body["members"].items()}


@dataclass(slots=True)
class Kept:
    """Operations found by pointer, method and path; those without a pointer by the other two.

    Several paths may share one path item, so that their operations have one pointer. Where even
    the paths are equal, the order of the document tells them apart.
    """

    operation_ids: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    arguments: Mapping[str, ArgumentNames] = field(default_factory=dict)
    """By the operation's name, as `argument_names`."""
    _waiting: dict[_Key, list[Known]] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        operations: Iterable[Known],
        arguments: Mapping[str, ArgumentNames] | None = None,
    ) -> "Kept":
        known = [*operations]
        waiting: dict[_Key, list[Known]] = defaultdict(list)
        for each in reversed(known):
            waiting[each.pointer, each.method, each.path].append(each)
        return cls(
            frozenset(each.operation_id for each in known),
            frozenset(each.name for each in known),
            arguments or {},
            dict(waiting),
        )

    def take(self, place: Place) -> Known | None:
        """Each once."""
        for pointer in (pointers.join(place.pointer), ""):
            if waiting := self._waiting.get((pointer, place.method, place.path)):
                return waiting.pop()
        return None
