"""The Format button: the same document, laid out anew. What cannot be read is left alone."""

import io
import re

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from kit.sizes import MIB
from schema_service.domain.reading.read_document import read_document
from schema_service.domain.reading.reading import Reading, Syntax

INDENT = 2
WIDTH = 120
MAX_YAML_BYTES = MIB
"""Laying out YAML takes a second for each megabyte and a half; larger texts are left alone."""

_PIECE = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"|[\[\]{},:]|[^\s\[\]{},:"]+', re.DOTALL)


def formatted(text: str) -> str:
    """JSON with its numbers and repeated keys as they are; YAML with comments, order and quotes."""
    reading = read_document(text)
    if reading.document is None:
        return text
    if reading.syntax is Syntax.JSON:
        return _json(reading.text)
    if len(reading.raw) > MAX_YAML_BYTES:
        return text
    return _yaml(reading) or text


def _json(text: str) -> str:
    pieces: list[str] = []
    depth, previous = 0, ""
    for piece in _PIECE.findall(text):
        if piece in "}]":
            depth -= 1
            pieces.append("" if previous in ("{", "[") else _line(depth))
        elif previous in ("{", "[", ","):
            pieces.append(_line(depth))
        pieces.append(f"{piece} " if piece == ":" else piece)
        depth += piece in ("{", "[")
        previous = piece
    return "".join(pieces) + "\n"


def _line(depth: int) -> str:
    return "\n" + " " * (INDENT * depth)


def _yaml(reading: Reading) -> str | None:
    """None where the new text would not read as the same document."""
    layout = YAML()
    layout.preserve_quotes = True
    layout.width = WIDTH
    layout.allow_duplicate_keys = True
    layout.indent(mapping=INDENT, sequence=2 * INDENT, offset=INDENT)
    out = io.StringIO()
    try:
        layout.dump(layout.load(reading.text), out)
    except (YAMLError, ValueError, TypeError, AttributeError, KeyError, RecursionError):
        return None
    again = read_document(out.getvalue())
    return out.getvalue() if again.document == reading.document else None
