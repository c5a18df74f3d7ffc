"""What a value must be, for each keyword of JSON Schema that it does not fit: the argument's name,
what to give, and the value where it is short.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from jsonschema_rs import ValidationError, ValidationErrorKind

from execution_service.domain.arguments.exact_json import ExactNumber, write_json
from execution_service.domain.arguments.fault import MAX_ECHOED_CHARACTERS, place

MAX_MESSAGE_CHARACTERS = 300
_MAX_OPTIONS = 20
_NAMES: Final = {
    str: "text",
    bool: "true or false",
    int: "an integer",
    float: "a number",
    ExactNumber: "a number",
    list: "a list",
    dict: "an object",
    type(None): "null",
}
_WANTED: Final[Mapping[str, str]] = {
    "minimum": "must be at least {limit}, not {value}.",
    "maximum": "must be at most {limit}, not {value}.",
    "exclusiveMinimum": "must be greater than {limit}, not {value}.",
    "exclusiveMaximum": "must be less than {limit}, not {value}.",
    "multipleOf": "must be a multiple of {multiple_of}, not {value}.",
    "minLength": "must have at least {limit} {characters}, not {value}.",
    "maxLength": "must have at most {limit} {characters}, not {value}.",
    "minItems": "must be a list of at least {limit} {items}, not {value}.",
    "maxItems": "must be a list of at most {limit} {items}, not {value}.",
    "minProperties": "must be an object of at least {limit} {members}, not {value}.",
    "maxProperties": "must be an object of at most {limit} {members}, not {value}.",
    "uniqueItems": "must hold each item once, and some are repeated: {value}.",
    "contains": "does not hold as many items of the kind that it needs as it must: {value}.",
    "pattern": "must match the pattern {pattern}, not be {value}.",
    "not": "must not be {value}, nor anything like it.",
    "oneOf": "fits several of the forms that it may have, and must fit one alone: leave out what "
    "belongs to the others. It is {value}.",
    "unevaluatedItems": "holds more items than it may: {value}.",
    "additionalItems": "holds more items than it may: {value}.",
    "falseSchema": "does not go with the other arguments.",
}
"""By keyword; a limit is followed by its noun, in the plural but for 1."""
_NOUNS: Final = {"characters": "character", "items": "item", "members": "member"}

Path = tuple[str | int, ...]


def sentence_of(error: ValidationError, path: Path, arguments: Any) -> str:
    kind, value = error.kind, at(arguments, path)
    if isinstance(kind, ValidationErrorKind.Type):
        return not_of_type(path, kind.types, value)
    if isinstance(kind, ValidationErrorKind.Enum):
        return one_of(path, kind.options, value)
    if isinstance(kind, ValidationErrorKind.Constant):
        return one_of(path, [kind.expected_value], value)
    wanted = _WANTED.get(kind.name)
    if wanted is None:
        sentence = error.message.replace("the value", place(path), 1)[:MAX_MESSAGE_CHARACTERS]
        return f"{sentence} (got {described(value)})"
    return f"{place(path)} {wanted.format(**_gaps(kind, value))}"[:MAX_MESSAGE_CHARACTERS]


def _gaps(kind: Any, value: Any) -> dict[str, Any]:
    limit = getattr(kind, "limit", None)
    nouns = {many: one if limit == 1 else many for many, one in _NOUNS.items()}
    return {
        **nouns,
        "limit": limit,
        "multiple_of": getattr(kind, "multiple_of", None),
        "pattern": getattr(kind, "pattern", None),
        "value": described(value),
    }


def not_of_type(path: Path, types: Iterable[str], value: Any) -> str:
    return f"{place(path)} must be of type {' or '.join(types)}, not {described(value)}."


def one_of(path: Path, options: list[Any], value: Any) -> str:
    """A long list stands alone: the caller knows what it gave."""
    shown = ", ".join(as_json(option) for option in options[:_MAX_OPTIONS])
    if len(options) == 1:
        return f"{place(path)} must be {shown}, not {described(value)}."[:MAX_MESSAGE_CHARACTERS]
    return f"{place(path)} must be one of {shown}."[:MAX_MESSAGE_CHARACTERS]


def types_wanted(
    branches: Iterable[Iterable[ValidationError]], steps: Sequence[str | int]
) -> list[str]:
    """The types that alternatives want of the value at `steps`, which is an error's own path,
    whatever else they want.
    """
    found: dict[str, None] = {}
    waiting = [error for branch in branches for error in branch]
    while waiting:
        error = waiting.pop(0)
        kind = error.kind
        if error.instance_path != steps:
            continue
        if isinstance(kind, ValidationErrorKind.Type):
            found.update(dict.fromkeys(kind.types))
        elif isinstance(kind, ValidationErrorKind.AnyOf | ValidationErrorKind.OneOfNotValid):
            waiting += [inner for branch in kind.context for inner in branch]
    return [*found]


def at(value: Any, path: Path) -> Any:
    for step in path:
        value = value[step]
    return value


def described(value: Any) -> str:
    text = as_json(value)
    if len(text) <= MAX_ECHOED_CHARACTERS:
        return text
    return f"{_NAMES.get(type(value), 'a value')} of {len(text)} characters"


def as_json(value: Any) -> str:
    return write_json(value).decode()
