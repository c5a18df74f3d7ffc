"""What reading a text can find."""

from schema_service.domain.finding import Rule, Severity

UNPARSABLE = Rule(
    "schema.unparsable",
    Severity.ERROR,
    "Could not parse valid OpenAPI spec: {reason}",
    "Correct the text there, or paste the whole document again.",
)
NOT_STRICT_JSON = Rule(
    "schema.json_not_strict",
    Severity.WARNING,
    "This is not quite JSON ({reason}); it was read as YAML, which allows it",
)
DUPLICATE_KEY = Rule(
    "schema.duplicate_key",
    Severity.ERROR,
    "{key} stands twice in the same object; only the last one counts",
    "Remove or rename one of them.",
)
KEY_NOT_TEXT = Rule(
    "schema.key_not_text",
    Severity.NOTE,
    "{count} keys such as {key} are not quoted, so that YAML takes them for something else than "
    "text; they were read as text",
)
MERGE_KEY = Rule(
    "schema.merge_key",
    Severity.NOTE,
    "<< is a merge key of YAML 1.1; its members were copied here",
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
)
SELF_ALIAS = Rule(
    "schema.alias_cycle",
    Severity.ERROR,
    "The alias *{name} stands inside the very value it repeats; it was read as null",
    "Write the recursion as a $ref.",
)
