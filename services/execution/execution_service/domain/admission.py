"""Whether arguments may be turned into a request; if not, every reason (product, section 6)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import unquote

from contracts.operation import Location
from execution_service.domain.arguments.canonical import arguments_hash, canonical_arguments
from execution_service.domain.arguments.change import (
    MAX_COERCIONS,
    Change,
    Coercion,
    coercion,
)
from execution_service.domain.arguments.exact_json import with_values
from execution_service.domain.arguments.fault import MAX_FAULTS, Fault, fault, pointer
from execution_service.domain.arguments.json_type import conversions
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
    """Proof that arguments fit: made by `admit` and nowhere else. Constants are filled in, and
    what was written otherwise than it is meant is what was meant.
    """

    arguments: Mapping[str, Any]
    canonical: bytes
    coerced: tuple[Coercion, ...] = ()
    """At most MAX_COERCIONS."""

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
    *,
    tolerant: bool = False,
) -> Admitted | Refused:
    """`arguments` as read from JSON; they are kept, not copied, and must not change afterwards.

    `read_exactly` is used where they hold a float: its text may have been longer than a double is.
    `tolerant` takes what is written otherwise than the schema wants for what it means.
    """
    done: list[Coercion] = []
    if tolerant and type(arguments) is str:
        arguments = _as_object(arguments, done)
    if type(arguments) is not dict:
        return Refused((fault("not_object", (), "The arguments must be a JSON object."),))
    if reserved:
        arguments = _without_reserved(compiled, arguments, reserved, done)
    if compiled.constants:
        arguments = {**compiled.constants, **arguments}
    plain = _plain(arguments)
    if isinstance(plain, Refused):
        return plain
    if plain.found is Found.FLOATS and read_exactly is not None:
        return admit(compiled, read_exactly(), reserved, tolerant=tolerant)
    faults = _faults(compiled, arguments, plain, reserved)
    if faults:
        return _otherwise(compiled, arguments, reserved, faults, done if tolerant else None)
    return Admitted(arguments, plain.canonical, tuple(done[:MAX_COERCIONS]))


def _otherwise(
    compiled: CompiledOperation,
    arguments: dict[str, Any],
    reserved: ReservedNames,
    faults: tuple[Fault, ...],
    done: list[Coercion] | None,
) -> Admitted | Refused:
    """Arguments that do not fit as they are: what they mean, if anything else, else their faults.
    With None for what was done to them already they are taken literally.
    """
    meant, more = compiled.schema.coerced(arguments) if done is not None else (arguments, [])
    if not more:
        return Refused(faults[:MAX_FAULTS])
    answer = admit(compiled, meant, reserved)
    if isinstance(answer, Refused):
        return answer
    return replace(answer, coerced=(*(done or ()), *more)[:MAX_COERCIONS])


def _as_object(text: str, done: list[Coercion]) -> Any:
    """Arguments that are JSON text, as models' APIs hand them over."""
    try:
        [(value, change)] = conversions(text, "object", 0)
    except ValueError:  # it is none, or has half of a surrogate pair
        return text
    done.append(coercion((), change))
    return value


@dataclass(frozen=True, slots=True)
class _Plain:
    """Arguments that are nothing but JSON, in their canonical form."""

    canonical: bytes
    found: Found


def _plain(arguments: dict[str, Any]) -> _Plain | Refused:
    try:
        canonical = canonical_arguments(arguments)
    except TypeError:
        return Refused(flaws(arguments))
    if _is_too_large(canonical):
        text = f"The arguments exceed {MAX_ARGUMENT_CHARACTERS} characters of JSON."
        return Refused((fault("too_large", (), text),))
    found = survey(arguments)
    return Refused(flaws(arguments)) if found is Found.FLAWED else _Plain(canonical, found)


def _without_reserved(
    compiled: CompiledOperation,
    arguments: dict[str, Any],
    reserved: ReservedNames,
    done: list[Coercion],
) -> dict[str, Any]:
    """Without what a document asks for where the action's credential goes: it is never sent."""
    held = {(location, name.casefold()) for location, name in reserved}
    theirs = {
        slot.argument
        for location, slot in _named_slots(compiled)
        if slot.argument in arguments and (location, slot.name.casefold()) in held
    }
    if not theirs:
        return arguments
    done += [coercion((name,), Change.CREDENTIAL_LEFT_OUT) for name in sorted(theirs)]
    return {name: value for name, value in arguments.items() if name not in theirs}


def _faults(
    compiled: CompiledOperation, arguments: dict[str, Any], plain: _Plain, reserved: ReservedNames
) -> tuple[Fault, ...]:
    faults: tuple[Fault, ...] = ()
    values = with_values(arguments) if plain.found is Found.EXACT else arguments
    if not compiled.schema.admits(values):
        # With reserved names the first fault may be one to overlook: then all are needed.
        first_only = len(plain.canonical) > MAX_FULLY_EXPLAINED_BYTES and not reserved
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
