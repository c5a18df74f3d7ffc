"""Names: deterministic, safe for every model's API, unique within the document."""

import hashlib
import re
from collections.abc import Iterable
from unicodedata import combining, normalize

MAX_NAME = 64
_UNSAFE_NAME = re.compile(r"[^A-Za-z0-9_-]+")
_UNSAFE_ARGUMENT = re.compile(r"[^A-Za-z0-9_.-]+")
_HASH_LENGTH = 8


class Names:
    """Hands out each name once; many requests for one name cost no more than different ones."""

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self._taken = set(taken)
        self._numbers: dict[str, int] = {}

    def __contains__(self, name: object) -> bool:
        return name in self._taken

    def take(self, wanted: str, max_length: int | None = None) -> str:
        """The name, or the name with the first number from 2 that makes it new."""
        name, number = wanted, self._numbers.get(wanted, 1)
        while name in self._taken:
            number += 1
            suffix = f"_{number}"
            name = (wanted[: max_length - len(suffix)] if max_length else wanted) + suffix
        self._numbers[wanted] = number
        self._taken.add(name)
        return name


def function_name(operation_id: str, names: Names) -> str:
    """`[A-Za-z0-9_-]{1,64}`; a short hash of the operationId where cutting would lose something."""
    safe = _safe(operation_id, _UNSAFE_NAME, "operation")
    if len(safe) > MAX_NAME or safe in names:
        safe = f"{safe[: MAX_NAME - _HASH_LENGTH - 1]}_{_digest(operation_id)}"
    return names.take(safe, MAX_NAME)


def generated_operation_id(method: str, path: str, names: Names) -> str:
    """The same for the same method and path, whatever else the document holds."""
    words = _UNSAFE_NAME.sub("_", path).strip("_")
    if not words and not path.isascii():
        words = _digest(path)
    name = f"{method.lower()}_{words}" if words else method.lower()
    return names.take(f"{name}_{_digest(f'{method} {path}')}" if name in names else name)


def argument_name(wanted: str, location: str, names: Names) -> str:
    """`[A-Za-z0-9_.-]{1,64}`; the location is appended where another location has the name."""
    safe = _safe(wanted, _UNSAFE_ARGUMENT, str(location))
    if len(safe) > MAX_NAME:
        safe = f"{safe[: MAX_NAME - _HASH_LENGTH - 1]}_{_digest(wanted)}"
    if safe in names:
        safe = f"{safe[: MAX_NAME - len(location) - 1]}_{location}"
    return names.take(safe, MAX_NAME)


def definition_name(wanted: str, names: Names) -> str:
    """Needs no escaping in a `$ref`."""
    return names.take(_safe(wanted, _UNSAFE_ARGUMENT, "schema"))


def _safe(wanted: str, unsafe: re.Pattern[str], nothing: str) -> str:
    """What of it may stay. Letters without their accents; where one of another script is lost, a
    short hash tells the name from others that lost theirs.
    """
    if wanted.isascii():
        return unsafe.sub("_", wanted).strip("_") or nothing
    plain = "".join(c for c in normalize("NFKD", wanted) if not combining(c))
    kept = unsafe.sub("_", plain).strip("_") or nothing
    is_lost = any(not c.isascii() and c.isalnum() for c in plain) or kept == nothing
    return f"{kept}_{_digest(wanted)}" if is_lost else kept


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:_HASH_LENGTH]
