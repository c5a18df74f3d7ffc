"""The request body in the operation's media type (OAS 4.8.13 to 4.8.15)."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from contracts import file_value
from contracts.media_type import is_json_sequence, is_marked_sequence, is_range
from contracts.operation import Body, Kind, PropertyEncoding
from contracts.wire import is_media_type
from execution_service.domain.arguments.exact_json import write_json
from execution_service.domain.arguments.fault import Fault, fault, place
from execution_service.domain.arguments.integers import NO_INTEGERS, Integers, IntegersOf, written
from execution_service.domain.errors import BodyRefused, OperationUnusable
from execution_service.domain.wire.file import OCTETS, SAY_THE_TYPE, File, FileFault, read_file
from execution_service.domain.wire.form import FORM, form_text
from execution_service.domain.wire.member_names import MemberNames
from execution_service.domain.wire.multipart import encode_multipart
from execution_service.domain.wire.parts import Parts, declared_types
from execution_service.domain.wire.percent import literal
from execution_service.domain.wire.style import joined_within
from execution_service.domain.wire.xml import XmlWriter

Payload = tuple[str, bytes]
"""Content type and bytes."""

Path = tuple[str | int, ...]
"""Of a value within the arguments."""

_RANGES = {"*/*": "application/json", "application/*": "application/json", "text/*": "text/plain"}
_ABSENT = object()
_FILES = (Kind.FILE, Kind.FILES)


@dataclass(frozen=True, slots=True)
class BodyWriter:
    """Makes the body of admitted arguments, and says beforehand which of them are no files."""

    body: Body
    elsewhere: frozenset[str]
    """Names of arguments that fill parameters."""
    arguments_schema: Mapping[str, Any]
    serialise: Callable[[Any], Payload]

    @classmethod
    def of(
        cls, body: Body, arguments_schema: Mapping[str, Any], elsewhere: frozenset[str]
    ) -> "BodyWriter":
        """Raises OperationUnusable for a media type that is none."""
        return cls(body, elsewhere, arguments_schema, _serialiser(body, arguments_schema))

    def write(self, arguments: Mapping[str, Any]) -> Payload | None:
        value = _value(self.body, self.elsewhere, arguments)
        is_left_out = value is _ABSENT or (value is None and self.body.whole.kind is Kind.FILE)
        return None if is_left_out else self.serialise(value)

    def patches(self, path: Path) -> bool:
        """Whether a null there removes something, where the body is a merge patch: it is a member
        of an object, not within a list, and no parameter.
        """
        least = 1 if self.body.members is not None else 2
        within_objects = all(isinstance(step, str) for step in path)
        return len(path) >= least and within_objects and path[0] not in self.elsewhere

    def faults(self, arguments: Mapping[str, Any]) -> Iterator[Fault]:
        """Of values that are to be files, in either form, and are not."""
        for path, value, encoding in _files(self.body, self.elsewhere, arguments):
            found = read_file(value, url_safe=encoding.base64url)
            if isinstance(found, FileFault):
                where = (*path, found.member) if found.member else path
                yield fault(found.code, where, f"{place(where)} {found.reason}")
            elif isinstance(found, File) and (types := declared_types(encoding)):
                yield from self._type_faults(path, found, types)

    def _type_faults(self, path: Path, file: File, types: Sequence[str]) -> Iterator[Fault]:
        """Where the file's own type is none of these, or they are ranges and nothing tells it."""
        where, wanted = (*path, file_value.CONTENT_TYPE), " or ".join(types)
        if file.content_type is not None and not file_value.fits(file.content_type, types):
            yield fault("file_type", where, f"{place(where)} must be {wanted}.")
        elif file.own_type(types) is None and file_value.needs_type(types) and self._asks(path):
            endings = file_value.endings_of(types)
            by_name = f", or a filename whose ending tells it, as .{endings[0]}" if endings else ""
            said = f"which must be {wanted}{by_name}"
            text = f"{place(path)} needs a content_type, {said}. {SAY_THE_TYPE}"
            yield fault("file_type", path, text)

    def _asks(self, path: Path) -> bool:
        """Whether the tool asked for the type of the file there. Where it did not, nobody could
        know that one is needed, and octets are sent.
        """
        others = self.arguments_schema.get("additionalProperties")
        schema = self.arguments_schema.get("properties", {}).get(path[0], others)
        is_argument = self.body.members is not None or self.body.whole.kind is Kind.FILE
        return is_argument and file_value.asks_for_type(schema)


def _files(
    body: Body, elsewhere: frozenset[str], arguments: Mapping[str, Any]
) -> Iterator[tuple[Path, Any, PropertyEncoding]]:
    """The values that are to be files, with their places and how they are sent."""
    if body.whole.kind is Kind.FILE:
        if body.argument in arguments:
            declared = body.whole.model_copy(update={"content_type": body.media_type})
            yield (body.argument,), arguments[body.argument], declared
        return
    for name, encoding in body.encoding.items():
        if encoding.kind in _FILES:
            for path in _places(body, name):
                yield from _each(path, _at(arguments, path), encoding)
    if body.other_encoding is not None and body.other_encoding.kind in _FILES:
        for path in _other_places(body, elsewhere, arguments):
            yield from _each(path, _at(arguments, path), body.other_encoding)


def _other_places(
    body: Body, elsewhere: frozenset[str], arguments: Mapping[str, Any]
) -> Iterator[Path]:
    """Of members of the body that nothing declares."""
    if body.members is not None:
        declared = body.members.keys() | elsewhere
        yield from ((name,) for name in arguments if name not in declared)
    elif isinstance(whole := arguments.get(body.argument), dict):
        yield from ((body.argument, name) for name in whole if name not in body.encoding)


def _places(body: Body, member: str) -> Iterator[Path]:
    if body.members is None:
        yield body.argument, member
        return
    yield from ((argument,) for argument, name in body.members.items() if name == member)


def _at(arguments: Any, path: Path) -> Any:
    for step in path:
        arguments = arguments.get(step) if isinstance(arguments, dict) else None
    return arguments


def _each(
    path: Path, value: Any, encoding: PropertyEncoding
) -> Iterator[tuple[Path, Any, PropertyEncoding]]:
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield (*path, index), item, encoding
    else:
        yield path, value, encoding


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
    if not is_media_type(body.media_type):
        raise OperationUnusable(
            f"{body.media_type[:80]!r} is not a media type.", hint="Correct the body in the schema."
        )
    if body.whole.kind is Kind.FILE:
        return lambda value: _whole_file(body, value)
    content_type = _RANGES.get(body.media_type.lower(), body.media_type)
    essence = content_type.partition(";")[0].strip().lower()
    if essence == "application/json" or essence.endswith(("+json", "/json")):
        return lambda value: (content_type, write_json(value))
    integers = _integers(body, IntegersOf(arguments_schema))
    if essence == FORM:
        flat = _Flat(body.inner_delimiters, integers)
        names = MemberNames.of(body, arguments_schema)
        return lambda value: (content_type, _form(flat(value), body.encoding, integers, names))
    if essence == "multipart/form-data":
        files = _undecoded(body, arguments_schema.get("properties", {}))
        names, others = MemberNames.of(body, arguments_schema), body.other_encoding
        parts = Parts(body.encoding, integers, files, names, others or PropertyEncoding())
        flat = _Flat(body.inner_delimiters, integers)
        return lambda value: encode_multipart(parts.of(flat(_members(value, essence))))
    if body.xml is not None:
        xml = XmlWriter.of(body, arguments_schema, body.xml)
        return lambda value: (content_type, xml.write(integers.written(value)))
    if essence.startswith("text/") and "charset" not in content_type.lower():
        content_type += "; charset=utf-8"
    return lambda value: (content_type, _text(value, essence, integers))


@dataclass(frozen=True, slots=True)
class _Flat:
    """Makes texts of the lists within the lists of a form."""

    delimiters: Mapping[str, Sequence[str]]
    integers: Integers

    def __call__(self, value: Any) -> Any:
        if not self.delimiters or not isinstance(value, dict):
            return value
        return {
            name: joined_within(written(self.integers.member(name), each), within)
            if (within := self.delimiters.get(name))
            else each
            for name, each in value.items()
        }


def _whole_file(body: Body, value: Any) -> Payload:
    file = read_file(value, url_safe=body.whole.base64url)
    if not isinstance(file, File):  # the schema admits another form, and so it is sent
        file = File(_raw(value, OCTETS))
    if is_range(body.media_type):
        return file.type_in([body.media_type]), file.content
    return body.media_type, file.content


def _integers(body: Body, integers: IntegersOf) -> Integers:
    if body.members is None:
        return integers.argument(body.argument) or NO_INTEGERS
    members = {member: integers.argument(each) for each, member in body.members.items()}
    return Integers(members={name: found for name, found in members.items() if found})


def _form(
    value: Any, encoding: Mapping[str, PropertyEncoding], integers: Integers, names: MemberNames
) -> bytes:
    if isinstance(value, str):  # the caller encoded it already
        return value.encode()
    return form_text(_members(value, FORM), encoding, integers, names).encode()


def _undecoded(body: Body, properties: Mapping[str, Any]) -> frozenset[str]:
    """Files among the members of a body that an earlier release compiled, without their kinds."""
    return frozenset(
        member
        for argument, member in (body.members or {}).items()
        if isinstance(schema := properties.get(argument), dict)
        and (member not in body.encoding or body.encoding[member].kind is None)
        and (schema.get("format") == "binary" or "contentMediaType" in schema)
    )


def _members(value: Any, media_type: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise BodyRefused(
            f"A body of {media_type} is made from an object.", hint="Pass the body as an object."
        )
    return value


def _text(value: Any, essence: str, integers: Integers) -> bytes:
    """A list in a sequence is a JSON text for each item, each on a line of its own (OAS 3.2,
    4.14.5; RFC 7464, 2.2).
    """
    if not (isinstance(value, list) and is_json_sequence(essence)):
        return _raw(integers.written(value), essence)
    mark = b"\x1e" if is_marked_sequence(essence) else b""
    return b"".join(mark + write_json(item) + b"\n" for item in value)


def _raw(value: Any, essence: str) -> bytes:
    if isinstance(value, dict | list):
        raise BodyRefused(
            f"An object cannot be written as {essence}.", hint="Pass the body as ready-made text."
        )
    return literal(value).encode()
