"""The parts of a multipart body, one or more for each property (OAS 4.8.14.5 and 4.8.15)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from contracts.media_type import is_range
from contracts.operation import Kind, PropertyEncoding
from contracts.wire import is_media_type
from execution_service.domain.arguments.exact_json import write_json
from execution_service.domain.arguments.integers import Integers, written
from execution_service.domain.wire.file import OCTETS, File, read_file
from execution_service.domain.wire.member_names import NO_NAMES, MemberNames
from execution_service.domain.wire.multipart import Part
from execution_service.domain.wire.percent import literal
from execution_service.domain.wire.style import DELIMITERS

_TEXT = "text/plain; charset=utf-8"
_DEFAULT = PropertyEncoding()
_FILES = (Kind.FILE, Kind.FILES)


@dataclass(frozen=True, slots=True)
class Parts:
    encoding: Mapping[str, PropertyEncoding]
    integers: Integers
    files: frozenset[str] = frozenset()
    """Files of an operation that an earlier release compiled: sent as the text that they are."""
    names: MemberNames = NO_NAMES
    others: PropertyEncoding = _DEFAULT
    """Of members that have no encoding of their own."""

    def of(self, members: Mapping[str, Any]) -> list[Part]:
        return [
            part
            for name, value in members.items()
            if value is not None
            for part in self._of_member(name, value, members)
        ]

    def _of_member(self, name: str, value: Any, members: Mapping[str, Any]) -> Iterator[Part]:
        encoding = self.encoding.get(name, self.others)
        if encoding.kind in _FILES:
            files = value if isinstance(value, list) else [value]
            yield from (_file(name, each, encoding) for each in files if each is not None)
            return
        inner = self.integers.member(name)
        if encoding.style is not None or encoding.explode is not None:
            parts = [*_styled(name, written(inner, value), encoding)]
            if isinstance(value, dict):
                self.names.check(name, [part.name for part in parts], members)
            yield from parts
        elif isinstance(value, list):
            items = inner.items if inner is not None else None
            given = (item for item in value if item is not None)
            yield from (self._plain(name, item, encoding, items) for item in given)
        else:
            yield self._plain(name, value, encoding, inner)

    def _plain(
        self, name: str, item: Any, encoding: PropertyEncoding, integers: Integers | None
    ) -> Part:
        is_file = name in self.files
        default = "application/json" if isinstance(item, dict | list) else _TEXT
        if is_file and not isinstance(item, dict | list):
            default = OCTETS
        # `image/png, image/jpeg` names what is accepted: the first is what is sent.
        content_type = (encoding.content_type or default).partition(",")[0].strip()
        if is_range(content_type) or not is_media_type(content_type):
            content_type = default
        as_json = "json" in content_type.lower()
        content = write_json(item) if as_json else literal(written(integers, item)).encode()
        return Part(name, content, content_type, name if is_file else None, encoding.headers)


def _file(name: str, value: Any, encoding: PropertyEncoding) -> Part:
    """Servers take a part for a file by its file name, so that it always has one."""
    file = read_file(value, url_safe=encoding.base64url)
    if not isinstance(file, File):  # the schema admits another form, and so it is sent
        file = File(literal(value).encode())
    content_type = file.type_in(declared_types(encoding))
    return Part(name, file.content, content_type, file.filename or name, encoding.headers)


def declared_types(encoding: PropertyEncoding) -> list[str]:
    names = [name.strip() for name in (encoding.content_type or "").split(",")]
    return [name for name in names if is_media_type(name)]


def _styled(name: str, value: Any, encoding: PropertyEncoding) -> Iterator[Part]:
    """RFC 6570 in parts: their names and values are not encoded (OAS 3.1.1, 4.8.15.1.2)."""
    style = encoding.style or "form"
    explode = encoding.explode if encoding.explode is not None else style == "form"
    for key, text in _pairs(name, value, style, explode=explode):
        yield Part(key, text.encode(), _TEXT, headers=encoding.headers)


def _pairs(name: str, value: Any, style: str, *, explode: bool) -> Iterator[tuple[str, str]]:
    if isinstance(value, list):
        texts = [literal(item) for item in value if item is not None]
        if explode:
            yield from ((name, text) for text in texts)
        elif texts:
            yield name, DELIMITERS.get(style, ",").join(texts)
    elif isinstance(value, dict):
        defined = {member: literal(item) for member, item in value.items() if item is not None}
        if style == "deepObject":
            yield from ((f"{name}[{member}]", text) for member, text in defined.items())
        elif explode:
            yield from defined.items()
        elif defined:
            yield name, DELIMITERS.get(style, ",").join(t for pair in defined.items() for t in pair)
    else:
        yield name, literal(value)
