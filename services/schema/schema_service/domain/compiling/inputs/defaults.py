"""The default of a parameter, where it is a value that the parameter may have."""

import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote

from contracts.headers import is_cookie_value
from contracts.operation import Location
from contracts.wire import leads_elsewhere
from schema_service.domain import pointers
from schema_service.domain.compiling.json_schema.compiled import Schema

SWITCH = "x-openactions-send-defaults"
"""`false` at an operation, or at the document's root: no default is sent."""


def default_of(schema: Schema) -> Any:
    """MISSING where there is none, or one that its own schema would refuse."""
    if not isinstance(schema, dict) or "default" not in schema:
        return pointers.MISSING
    default = schema["default"]
    allowed = schema.get("enum")
    fits = default is not None and (allowed is None or default in allowed)
    return default if fits and _is_of_type(default, schema.get("type")) else pointers.MISSING


def unsendable(value: Any, location: Location, *, is_encoded: bool = True) -> str | None:
    """Why no request can hold a default there that its schema allows; None if one can."""
    if not is_encoded and not all(map(is_cookie_value, _texts_of(value))):
        return (
            "a cookie that is sent as it is holds no spaces, quotes, commas, semicolons and "
            "backslashes, and nothing outside ASCII"
        )
    texts = value if isinstance(value, list) else [value]
    texts = [each for each in texts if isinstance(each, str)]
    if location is Location.HEADER and not all(map(_HEADER_VALUE.fullmatch, texts)):
        return "a header holds no line breaks, control characters or characters outside ASCII"
    if location is Location.PATH and (
        value in ("", []) or any(leads_elsewhere(f"/{quote(each, safe='')}") for each in texts)
    ):
        return "a part of a path is not empty, and holds no dot segments and control characters"
    return None


def _texts_of(value: Any) -> list[str]:
    """Of a value, an item or a member."""
    values = value.values() if isinstance(value, dict) else value
    several = values if isinstance(value, list | dict) else [value]
    return [each for each in several if isinstance(each, str)]


def are_sent(operation: dict[str, Any], document: dict[str, Any]) -> bool:
    return operation.get(SWITCH, document.get(SWITCH, True)) is not False


_HEADER_VALUE = re.compile(r"[\t\x20-\x7e]*")


def _is_of_type(value: Any, kind: Any) -> bool:
    kinds = [kind] if isinstance(kind, str) else kind
    return not kinds or any(_IS[each](value) for each in kinds if each in _IS)


def _is_integer(value: Any) -> bool:
    return type(value) is int or (isinstance(value, float) and value.is_integer())


_IS: Mapping[str, Callable[[Any], bool]] = {
    "string": lambda value: isinstance(value, str),
    "boolean": lambda value: isinstance(value, bool),
    "integer": _is_integer,
    "number": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "array": lambda value: isinstance(value, list),
    "object": lambda value: isinstance(value, dict),
}
