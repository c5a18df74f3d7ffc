"""Parameter styles (OAS 4.8.12.3 and 4.8.12.6), each an RFC 6570 expansion where one exists.

Where the two leave a gap: `null` and an empty list or object are undefined and send nothing, as in
RFC 6570; a container inside a list or object is sent as JSON text, except under `deepObject`.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from execution_service.domain.wire.percent import encode, encode_name, encode_reserved, literal

Encode = Callable[[str], str]
Write = Callable[[Any], str | None]
"""The characters for a value, or None where the value is undefined and nothing is sent."""


@dataclass(frozen=True, slots=True)
class Style:
    """A row of RFC 6570's appendix A, and the delimiter within one unexploded value."""

    first: str = ""
    separator: str = ","
    named: bool = False
    if_empty: str = ""
    delimiter: str = ","


STYLES = {
    "simple": Style(),
    "label": Style(first=".", separator="."),
    "matrix": Style(first=";", separator=";", named=True),
    "form": Style(separator="&", named=True, if_empty="="),
    "spaceDelimited": Style(separator="&", named=True, if_empty="=", delimiter="%20"),
    "pipeDelimited": Style(separator="&", named=True, if_empty="=", delimiter="%7C"),
    "deepObject": Style(separator="&", named=True, if_empty="="),
    "tabDelimited": Style(separator="&", named=True, if_empty="=", delimiter="%09"),
}
DELIMITERS = {"spaceDelimited": " ", "pipeDelimited": "|", "tabDelimited": "\t"}
"""Of lists in one value where nothing is encoded."""
COOKIE = Style(separator="; ", named=True, if_empty="=")
"""`form` in a cookie: OAS names `&` between exploded values, which no cookie parser splits
at."""


@dataclass(frozen=True, slots=True)
class Encoding:
    """How the texts of a value become characters of the request."""

    value: Encode = encode
    member: Encode = encode
    """Of the names of members that stand in front of an equals sign."""
    name: Encode = encode_name
    """Of the parameter's own name."""


ENCODED = Encoding()
RESERVED = Encoding(encode_reserved)
"""A member's name never keeps reserved characters: `a=b` would become another name."""


def writer(style: Style, name: str, *, explode: bool, encoding: Encoding = ENCODED) -> Write:
    """Compile one parameter's expansion."""
    key = encoding.name(name)
    many = _exploded if explode else _joined

    def write(value: Any) -> str | None:
        if isinstance(value, dict | list):
            text = many(style, key, value, encoding)
        elif value is None:
            return None
        else:
            text = _pair(style, key, encoding.value(literal(value)))
        return None if text is None else style.first + text

    return write


def joined_within(value: Any, delimiters: Sequence[str]) -> Any:
    """A list whose lists are texts, with these delimiters from the outside in; nulls are left out,
    as in lists of one level.
    """
    if not delimiters or not isinstance(value, list):
        return value
    return [_inner_text(item, delimiters) for item in value]


def _inner_text(item: Any, delimiters: Sequence[str]) -> Any:
    if not delimiters or not isinstance(item, list):
        return item
    inner = [_inner_text(each, delimiters[1:]) for each in item if each is not None]
    return delimiters[0].join(map(literal, inner))


def deep_writer(name: str, *, encoding: Encode = encode) -> Write:
    """`deepObject`: `name[member]=value`, brackets encoded; deeper objects nest their brackets.

    OAS defines one level of scalars only. Lists repeat their name, as `form` does.
    """
    key = encode_name(name)

    def write(value: Any) -> str | None:
        return "&".join(f"{k}={v}" for k, v in _deep(key, value, encoding)) or None

    return write


def _joined(
    style: Style, key: str, value: dict[str, Any] | list[Any], encoding: Encoding
) -> str | None:
    texts = _flat(value, encoding.value)
    return _pair(style, key, style.delimiter.join(texts)) if texts else None


def _exploded(
    style: Style, key: str, value: dict[str, Any] | list[Any], encoding: Encoding
) -> str | None:
    if isinstance(value, list):
        pairs = [_pair(style, key, text) for text in _flat(value, encoding.value)]
    else:
        pairs = [
            _member(style, encoding.member(member), encoding.value(literal(item)))
            for member, item in value.items()
            if item is not None
        ]
    return style.separator.join(pairs) if pairs else None


def _flat(value: dict[str, Any] | list[Any], encoding: Encode) -> list[str]:
    if isinstance(value, list):
        return [encoding(literal(item)) for item in value if item is not None]
    defined = [(member, item) for member, item in value.items() if item is not None]
    return [encoding(literal(step)) for pair in defined for step in pair]


def _pair(style: Style, key: str, text: str) -> str:
    if not style.named:
        return text
    return f"{key}={text}" if text else key + style.if_empty


def _member(style: Style, key: str, text: str) -> str:
    return f"{key}={text}" if text or not style.named else key + style.if_empty


def _deep(key: str, value: Any, encoding: Encode) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for member, item in value.items():
            yield from _deep(f"{key}%5B{encode(member)}%5D", item, encoding)
    elif isinstance(value, list):
        for item in value:
            yield from _deep(key, item, encoding)
    elif value is not None:
        yield key, encoding(literal(value))
