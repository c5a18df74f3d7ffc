"""Objects as application/x-www-form-urlencoded: a body, or a whole query (OAS 3.2, 4.12.1)."""

from collections.abc import Mapping
from functools import partial
from typing import Any
from urllib.parse import parse_qsl, unquote

from contracts.operation import PropertyEncoding
from execution_service.domain.arguments.exact_json import write_json
from execution_service.domain.arguments.integers import NO_INTEGERS, Integers, written
from execution_service.domain.wire.member_names import NO_NAMES, MemberNames
from execution_service.domain.wire.percent import encode, encode_name, literal
from execution_service.domain.wire.style import (
    ENCODED,
    RESERVED,
    STYLES,
    Write,
    deep_writer,
    writer,
)

FORM = "application/x-www-form-urlencoded"
_DEFAULT = PropertyEncoding()


def form_text(
    members: Mapping[str, Any],
    encoding: Mapping[str, PropertyEncoding],
    integers: Integers = NO_INTEGERS,
    names: MemberNames = NO_NAMES,
) -> str:
    """Raises BodyRefused where a member of an exploded object has the name of another property."""
    texts = {
        name: text
        for name, value in members.items()
        if (text := _text(name, value, encoding.get(name, _DEFAULT), integers.member(name)))
    }
    for name, value in members.items():
        if isinstance(value, dict) and name in texts:
            written = [unquote(pair.partition("=")[0]) for pair in texts[name].split("&")]
            names.check(name, written, texts)
    return "&".join(texts.values())


def querystring_writer(content_type: str, encoding: Mapping[str, PropertyEncoding]) -> Write:
    """The query as the one value of this media type."""
    essence = content_type.partition(";")[0].strip().lower()
    if essence == FORM:
        return partial(_form_query, encoding)
    if essence.endswith(("/json", "+json")):
        return lambda value: encode(write_json(value).decode())
    return lambda value: encode(literal(value))


def _form_query(encoding: Mapping[str, PropertyEncoding], value: Any) -> str:
    if isinstance(value, dict):
        return form_text(value, encoding)
    pairs = parse_qsl(literal(value), keep_blank_values=True)  # the caller encoded it, perhaps
    return "&".join(f"{encode_name(name)}={encode(text)}" for name, text in pairs)


def _text(
    name: str, value: Any, encoding: PropertyEncoding, integers: Integers | None
) -> str | None:
    """An explicit style wins; without one, objects are JSON and lists repeat their name.

    OAS 4.8.15.1.2 and 4.8.14.4.
    """
    styled = encoding.style is not None or encoding.explode is not None
    as_json = "json" in (encoding.content_type or "").lower() or isinstance(value, dict)
    if as_json and not styled:
        return f"{encode_name(name)}={encode(write_json(value).decode())}"
    return _styled(name, encoding)(written(integers, value))


def _styled(name: str, encoding: PropertyEncoding) -> Write:
    style = encoding.style or "form"
    kept = RESERVED if encoding.allow_reserved else ENCODED
    if style == "deepObject":
        return deep_writer(name, encoding=kept.value)
    explode = encoding.explode if encoding.explode is not None else style == "form"
    return writer(STYLES.get(style, STYLES["form"]), name, explode=explode, encoding=kept)
