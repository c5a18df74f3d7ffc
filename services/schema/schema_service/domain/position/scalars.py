"""Numbers, true and false as their characters stand in a text."""

import re

from schema_service.domain.position.members import Spot

_JSON = re.compile(r"[-+0-9.eE]{1,100}+|true|false")
_YAML = re.compile(
    r"(?:[-+.0-9][0-9A-Fa-fox.+_-]{0,100}+|true|True|TRUE|false|False|FALSE)(?=[\s,\]}]|$)",
    re.ASCII,
)
"""YAML 1.2.2, 10.3.2. It is known that a number, true or false stands there."""
_BEFORE = re.compile(r"[ \t\r\n]*(?:&[^\s,\[\]{}]+[ \t\r\n]+)?")
_ALIAS = re.compile(r"[ \t]*\*([^\s,\[\]{}]+)", re.ASCII)


def json_scalar(text: str, spot: Spot) -> str | None:
    found = _JSON.match(text, spot.offset)
    return found[0] if found else None


def yaml_scalar(text: str, spot: Spot) -> str | None:
    """Behind an anchor; of an alias, where the anchor is, the last of that name before it."""
    start = spot.offset
    alias = _ALIAS.match(text, start)
    if alias:
        start = text.rfind(f"&{alias[1]}", 0, start)
    before = _BEFORE.match(text, start) if start >= 0 else None
    found = _YAML.match(text, before.end()) if before else None
    return found[0] if found else None
