"""What the readers of YAML and JSON say, in words of a builder who knows neither."""

import re
from dataclasses import replace

from schema_service.domain.position.lines import place_of
from schema_service.domain.reading.json_reader import Unreadable, ends_early
from schema_service.domain.reading.yaml_line import spaces, width

MAX_SHOWN = 60
_QUOTE = "See whether a quote or a bracket that opens on a line above is closed, too."
_INDENT = (
    "Begin it in the same column as the lines that it belongs with, or deeper than the line that "
    f"it belongs to. {_QUOTE}"
)
_YAML = (
    (
        "did not find expected '-' indicator",
        "it stands in a list, and begins with no dash",
        (
            "Indent it deeper than the dash above it if it belongs to that item; else begin it "
            "with a dash and a space."
        ),
    ),
    ("did not find expected key", "it fits nothing above it", _INDENT),
    ("invalid indentation", "it fits nothing above it", _INDENT),
    ("did not find expected <document start>", "it fits nothing above it", _INDENT),
    (
        "mapping values are not allowed",
        (
            "a colon stands where none may be: the line above may have lost its own, or the text "
            "holds one"
        ),
        (
            "Write each member as a name, a colon, a space and its value; put a text that holds a "
            "colon in quotes."
        ),
    ),
    (
        "illegal placement of ':'",
        "a colon stands where none may be",
        "Write each member as a name, a colon, a space and its value.",
    ),
    (
        "unexpected character",
        "it begins with a character that YAML keeps for itself",
        "Put the text in quotes, or leave out the line if it does not belong to the document.",
    ),
    ("unclosed quote", "a quote opens and is closed nowhere", "Write the closing quote."),
    (
        "simple key expect ':'",
        "the line above it is no member: it has no colon",
        (
            "If that line is a name, write a colon and a space behind it; if it goes on with a "
            "text, indent it deeper than the name of the text."
        ),
    ),
    (
        "could not find expected ':'",
        "no colon stands behind a name",
        "Write a colon and a space behind it.",
    ),
    (
        "did not find expected ',' or",
        "a list or an object in brackets is not closed, or a comma is missing in it",
        "Write a comma between two members, and the closing bracket at the end.",
    ),
    ("tab cannot be used", "it is indented with a tab", "Indent with spaces."),
)
_TAG = re.compile(r"Invalid tag: '([^'\n]*)'?")
_JSON = (
    (
        "no digit after sign",
        "a number begins with + or has a sign without digits",
        "Write the number without +, such as 1 or -1; if it is a text, put it in quotes.",
    ),
    ("expected ':' after key", "no colon stands behind a name", 'Write it as "name": value.'),
    (
        "expected ',' or '}'",
        "the member before this place does not end there",
        (
            "Write a comma between two members; a quote inside a text needs a backslash before it, "
            'as in \\".'
        ),
    ),
    (
        "expected ',' or ']'",
        "the item before this place does not end there",
        (
            "Write a comma between two items; a quote inside a text needs a backslash before it, "
            'as in \\".'
        ),
    ),
    (
        "expected a JSON value",
        "no value begins here",
        "Write a text in quotes, a number, true, false, null, a list in [ ] or members in {{ }}.",
    ),
    ("control character in string", "a quote on this line is not closed", 'Write the closing ".'),
    ("expected a string key", "no name in quotes stands here", 'Write it as "name": value.'),
)


def plain_yaml(why: Unreadable, text: str) -> Unreadable:
    """With the line as it was read, and what to look for; as it is where nothing is known."""
    tag = _TAG.match(why.reason)
    if tag:
        return _tagged(tag[1], text)
    if "simple key expect" in why.reason and why.line is not None and _is_last(why.line, text):
        return ends_early(why.line, why.column or 1)
    known = next((each for each in _YAML if each[0] in why.reason), None)
    if known is None or why.hint:
        return why
    return replace(why, reason=f"{_line(why, text)}{known[1]}", hint=known[2])


def plain_json(why: Unreadable, text: str) -> Unreadable:
    known = next((each for each in _JSON if each[0] in why.reason), None)
    if known is None:
        return why
    return replace(why, reason=f"{known[1]}{_beside(why, text)}", hint=known[2].format())


def _is_last(line: int, text: str) -> bool:
    """Whether no line with anything follows."""
    return not "".join(text.split("\n")[line:]).strip()


def _tagged(tag: str, text: str) -> Unreadable:
    at = text.find(tag)
    line, column = place_of(text, at) if at >= 0 else (None, None)
    reason = f"{tag} is a tag, which names a type of some program and means nothing here"
    return Unreadable(reason, line, column, "Leave the tag out.")


def _line(why: Unreadable, text: str) -> str:
    lines = text.split("\n")
    if why.line is None or not 0 < why.line <= len(lines) or not lines[why.line - 1].strip():
        return ""
    here = lines[why.line - 1]
    shown = here.strip()
    cut = shown if len(shown) <= MAX_SHOWN else f"{shown[:MAX_SHOWN]}…"
    return f"line {why.line}, {cut} (indented by {spaces(width(here))}): "


def _beside(why: Unreadable, text: str) -> str:
    lines = text.split("\n")
    if why.line is None or why.column is None or not 0 < why.line <= len(lines):
        return ""
    here = lines[why.line - 1][: why.column + 20]
    shown = here[max(0, why.column - 21) :].strip()
    return f" (line {why.line}, near {shown})" if shown else ""
