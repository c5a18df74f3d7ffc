"""What openapi-spec-validator finds beyond our own rules. None of it blocks a call."""

from schema_service.domain.finding import Rule, Severity

SCHEMA_INVALID = Rule(
    "schema.schema_invalid",
    Severity.WARNING,
    "This schema does not follow JSON Schema: {reason}",
)
DEFAULT_INVALID = Rule(
    "schema.default_invalid",
    Severity.WARNING,
    "The default does not match its own schema: {reason}",
)
REQUIRED_UNDEFINED = Rule(
    "schema.required_undefined",
    Severity.WARNING,
    "Members are required that nothing describes: {reason}",
)
DOCUMENT_INVALID = Rule(
    "schema.document_invalid",
    Severity.WARNING,
    "This does not follow the specification: {reason}",
)
NOT_VERIFIED = Rule(
    "schema.not_verified",
    Severity.NOTE,
    "This part could not be verified in depth ({reason}); that alone blocks no call",
)
