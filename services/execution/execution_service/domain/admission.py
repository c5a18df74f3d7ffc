"""Whether arguments may be turned into a request; if not, every reason (product, section 6)."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any, Final

from contracts.operation import Location
from execution_service.domain.arguments.canonical import arguments_hash, canonical_arguments
from execution_service.domain.arguments.change import (
    MAX_COERCIONS,
    Change,
    Changed,
    Coercion,
    Step,
    coercion,
)
from execution_service.domain.arguments.coercion_limit import too_many_to_convert
from execution_service.domain.arguments.exact_json import with_values
from execution_service.domain.arguments.fault import MAX_FAULTS, Fault, fault, pointer, shown
from execution_service.domain.arguments.json_type import conversions
from execution_service.domain.arguments.json_value import (
    MAX_DEPTH,
    MAX_MEANT_DEPTH,
    Found,
    flaws,
    survey,
)
from execution_service.domain.arguments.merge_patch import with_removals
from execution_service.domain.arguments.outline import TOO_COMPLEX
from execution_service.domain.arguments.schema_sentence import described
from execution_service.domain.chosen import NOTHING_CHOSEN, Chosen
from execution_service.domain.compiled_operation import CompiledOperation
from execution_service.domain.wire.body import BodyWriter
from execution_service.domain.wire_names import clashes, named_slots, names_on_the_wire

MAX_ARGUMENT_CHARACTERS = 100_000

ReservedNames = frozenset[tuple[Location, str]]
"""Where the action's credential travels, such as `(Location.QUERY, "api_key")`: no argument may
put anything there (H64). Compared without regard to case."""

NO_NAMES: ReservedNames = frozenset()


@dataclass(frozen=True, slots=True)
class Admitted:
    """Proof that arguments fit: made by `admit` and nowhere else. Constants and defaults are filled
    in, and what was written otherwise than it is meant is what was meant.
    """

    arguments: Mapping[str, Any]
    canonical: bytes
    chosen: Chosen = NOTHING_CHOSEN
    coerced: tuple[Coercion, ...] = ()
    """At most MAX_COERCIONS."""

    @property
    def arguments_hash(self) -> str:
        """Of the arguments, and of the media types that were chosen: they too make the request."""
        return arguments_hash(self.canonical + self.chosen.text.encode())


@dataclass(frozen=True, slots=True)
class Refused:
    """At least one fault, at most MAX_FAULTS."""

    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True)
class _Plain:
    """Arguments that are nothing but JSON, in their canonical form."""

    canonical: bytes
    found: Found


def admit(
    compiled: CompiledOperation,
    arguments: Any,
    reserved: ReservedNames = NO_NAMES,
    read_exactly: Callable[[], Any] | None = None,
    chosen: Chosen = NOTHING_CHOSEN,
    *,
    tolerant: bool = False,
) -> Admitted | Refused:
    """`arguments` as read from JSON; they are kept, not copied, and must not change afterwards.

    `read_exactly` is used where they hold a float: its text may have been longer than a double is.
    `chosen` is made by `compiled`. Null for what is optional and may not be null is left out;
    `tolerant` takes what is written otherwise than the schema wants for what it means, too.
    """
    done: list[Coercion] = []
    if tolerant and type(arguments) is str:
        arguments = _as_object(arguments, done)
    if type(arguments) is not dict:
        return Refused((fault("not_object", (), "The arguments must be a JSON object."),))
    arguments = _with_ours(compiled, arguments, reserved, done)
    plain = _plain(arguments)
    if isinstance(plain, Refused):
        return plain
    if plain.found is Found.FLOATS and read_exactly is not None:
        return admit(compiled, read_exactly(), reserved, chosen=chosen, tolerant=tolerant)
    answer = _literally(compiled, arguments, plain, reserved, chosen)
    if isinstance(answer, Admitted):
        return replace(answer, coerced=tuple(done[:MAX_COERCIONS])) if done else answer
    if TOO_COMPLEX in answer.faults:
        return answer
    meanings = _meanings(compiled, arguments, plain, done, chosen, tolerant=tolerant)
    return _first_admitted(compiled, meanings, reserved, chosen) or answer


def _literally(
    compiled: CompiledOperation,
    arguments: dict[str, Any],
    plain: _Plain,
    reserved: ReservedNames,
    chosen: Chosen,
) -> Admitted | Refused:
    """As they stand, constants and defaults among them."""
    faults = _faults(compiled, arguments, plain, reserved, compiled.body_in(chosen))
    if faults:
        return Refused(faults[:MAX_FAULTS])
    return Admitted(arguments, plain.canonical, chosen)


@dataclass(frozen=True, slots=True)
class _Meant:
    """What arguments mean that do not fit as they are."""

    arguments: dict[str, Any]
    done: tuple[Coercion, ...]
    removed: list[tuple[Step, ...]]
    """Where nulls of a merge patch stood."""


def _meanings(
    compiled: CompiledOperation,
    arguments: dict[str, Any],
    plain: _Plain,
    done: list[Coercion],
    chosen: Chosen,
    *,
    tolerant: bool,
) -> Iterator[_Meant]:
    """What they may mean, the nearest first: the same without nulls, which strict tools demand for
    what is left out, then, where `tolerant`, all that is written otherwise.
    """
    body = compiled.body_in(chosen)
    patch = body if body is not None and body.body.is_merge_patch else None
    may_have_nulls = b"null" in plain.canonical
    for nulls_only in (*([True] if may_have_nulls else []), *([False] if tolerant else [])):
        meant, more = compiled.schema.coerced(arguments, nulls_only=nulls_only)
        removed: list[tuple[Step, ...]] = []
        changed = list(done)
        for each in more:
            if patch is not None and _removes(each, patch, compiled):
                removed.append(each.path)
            else:
                changed.append(each.recorded())
        if more:
            yield _Meant(meant, tuple(changed[:MAX_COERCIONS]), removed)


def _removes(change: Changed, patch: BodyWriter, compiled: CompiledOperation) -> bool:
    """Whether a null removes a member. A constant is sent with every call, so it is not removed."""
    is_null = change.change == Change.NULL_LEFT_OUT
    is_constant = len(change.path) == 1 and change.path[0] in compiled.constants
    return is_null and not is_constant and patch.patches(change.path)


def _first_admitted(
    compiled: CompiledOperation,
    meanings: Iterator[_Meant],
    reserved: ReservedNames,
    chosen: Chosen,
) -> Admitted | Refused | None:
    """Or the refusal of the last one; None where there is none."""
    answer: Admitted | Refused | None = None
    for meant in meanings:
        answer = _admitted_as(compiled, meant, reserved, chosen)
        if isinstance(answer, Admitted):
            return answer
        limit = too_many_to_convert(meant.arguments) if meant.done else None
        if limit is not None:
            answer = Refused((limit, *answer.faults)[:MAX_FAULTS])
    return answer


def _admitted_as(
    compiled: CompiledOperation,
    meant: _Meant,
    reserved: ReservedNames,
    chosen: Chosen,
) -> Admitted | Refused:
    """Admit the coerced arguments without coercing again; a refusal names the faults of these."""
    arguments = {**_filled_in(compiled, reserved), **meant.arguments}
    plain = _plain(arguments, MAX_MEANT_DEPTH)
    if isinstance(plain, Refused):
        return plain
    answer = _literally(compiled, arguments, plain, reserved, chosen)
    if isinstance(answer, Refused):
        return answer
    if not meant.removed:
        return replace(answer, coerced=meant.done)
    sent = with_removals(answer.arguments, meant.removed)
    return Admitted(sent, canonical_arguments(sent), chosen, meant.done)


def _as_object(text: str, done: list[Coercion]) -> Any:
    """Arguments that are JSON text, as models' APIs hand them over."""
    try:
        [(value, change)] = conversions(text, "object")
    except ValueError:  # it is none, or has half of a surrogate pair
        return text
    done.append(coercion((), change))
    return value


def _plain(arguments: dict[str, Any], levels: int = MAX_DEPTH) -> _Plain | Refused:
    """Each argument may have so many levels."""
    try:
        canonical = canonical_arguments(arguments)
    except TypeError:
        return Refused(flaws(arguments, levels))
    if _is_too_large(canonical):
        text = f"The arguments exceed {MAX_ARGUMENT_CHARACTERS} characters of JSON."
        return Refused((fault("too_large", (), text),))
    found = survey(arguments, levels + 1)
    if found is Found.FLAWED:
        return Refused(flaws(arguments, levels))
    return _Plain(canonical, found)


def _with_ours(
    compiled: CompiledOperation,
    arguments: dict[str, Any],
    reserved: ReservedNames,
    done: list[Coercion],
) -> dict[str, Any]:
    """With constants and defaults, and without what the credential fills."""
    if reserved:
        arguments = _without_reserved(compiled, arguments, reserved, done)
    if compiled.constants or compiled.defaults:
        arguments = {**_filled_in(compiled, reserved), **arguments}
    return arguments


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
        for location, slot in named_slots(compiled)
        if slot.argument in arguments and (location, slot.name.casefold()) in held
    }
    if not theirs:
        return arguments
    done += [coercion((name,), Change.CREDENTIAL_LEFT_OUT) for name in sorted(theirs)]
    return {name: value for name, value in arguments.items() if name not in theirs}


def _filled_in(compiled: CompiledOperation, reserved: ReservedNames) -> dict[str, Any]:
    """Constants and defaults, but for those in whose place the credential goes."""
    values = {**compiled.defaults, **compiled.constants}
    if reserved:
        held = {(location, name.casefold()) for location, name in reserved}
        for location, slot in named_slots(compiled):
            if (location, slot.name.casefold()) in held:
                values.pop(slot.argument, None)
    return values


def _with_files(files: tuple[Fault, ...], faults: tuple[Fault, ...]) -> tuple[Fault, ...]:
    """What is no file needs no second sentence by its schema."""
    if not files:
        return faults
    named = {each.argument for each in files}
    return (*files, *(each for each in faults if each.argument not in named))


def _faults(
    compiled: CompiledOperation,
    arguments: dict[str, Any],
    plain: _Plain,
    reserved: ReservedNames,
    body: BodyWriter | None,
) -> tuple[Fault, ...]:
    faults: tuple[Fault, ...] = ()
    values = with_values(arguments) if plain.found is Found.EXACT else arguments
    if compiled.schema.is_too_complex(values, len(plain.canonical)):
        return (TOO_COMPLEX,)
    if not compiled.schema.admits(values):
        # With reserved names the first fault may be one to overlook: then all are needed.
        size = len(plain.canonical)
        faults = compiled.schema.faults(values, arguments, size, all_needed=bool(reserved))
    if reserved:
        faults = _with_reserved(compiled, arguments, reserved, faults)
    if body is not None:
        faults = _with_files(tuple(islice(body.faults(arguments), MAX_FAULTS)), faults)
    return (*_with_path(compiled, arguments, faults), *clashes(compiled, arguments))


_WHAT_FILLS: Final[Mapping[type, str]] = {
    str: "a text that is not empty",
    list: "a list of at least one item that is not empty",
    dict: "an object of at least one member that has a value",
}


def _with_path(
    compiled: CompiledOperation, arguments: dict[str, Any], faults: tuple[Fault, ...]
) -> tuple[Fault, ...]:
    """With those that leave a segment of the path empty, whatever the schema admits: `/users/` is
    another resource than `/users/{id}`.
    """
    empty = [*compiled.path.unfilled(arguments)]
    named = {each.argument for each in faults} if empty else set[str]()
    wanted = [
        fault(
            "path_empty",
            (name,),
            f"{shown(name)} is part of the path {compiled.path.shown}, so it needs a value: give "
            f"{_WHAT_FILLS.get(type(arguments[name]), 'one')}, not {described(arguments[name])}.",
        )
        for name in empty
        if name not in named
    ]
    return (*faults, *wanted)


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
    for location, slot in named_slots(compiled):
        if location not in locations:
            continue
        if (location, slot.name.casefold()) in held:
            owned.add(pointer((slot.argument,)))
        if slot.argument in arguments and any(
            (location, name) in held for name in names_on_the_wire(location, slot, arguments)
        ):
            text = f"'{slot.argument}' is where the action's credential goes; it takes no value."
            taken.append(fault("reserved", (slot.argument,), text))
    wanted = [
        found
        for found in faults
        if not (found.code == "argument.required" and found.pointer in owned)
    ]
    return (*taken, *wanted)
