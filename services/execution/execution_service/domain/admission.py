"""Whether arguments may be turned into a request; if not, every reason (product, section 6)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from contracts.operation import Location
from execution_service.domain.arguments.canonical import arguments_hash, canonical_arguments
from execution_service.domain.arguments.exact_json import with_values
from execution_service.domain.arguments.fault import MAX_FAULTS, Fault, fault, pointer
from execution_service.domain.arguments.json_value import Found, flaws, survey
from execution_service.domain.compiled_operation import CompiledOperation
from execution_service.domain.wire.parameter import Slot

MAX_ARGUMENT_CHARACTERS = 100_000
MAX_FULLY_EXPLAINED_BYTES = 16 * 1024

ReservedNames = frozenset[tuple[Location, str]]
"""Where the action's credential travels, such as `(Location.QUERY, "api_key")`: no argument may
put anything there (H64). Compared without regard to case."""

NO_NAMES: ReservedNames = frozenset()


@dataclass(frozen=True, slots=True)
class Admitted:
    """Proof that arguments fit: made by `admit` and nowhere else. Constants are filled in."""

    arguments: Mapping[str, Any]
    canonical: bytes

    @property
    def arguments_hash(self) -> str:
        return arguments_hash(self.canonical)


@dataclass(frozen=True, slots=True)
class Refused:
    """At least one fault, at most MAX_FAULTS."""

    faults: tuple[Fault, ...]


def admit(
    compiled: CompiledOperation,
    arguments: Any,
    reserved: ReservedNames = NO_NAMES,
    read_exactly: Callable[[], Any] | None = None,
) -> Admitted | Refused:
    """`arguments` as read from JSON; they are kept, not copied, and must not change afterwards.

    `read_exactly` is used where they hold a float: its text may have been longer than a double is.
    """
    if type(arguments) is not dict:
        return Refused((fault("not_object", (), "The arguments must be a JSON object."),))
    if compiled.constants:
        arguments = {**compiled.constants, **arguments}
    try:
        canonical = canonical_arguments(arguments)
    except TypeError:
        return Refused(flaws(arguments))
    if _is_too_large(canonical):
        text = f"The arguments exceed {MAX_ARGUMENT_CHARACTERS} characters of JSON."
        return Refused((fault("too_large", (), text),))
    found = survey(arguments)
    if found is Found.FLAWED:
        return Refused(flaws(arguments))
    if found is Found.FLOATS and read_exactly is not None:
        return admit(compiled, read_exactly(), reserved)
    values = with_values(arguments) if found is Found.EXACT else arguments
    faults = _faults(compiled, arguments, values, canonical, reserved)
    return Refused(faults[:MAX_FAULTS]) if faults else Admitted(arguments, canonical)


def _faults(
    compiled: CompiledOperation,
    arguments: dict[str, Any],
    values: dict[str, Any],
    canonical: bytes,
    reserved: ReservedNames,
) -> tuple[Fault, ...]:
    """`values` are the arguments as the schema compares them."""
    faults: tuple[Fault, ...] = ()
    if not compiled.schema.admits(values):
        # With reserved names the first fault may be one to overlook: then all are needed.
        first_only = len(canonical) > MAX_FULLY_EXPLAINED_BYTES and not reserved
        faults = compiled.schema.faults(values, arguments, first_only=first_only)
    return _with_reserved(compiled, arguments, reserved, faults) if reserved else faults


def _is_too_large(canonical: bytes) -> bool:
    if len(canonical) <= MAX_ARGUMENT_CHARACTERS:
        return False
    return len(canonical.decode()) > MAX_ARGUMENT_CHARACTERS


def _with_reserved(
    compiled: CompiledOperation,
    arguments: dict[str, Any],
    reserved: ReservedNames,
    faults: tuple[Fault, ...],
) -> tuple[Fault, ...]:
    """Refuse what would be sent where the credential goes, and ask for nothing there.

    A document that describes its API key as a required parameter stays callable: the platform
    supplies the key.
    """
    held = {(location, name.casefold()) for location, name in reserved}
    locations = {location for location, _ in held}
    owned = set()
    taken = []
    for location, slot in _named_slots(compiled):
        if location not in locations:
            continue
        if (location, slot.name.casefold()) in held:
            owned.add(pointer((slot.argument,)))
        if slot.argument in arguments and any(
            (location, name) in held for name in _names_on_the_wire(location, slot, arguments)
        ):
            text = f"'{slot.argument}' is where the action's credential goes; it takes no value."
            taken.append(fault("reserved", (slot.argument,), text))
    wanted = [
        found
        for found in faults
        if not (found.code == "argument.required" and found.pointer in owned)
    ]
    return (*taken, *wanted)


def _named_slots(compiled: CompiledOperation) -> list[tuple[Location, Slot]]:
    return [
        *((Location.QUERY, slot) for slot in compiled.query),
        *((Location.COOKIE, slot) for slot in compiled.cookies),
        *((Location.HEADER, slot) for slot in compiled.headers),
    ]


def _names_on_the_wire(location: Location, slot: Slot, arguments: Mapping[str, Any]) -> set[str]:
    """A value may bring names of its own, such as an exploded object: what is written is read."""
    names = {slot.name.casefold()}
    if location is not Location.HEADER:
        written = (slot.text(arguments) or "").replace("; ", "&")
        names |= {unquote(pair.partition("=")[0]).casefold() for pair in written.split("&")}
    return names
