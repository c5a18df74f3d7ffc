"""The request body in the operation's media type (OAS 4.8.13 to 4.8.15)."""

from collections.abc import Callable, Mapping
from typing import Any

from contracts.operation import Body, PropertyEncoding
from contracts.wire import is_media_type
from execution_service.domain.arguments.exact_json import write_json
from execution_service.domain.arguments.integers import NO_INTEGERS, Integers, IntegersOf, written
from execution_service.domain.errors import BodyRefused, OperationUnusable
from execution_service.domain.wire.form import FORM, form_text
from execution_service.domain.wire.multipart import Part, encode_multipart
from execution_service.domain.wire.percent import literal

Payload = tuple[str, bytes]
"""Content type and bytes."""

_RANGES = {"*/*": "application/json", "application/*": "application/json", "text/*": "text/plain"}
_ABSENT = object()
_DEFAULT = PropertyEncoding()


def body_writer(
    body: Body, arguments_schema: Mapping[str, Any], elsewhere: frozenset[str]
) -> Callable[[Mapping[str, Any]], Payload | None]:
    """Compile the body; `elsewhere` are the names of arguments that fill parameters."""
    serialise = _serialiser(body, arguments_schema)

    def write(arguments: Mapping[str, Any]) -> Payload | None:
        value = _value(body, elsewhere, arguments)
        return None if value is _ABSENT else serialise(value)

    return write


def _value(body: Body, elsewhere: frozenset[str], arguments: Mapping[str, Any]) -> Any:
    if body.members is None:
        return arguments.get(body.argument, _ABSENT)
    value: dict[str, Any] = {}
    if body.extra_members:
        declared = body.members.keys() | elsewhere
        value = {name: item for name, item in arguments.items() if name not in declared}
    for argument, member in body.members.items():
        if argument in arguments:
            value[member] = arguments[argument]
    return value if value or body.required else _ABSENT


def _serialiser(body: Body, arguments_schema: Mapping[str, Any]) -> Callable[[Any], Payload]:
    content_type = _RANGES.get(body.media_type.lower(), body.media_type)
    if not is_media_type(content_type):
        raise OperationUnusable(
            f"{content_type[:80]!r} is not a media type.", hint="Correct the body in the schema."
        )
    essence = content_type.partition(";")[0].strip().lower()
    if essence == "application/json" or essence.endswith(("+json", "/json")):
        return lambda value: (content_type, write_json(value))
    integers = _integers(body, IntegersOf(arguments_schema))
    if essence == FORM:
        return lambda value: (content_type, _form(value, body.encoding, integers))
    if essence == "multipart/form-data":
        files = _file_members(body, arguments_schema.get("properties", {}))
        return lambda value: encode_multipart(_parts(value, body.encoding, files, integers))
    if essence.startswith("text/") and "charset" not in content_type.lower():
        content_type += "; charset=utf-8"
    return lambda value: (content_type, _raw(integers.written(value), essence))


def _integers(body: Body, integers: IntegersOf) -> Integers:
    if body.members is None:
        return integers.argument(body.argument) or NO_INTEGERS
    members = {member: integers.argument(each) for each, member in body.members.items()}
    return Integers(members={name: found for name, found in members.items() if found})


def _form(value: Any, encoding: Mapping[str, PropertyEncoding], integers: Integers) -> bytes:
    if isinstance(value, str):  # the caller encoded it already
        return value.encode()
    return form_text(_members(value, FORM), encoding, integers).encode()


def _parts(
    value: Any,
    encoding: Mapping[str, PropertyEncoding],
    files: frozenset[str],
    integers: Integers,
) -> list[Part]:
    """A list is one part for each item (OAS 4.8.14.5)."""
    parts = []
    for name, member in _members(value, "multipart/form-data").items():
        declared, inner = encoding.get(name, _DEFAULT).content_type, integers.member(name)
        is_list = isinstance(member, list)
        if is_list and inner is not None:
            inner = inner.items
        parts += [
            _part(name, item, declared, inner, is_file=name in files)
            for item in (member if is_list else [member])
            if item is not None
        ]
    return parts


def _part(
    name: str, item: Any, declared: str | None, integers: Integers | None, *, is_file: bool
) -> Part:
    default = "application/json" if isinstance(item, dict | list) else "text/plain; charset=utf-8"
    if is_file and not isinstance(item, dict | list):
        default = "application/octet-stream"
    # `image/png, image/jpeg` names what is accepted: the first is what is sent.
    content_type = (declared or default).partition(",")[0].strip()
    if "*" in content_type or not is_media_type(content_type):
        content_type = default
    as_json = "json" in content_type.lower()
    content = write_json(item) if as_json else literal(written(integers, item)).encode()
    return Part(name, content, content_type, filename=name if is_file else None)


def _file_members(body: Body, properties: Mapping[str, Any]) -> frozenset[str]:
    """Members that the schema says are files: servers take a part for a file by its file name."""
    members = body.members or {}
    return frozenset(
        member
        for argument, member in members.items()
        if isinstance(schema := properties.get(argument), dict)
        and (schema.get("format") == "binary" or "contentMediaType" in schema)
    )


def _members(value: Any, media_type: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise BodyRefused(
            f"A body of {media_type} is made from an object.", hint="Pass the body as an object."
        )
    return value


def _raw(value: Any, essence: str) -> bytes:
    if isinstance(value, dict | list):
        raise BodyRefused(
            f"An object cannot be written as {essence}.", hint="Pass the body as ready-made text."
        )
    return literal(value).encode()
