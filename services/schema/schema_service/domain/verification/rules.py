"""What openapi-spec-validator finds beyond our own rules. None of it blocks a call."""

from schema_service.domain.finding import Rule, Severity

SCHEMA_INVALID = Rule(
    "schema.schema_invalid",
    Severity.WARNING,
    "This schema does not follow JSON Schema: {reason}",
    "Correct it as the reason says; calls work all the same.",
)
DEFAULT_INVALID = Rule(
    "schema.default_invalid",
    Severity.WARNING,
    "The default does not match its own schema: {reason}",
    "Correct the default, or the schema that it does not match.",
)
REQUIRED_UNDEFINED = Rule(
    "schema.required_undefined",
    Severity.WARNING,
    "Members are required that nothing describes: {reason}",
    "Describe them below properties, or take them out of required.",
)
DOCUMENT_INVALID = Rule(
    "schema.document_invalid",
    Severity.WARNING,
    "This does not follow the specification: {reason}",
    "Correct it as the reason says; calls work all the same.",
)
NOT_VERIFIED = Rule(
    "schema.not_verified",
    Severity.NOTE,
    "This part could not be verified in depth ({reason}); that alone blocks no call",
    "Nothing is to be done.",
)

_RULES = (SCHEMA_INVALID, DEFAULT_INVALID, REQUIRED_UNDEFINED, DOCUMENT_INVALID, NOT_VERIFIED)
VERIFIED = frozenset(rule.code for rule in _RULES)
"""Codes of the deep verification's findings."""
