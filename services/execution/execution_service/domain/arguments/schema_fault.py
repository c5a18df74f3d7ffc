"""A JSON Schema error as a sentence: which argument, and what it should be."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Any

from jsonschema_rs import ValidationError, ValidationErrorKind

from contracts.error_place import path_within
from execution_service.domain.arguments.fault import (
    MAX_ECHOED_CHARACTERS,
    Fault,
    fault,
    place,
    shown,
)
from execution_service.domain.arguments.leftover_members import about_value
from execution_service.domain.arguments.schema_sentence import (
    MAX_MESSAGE_CHARACTERS,
    as_json,
    at,
    described,
    not_of_type,
    sentence_of,
    types_wanted,
)

MAX_WITHIN = 20
"""Alternatives within alternatives that a fault is looked for in."""
_MAX_SAID = 3
"""Alternatives whose wants are said."""
_NESTED = ValidationErrorKind.AnyOf | ValidationErrorKind.OneOfNotValid


@dataclass(frozen=True, slots=True)
class Sources:
    """What the sentences about errors are made of."""

    known: frozenset[str]
    """The operation's arguments."""
    arguments: dict[str, Any]
    """Those of the caller."""
    schema: Callable[[], Any]
    """The operation's whole schema, which is read where it is needed."""
    within: int = 0
    """Alternatives that the error is within."""


def faults_of(error: ValidationError, sources: Sources) -> Iterator[Fault]:
    """One fault for each name or value at fault."""
    path, kind = path_within(sources.arguments, error.instance_path), error.kind
    if isinstance(kind, ValidationErrorKind.AdditionalProperties):
        for name in kind.unexpected:
            yield _unknown(name, path, sources.known)
    elif isinstance(kind, ValidationErrorKind.UnevaluatedProperties):
        root = sources.schema()
        for name in kind.unexpected:
            wrong = about_value(root, error.schema_path, name, path)
            yield wrong or _unknown(name, path, sources.known)
    elif isinstance(kind, ValidationErrorKind.Required):
        yield fault("required", (*path, kind.property), f"{shown(kind.property)} is required.")
    elif isinstance(kind, _NESTED):
        yield from _alternatives(error, kind.context, sources)
    elif isinstance(kind, ValidationErrorKind.PropertyNames):
        yield fault("property_names", path, f"A member's name in {place(path)} is not allowed.")
    else:
        yield fault(_snake(kind.name), path, sentence_of(error, path, sources.arguments))


def _alternatives(
    error: ValidationError, branches: list[list[ValidationError]], sources: Sources
) -> Iterator[Fault]:
    """When one alternative alone is meant, by its type or by the member that tells them apart, what
    that one objects to.
    """
    fitting = [branch for branch in branches if not _is_of_another_type(error, branch)]
    by_value = [branch for branch in fitting if not _values_wanted(error, branch)]
    meant = by_value or fitting
    path = path_within(sources.arguments, error.instance_path)
    if len(meant) == 1 and sources.within < MAX_WITHIN:
        inside = replace(sources, within=sources.within + 1)
        about = _about_branch(error, fitting, path, sources.arguments) if len(fitting) > 1 else ""
        for inner in meant[0]:
            for each in faults_of(inner, inside):
                yield replace(each, message=f"{about}{each.message}")
    elif fitting and (unknown := _unknown_value(error, fitting, path)):
        yield unknown
    else:
        wanted = [] if fitting else types_wanted(branches, error.instance_path)
        text = _none_fits(path, wanted, fitting, sources)
        yield fault(_snake(error.kind.name), path, text)


def _none_fits(
    path: tuple[str | int, ...],
    wanted: list[str],
    fitting: list[list[ValidationError]],
    sources: Sources,
) -> str:
    """The types that are wanted; or what the first few alternatives want, where they can be said in
    a sentence each.
    """
    if wanted:
        return not_of_type(path, wanted, at(sources.arguments, path))
    text = f"{place(path)} fits none of the forms that it may have"
    firsts = [branch[0] for branch in fitting[:_MAX_SAID] if branch]
    if any(isinstance(each.kind, _NESTED) for each in firsts):
        return f"{text}."
    said = [next(faults_of(each, sources)).message for each in firsts]
    return f"{text}: {' Or: '.join(said)}"[:MAX_MESSAGE_CHARACTERS]


def _is_of_another_type(error: ValidationError, branch: list[ValidationError]) -> bool:
    return any(
        isinstance(inner.kind, ValidationErrorKind.Type)
        and inner.instance_path == error.instance_path
        for inner in branch
    )


def _values_wanted(error: ValidationError, branch: list[ValidationError]) -> dict[str, list[Any]]:
    """Members of the value that differ from the constants by which the alternative is selected."""
    wanted: dict[str, list[Any]] = {}
    for inner in branch:
        path, kind = inner.instance_path, inner.kind
        if len(path) != len(error.instance_path) + 1 or not isinstance(path[-1], str):
            continue
        if isinstance(kind, ValidationErrorKind.Constant):
            wanted[path[-1]] = [kind.expected_value]
        elif isinstance(kind, ValidationErrorKind.Enum):
            wanted[path[-1]] = kind.options
    return wanted


def _about_branch(
    error: ValidationError,
    branches: list[list[ValidationError]],
    path: tuple[str | int, ...],
    arguments: Any,
) -> str:
    """Which alternative it is, as the beginning of a sentence."""
    names = [name for branch in branches for name in _values_wanted(error, branch)]
    if not names:
        return ""
    value = at(arguments, (*path, names[0]))
    return f"Where {shown(names[0])} is {described(value)}: "


def _unknown_value(
    error: ValidationError, branches: list[list[ValidationError]], path: tuple[str | int, ...]
) -> Fault | None:
    """Where what tells the alternatives apart is missing, or has none of their values."""
    wanted = [_values_wanted(error, branch) for branch in branches]
    for name in wanted[0]:
        if all(name in each for each in wanted):
            values = ", ".join(as_json(value) for each in wanted for value in each[name])
            text = f"{place((*path, name))} must be one of {values}."[:MAX_MESSAGE_CHARACTERS]
            return fault("enum", (*path, name), text)
    missing = [{*_missing(error, branch)} for branch in branches]
    for name in sorted(set.intersection(*missing)):
        return fault("required", (*path, name), f"{shown(name)} is required.")
    return None


def _missing(error: ValidationError, branch: list[ValidationError]) -> Iterator[str]:
    for inner in branch:
        kind = inner.kind
        is_here = inner.instance_path == error.instance_path
        if is_here and isinstance(kind, ValidationErrorKind.Required):
            yield kind.property


def _unknown(name: str, path: tuple[str | int, ...], known: frozenset[str]) -> Fault:
    text = f"{shown(name)} is not a member of {place(path)}."
    if not path:
        close = get_close_matches(name[:MAX_ECHOED_CHARACTERS], known, n=1)
        advice = f" Did you mean {shown(close[0])}?" if close else ""
        text = f"{shown(name)} is not an argument of this operation.{advice}"
    return fault("unknown", (*path, name), text)


def _snake(keyword: str) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in keyword)
