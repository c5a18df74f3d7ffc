"""A parameter of an operation (OAS 4.8.12), compiled to what writes its value."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from contracts.operation import Location, Parameter
from execution_service.domain.arguments.exact_json import write_json
from execution_service.domain.arguments.integers import Integers, IntegersOf
from execution_service.domain.wire.cookie import cookie_encoding
from execution_service.domain.wire.form import FORM, querystring_writer
from execution_service.domain.wire.header import header_writer
from execution_service.domain.wire.percent import encode, encode_name, literal
from execution_service.domain.wire.style import (
    COOKIE,
    ENCODED,
    RESERVED,
    STYLES,
    Encoding,
    Style,
    Write,
    deep_writer,
    joined_within,
    writer,
)

_AS_IT_IS = Encoding(str, str)


@dataclass(frozen=True, slots=True)
class Slot:
    """A place in the request, filled from one argument."""

    argument: str
    name: str
    """As in the document, not encoded."""
    write: Write
    """Includes the name and the equals sign in queries and cookies, the style's prefix in paths."""
    on_null: str | None = None
    """What an explicit null sends; None when it sends nothing."""
    integers: Integers | None = None
    """Where its value, or what is in it, is an integer by the schema."""

    def text(self, arguments: Mapping[str, Any]) -> str | None:
        """None where there is nothing to send."""
        value = arguments.get(self.argument)
        if value is not None:
            return self.write(value if self.integers is None else self.integers.written(value))
        return self.on_null if self.argument in arguments else None


def slots(
    parameters: Iterable[Parameter], integers: IntegersOf, *locations: Location
) -> tuple[Slot, ...]:
    return tuple(slot(each, integers) for each in parameters if each.location in locations)


def slot(parameter: Parameter, integers: IntegersOf) -> Slot:
    write = _write(parameter)
    if parameter.inner_delimiters:
        write = _with_inner_lists(write, parameter.inner_delimiters)
    on_null = None
    if parameter.location in (Location.QUERY, Location.COOKIE):
        if parameter.content_type is not None:
            on_null = write(None)
        elif parameter.allow_empty_value:
            on_null = f"{encode_name(parameter.name)}="
    if parameter.location is Location.HEADER:
        write = header_writer(parameter.name, parameter.argument, write)
    is_json = "json" in (parameter.content_type or "").lower()
    wanted = None if is_json else integers.argument(parameter.argument)
    return Slot(parameter.argument, parameter.name, write, on_null, wanted)


def _write(parameter: Parameter) -> Write:
    if parameter.location is Location.QUERYSTRING:
        return querystring_writer(parameter.content_type or FORM, parameter.encoding)
    if parameter.content_type is not None:
        return _content_writer(parameter, parameter.content_type)
    name, explode, location = parameter.name, parameter.explode, parameter.location
    if location is Location.HEADER:
        header = Style(delimiter=parameter.delimiter or ",")
        return writer(header, name, explode=explode, encoding=_AS_IT_IS)
    if location is Location.COOKIE:
        return writer(COOKIE, name, explode=explode, encoding=cookie_encoding(parameter))
    if location is Location.PATH:
        # allowReserved never applies: a path value stays one segment.
        style = STYLES[parameter.style if parameter.style in ("label", "matrix") else "simple"]
        return writer(_delimited(style, parameter), name, explode=explode)
    encoding = RESERVED if parameter.allow_reserved else ENCODED
    if parameter.style == "deepObject":
        return deep_writer(name, encoding=encoding.value)
    # A path's style in a query would send a value without its name.
    fitting = STYLES[parameter.style].separator == "&"
    query_style = STYLES[parameter.style if fitting else "form"]
    return writer(_delimited(query_style, parameter), name, explode=explode, encoding=encoding)


def _with_inner_lists(write: Write, delimiters: Sequence[str]) -> Write:
    return lambda value: write(joined_within(value, delimiters))


def _delimited(style: Style, parameter: Parameter) -> Style:
    if parameter.delimiter is None:
        return style
    return replace(style, delimiter=encode(parameter.delimiter))


def _content_writer(parameter: Parameter, content_type: str) -> Write:
    """`content` instead of a style: the value is a document of its own, then one opaque text."""
    document: Write = _json_text if "json" in content_type.lower() else literal
    if content_type.partition(";")[0].strip().lower() == FORM:
        document = querystring_writer(FORM, parameter.encoding)
    if parameter.location is Location.HEADER:
        return document
    prefix = "" if parameter.location is Location.PATH else f"{encode_name(parameter.name)}="
    return partial(_prefixed, prefix, document)


def _prefixed(prefix: str, document: Write, value: Any) -> str:
    return prefix + encode(document(value) or "")


def _json_text(value: Any) -> str:
    return write_json(value).decode()
