"""Members that only a newer release knows, within the objects of a state: an edit keeps them.

`stored` is a value as the document has it, `known` the same as this release reads and writes it,
`new` what the edit makes of it. A member of `stored` that `known` lacks is unknown here.
"""

from collections.abc import Mapping, Sequence
from typing import Any

State = Mapping[str, Any]
_LISTS = (list, tuple)


def has_objects(value: Any) -> bool:
    """Whether it is an object, or a list that holds one."""
    if isinstance(value, _LISTS):
        return any(isinstance(element, Mapping) for element in value)
    return isinstance(value, Mapping)


def with_unknown(stored: Any, known: Any, new: Any) -> Any:
    """`new`, with the unknown members of those objects that were there before.

    An object is the same by its place, unless its `id` differs. An element of a list is the same
    by its `id`; without one, where nothing known of it changed; else by its position in a list of
    the same length. Lists within lists are taken as they are.
    """
    if all(isinstance(each, Mapping) for each in (stored, known, new)):
        return _object(stored, known, new)
    if all(isinstance(each, _LISTS) for each in (stored, known, new)) and has_objects(stored):
        return _list(stored, known, new)
    return new


def _object(stored: State, known: State, new: State) -> State:
    if known.get("id") != new.get("id"):
        return new
    unknown = {name: member for name, member in stored.items() if name not in known}
    both = stored.keys() & known.keys()
    edited = {
        name: with_unknown(stored[name], known[name], member) if name in both else member
        for name, member in new.items()
    }
    return {**unknown, **edited}


def _list(stored: Sequence[Any], known: Sequence[Any], new: Sequence[Any]) -> Sequence[Any]:
    if len(stored) != len(known):
        return new
    places = _places(known, new)
    return [
        element if place is None else with_unknown(stored[place], known[place], element)
        for element, place in zip(new, places, strict=True)
    ]


def _places(known: Sequence[Any], new: Sequence[Any]) -> list[int | None]:
    """Where each element was; None for one that was not there."""
    places = [_same(element, index, known) for index, element in enumerate(new)]
    if len(known) != len(new):
        return places
    taken = {*places}
    return [
        index if place is None and index not in taken else place
        for index, place in enumerate(places)
    ]


def _same(element: Any, index: int, known: Sequence[Any]) -> int | None:
    if index < len(known) and known[index] == element:
        return index
    id_ = _id_of(element)
    if id_ is None:
        return known.index(element) if element in known else None
    return next((place for place, each in enumerate(known) if _id_of(each) == id_), None)


def _id_of(element: Any) -> Any:
    return element.get("id") if isinstance(element, Mapping) else None
