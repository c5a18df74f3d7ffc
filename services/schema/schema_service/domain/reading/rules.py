"""What reading a text can find."""

from schema_service.domain.finding import Finding, Rule, Severity
from schema_service.domain.reading.json_reader import Unreadable

UNPARSABLE = Rule(
    "schema.unparsable",
    Severity.ERROR,
    "Could not parse valid OpenAPI spec: {reason}",
    "{hint}",
)
NOT_STRICT_JSON = Rule(
    "schema.json_not_strict",
    Severity.WARNING,
    "This is not quite JSON: {reason}; it was read all the same",
    "Write it as JSON has it: other programs that read this document may refuse it.",
)
DUPLICATE_KEY = Rule(
    "schema.duplicate_key",
    Severity.ERROR,
    "{key} stands twice in the same object, on {lines}; only the last one counts",
    "Remove or rename one of them.",
)
KEY_WITHOUT_SPACE = Rule(
    "schema.key_without_space",
    Severity.ERROR,
    "This was read as a key named {key}, because no space stands behind the colon of {meant}",
    "Write a space behind the colon: {meant}: …",
)
REFERENCE_AS_COMMENT = Rule(
    "schema.reference_as_comment",
    Severity.ERROR,
    "This $ref is empty: without quotes, # begins a comment in YAML, and {reference} is one",
    'Put it in quotes: $ref: "{reference}"',
)
TEXT_CUT_AT_COMMENT = Rule(
    "schema.text_cut_at_comment",
    Severity.NOTE,
    "This {name} ends before {rest}: without quotes, # begins a comment in YAML",
    "Put the whole text in quotes, if it goes on; write a space behind the # of a comment.",
)
TEXT_CUT_AT_COMMA = Rule(
    "schema.text_cut_at_comma",
    Severity.WARNING,
    "This {name} ends before the comma: in braces it ends a text without quotes, and {rest} was "
    "read as something of its own beside it",
    "Put the whole text in quotes.",
)
TEXT_NOT_INDENTED = Rule(
    "schema.text_not_indented",
    Severity.ERROR,
    "This was read as members: {reason}",
    "{hint}",
)
MARK_BEHIND_VALUE = Rule(
    "schema.mark_behind_value",
    Severity.WARNING,
    "This value was read as {found}, with the {mark} at its end",
    "Write {meant}: in YAML no {mark} stands behind a value.",
)
PATHS_AT_MARGIN = Rule(
    "schema.paths_at_margin",
    Severity.ERROR,
    "{path} begins in the same column as paths, so that paths is empty and nothing can be called",
    "Indent {path}, and all that belongs to it, by two spaces more.",
)
MEMBERS_READ_AS_TEXT = Rule(
    "schema.members_read_as_text",
    Severity.ERROR,
    "This was read as a text, {text}, because no space stands behind the colon of {meant}",
    "Write a space behind the colon: {meant}: …",
)
DASH_WITHOUT_SPACE = Rule(
    "schema.dash_without_space",
    Severity.ERROR,
    "This was read as a key named {key}, because no space stands behind its dash",
    "Write a space behind the dash, {meant}, and begin the item's other lines below its first "
    "letter.",
)
LOOK_ALIKE = Rule(
    "schema.look_alike",
    Severity.WARNING,
    "This text holds characters that only look like those of YAML, and was read as it is: {reason}",
    "{hint}",
)
TAG_UNKNOWN = Rule(
    "schema.tag_unknown",
    Severity.WARNING,
    "{tag} is a tag of YAML that means nothing here; the value was read without it",
    "Leave the tag out, or put the text in quotes if {tag} is a part of it.",
)
NUL = Rule(
    "schema.nul_character",
    Severity.WARNING,
    "This text holds a NUL character (U+0000), which nobody sees and many programs refuse",
    "Remove it.",
)
KEY_NOT_TEXT = Rule(
    "schema.key_not_text",
    Severity.NOTE,
    "{keys} not quoted, so that YAML takes them for something else than text; they were read as "
    "text",
    "Put them in quotes.",
)
MERGE_KEY = Rule(
    "schema.merge_key",
    Severity.NOTE,
    "<< is a merge key of YAML 1.1; its members were copied here",
    "Nothing is to be done; other programs may want the members written out.",
)
NUMBER_TOO_LARGE = Rule(
    "schema.number_not_json",
    Severity.WARNING,
    "This number is infinite, undefined or too large for JSON; it was replaced",
    "Write a number that JSON has.",
)
NOT_JSON = Rule(
    "schema.value_not_json",
    Severity.WARNING,
    "JSON has no such value; it was read as text or as a list",
    "Write a text, a number, a list or an object.",
)
SELF_ALIAS = Rule(
    "schema.alias_cycle",
    Severity.ERROR,
    "The alias *{name} stands inside the very value it repeats; it was read as null",
    "Write the recursion as a $ref.",
)


DEFAULT_HINT = "Correct the text at that place, and look at the line above it, too."


def unparsable(why: Unreadable, hint: str = DEFAULT_HINT) -> Finding:
    """Why no document could be read from a text, and what to do about it."""
    return UNPARSABLE.at("", reason=why.reason, hint=why.hint or hint).placed(why.line, why.column)
