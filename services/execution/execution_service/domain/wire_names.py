"""Names under which the values of a call would be sent, and values that bring names of others."""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import unquote_plus

from contracts.operation import Location
from execution_service.domain.arguments.fault import Fault, fault, shown
from execution_service.domain.compiled_operation import CompiledOperation
from execution_service.domain.wire.parameter import Slot


def named_slots(compiled: CompiledOperation) -> list[tuple[Location, Slot]]:
    return [
        *((Location.QUERY, slot) for slot in compiled.query),
        *((Location.COOKIE, slot) for slot in compiled.cookies),
        *((Location.HEADER, slot) for slot in compiled.headers),
    ]


def names_on_the_wire(location: Location, slot: Slot, arguments: Mapping[str, Any]) -> set[str]:
    """In lower case. A value may bring names of its own, as an exploded object does: what is
    written is read.
    """
    names = {slot.name.casefold()}
    if location is not Location.HEADER:
        names |= {name.casefold() for name in _written(slot.text(arguments) or "", location)}
    return names


def _written(text: str, location: Location) -> set[str]:
    """Cookies are split at semicolons alone (RFC 6265, 4.2.1), queries at ampersands."""
    pairs = text.split(";" if location is Location.COOKIE else "&")
    return {unquote_plus(pair.strip().partition("=")[0]) for pair in pairs}


def clashes(compiled: CompiledOperation, arguments: Mapping[str, Any]) -> Iterator[Fault]:
    """Members of an object that would be sent under the name of another parameter (W7), in any
    letter case: of one that the document or the call gives a value, and of one that has none, but
    for members that the object's own schema names.
    """
    if dict not in map(type, arguments.values()):
        return
    for location, slot in named_slots(compiled):
        if location is Location.HEADER or type(arguments.get(slot.argument)) is not dict:
            continue
        taken = _taken(compiled, location, slot, arguments)
        for name in sorted(_written(slot.text(arguments) or "", location) - {slot.name}):
            if name.casefold() in taken:
                text = (
                    f"{shown(slot.argument)} would be sent with a member {shown(name)}, which is "
                    "another parameter of this operation; leave it out of the object."
                )
                yield fault("name_taken", (slot.argument,), text)


def _taken(
    compiled: CompiledOperation, location: Location, slot: Slot, arguments: Mapping[str, Any]
) -> set[str]:
    taken, own = set(), compiled.members.get(slot.argument, frozenset())
    if location is Location.QUERY and compiled.fixed_query:
        taken |= {name.casefold() for name in _written(compiled.fixed_query, location)}
    for place, other in named_slots(compiled):
        if place is location and other is not slot:
            has_value = other.argument in compiled.constants or other.argument in arguments
            if has_value or other.name not in own:
                taken.add(other.name.casefold())
    return taken
