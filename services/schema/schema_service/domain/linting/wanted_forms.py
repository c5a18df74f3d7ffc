"""What a value must look like, in words of a builder who does not know JSON Schema."""

import re
from typing import Any

FLAGS_LEFT_OUT = frozenset({"allowEmptyValue", "allowReserved", "explode", "nullable", "required"})
"""Members that count as left out where their value is neither true nor false."""
TYPE_WORDS = {
    "array": "a list",
    "boolean": "true or false",
    "integer": "a whole number",
    "null": "null",
    "number": "a number",
    "object": "an object",
    "string": "a text",
}
"""JSON Schema's types (2020-12, 6.1.1)."""
_FLAGS = {"true": True, "yes": True, "on": True, "1": True} | {
    "false": False,
    "no": False,
    "off": False,
    "0": False,
}
_WHOLE = re.compile(r"-?[0-9]{1,15}")
"""As many digits as JSON readers keep exactly (RFC 8259, 6)."""
_DECIMAL = re.compile(r"[-+]?(?:[0-9]{1,15}\.?[0-9]{0,15}|\.[0-9]{1,15})")
_FORMS = {
    "^/": "it must begin with a slash",
    "^[^{} /?\\\\]+$": "it may hold no spaces, slashes, braces and question marks",
    "^[a-zA-Z0-9._-]+$": "it may hold only letters, digits, full stops, hyphens and underscores",
    "^3\\.0\\.\\d(-.+)?$": "it must be a version such as 3.0.3",
    "^3\\.1\\.\\d+(-.+)?$": "it must be a version such as 3.1.0",
    "^3\\.2\\.\\d+(-.+)?$": "it must be a version such as 3.2.0",
}
_FORMATS = {
    "uri": "it must be a URL such as https://example.com",
    "uri-reference": "it must be a URL such as https://example.com, without spaces",
    "iri": "it must be a URL such as https://example.com",
    "email": "it must be an address such as name@example.com",
    "regex": "it must be a regular expression, and this one cannot be read",
    "media-range": "it must be a media type such as application/json",
}


def as_wanted(found: Any, types: list[str], written: str | None) -> Any:
    """The same in another form: in or without quotes, in a list; None where it takes more.

    `written` are a number's own characters: 007 becomes "007", and 1.10 becomes "1.10".
    """
    if types == ["string"] and type(found) in (int, bool, float):
        plain = None if type(found) is float else str(found).lower()
        return written or plain
    if types == ["boolean"] and isinstance(found, str | int | float):
        return _FLAGS.get(str(found).strip().lower())
    if types == ["array"] and isinstance(found, str) and found.strip():
        return [found]
    if types in (["integer"], ["number"]) and isinstance(found, str):
        return _number(found, types[0])
    return None


def _number(text: str, kind: str) -> int | float | None:
    plain = text.strip()
    if _WHOLE.fullmatch(plain):
        return int(plain)
    return float(plain) if kind == "number" and _DECIMAL.fullmatch(plain) else None


def how_to_write(name: str, types: list[str]) -> str:
    """A sentence that says it, with an example of the first of the types."""
    shown = f"{name}: " if name else ""
    examples = {
        "array": f"a list: {shown}[…], or one item a line, each behind a dash",
        "boolean": f"{shown}true or {shown}false, without quotes",
        "integer": f"a whole number without quotes: {shown}1",
        "number": f"a number without quotes: {shown}1",
        "object": f"{shown or 'its name '}and the members on lines below it, indented deeper",
        "string": f'a text in quotes: {shown}"…"',
    }
    ways = [examples[each] for each in types if each in examples]
    return f"Write {'; or '.join(ways)}." if ways else "Leave it out."


def form_wanted(kind: Any, said: str) -> str:
    """Of a pattern or a format of the specification's schema; else what its validator said."""
    pattern, form = getattr(kind, "pattern", None), getattr(kind, "format", None)
    if pattern is not None:
        return _FORMS.get(pattern, f"it must have the form {pattern}")
    return _FORMATS.get(str(form), said)
