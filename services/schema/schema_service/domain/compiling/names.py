"""Names: deterministic, safe for every model's API, unique within the document."""

import hashlib
import re
from collections.abc import Container

MAX_NAME = 64
_UNSAFE_NAME = re.compile(r"[^A-Za-z0-9_-]+")
_UNSAFE_ARGUMENT = re.compile(r"[^A-Za-z0-9_.-]+")
_HASH_LENGTH = 8


def function_name(operation_id: str, taken: Container[str]) -> str:
    """`[A-Za-z0-9_-]{1,64}`; a short hash of the operationId where cutting would lose something."""
    safe = _UNSAFE_NAME.sub("_", operation_id).strip("_") or "operation"
    if len(safe) <= MAX_NAME and safe not in taken:
        return safe
    marked = f"{safe[: MAX_NAME - _HASH_LENGTH - 1]}_{_digest(operation_id)}"
    return free_name(marked, taken, MAX_NAME)


def generated_operation_id(method: str, path: str, taken: Container[str]) -> str:
    """The same for the same method and path, whatever else the document holds."""
    words = _UNSAFE_NAME.sub("_", path).strip("_")
    name = f"{method.lower()}_{words}" if words else method.lower()
    if name not in taken:
        return name
    return free_name(f"{name}_{_digest(f'{method} {path}')}", taken)


def argument_name(wanted: str, location: str, taken: Container[str]) -> str:
    """`[A-Za-z0-9_.-]{1,64}`; the location is appended where another location has the name."""
    safe = _UNSAFE_ARGUMENT.sub("_", wanted).strip("_") or location
    if len(safe) > MAX_NAME:
        safe = f"{safe[: MAX_NAME - _HASH_LENGTH - 1]}_{_digest(wanted)}"
    if safe not in taken:
        return safe
    return free_name(f"{safe[: MAX_NAME - len(location) - 1]}_{location}", taken, MAX_NAME)


def safe_definition_name(wanted: str) -> str:
    """Needs no escaping in a `$ref`."""
    return _UNSAFE_ARGUMENT.sub("_", wanted).strip("_") or "schema"


def free_name(wanted: str, taken: Container[str], max_length: int | None = None) -> str:
    """The name, or the name with the first number from 2 that makes it new."""
    name, number = wanted, 1
    while name in taken:
        number += 1
        suffix = f"_{number}"
        name = (wanted[: max_length - len(suffix)] if max_length else wanted) + suffix
    return name


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:_HASH_LENGTH]
