"""Rules whose findings block no call: of the grammar, and about what helps models."""

from schema_service.domain.finding import Rule, Severity

WARNING, NOTE = Severity.WARNING, Severity.NOTE

# The grammar
MEMBER_MISSING = Rule(
    "schema.member_missing",
    WARNING,
    "The specification requires {name} here",
)
MEMBER_UNKNOWN = Rule(
    "schema.member_unknown",
    WARNING,
    "The specification has no {name} here",
    "Correct the name, or begin it with x- if it is your own.",
)
VALUE_OF_WRONG_TYPE = Rule(
    "schema.value_of_wrong_type",
    WARNING,
    "The specification requires this to be of type {types}",
)
VALUE_NOT_ALLOWED = Rule(
    "schema.value_not_allowed",
    WARNING,
    "The specification does not allow this value: {reason}",
)
NOT_TO_SPECIFICATION = Rule(
    "schema.not_to_specification",
    WARNING,
    "This does not follow OpenAPI {dialect}",
)

REFERENCE_BROKEN_ELSEWHERE = Rule(
    "schema.reference_broken_elsewhere",
    WARNING,
    "{what}; no operation needs it to be called",
    "Add what it points to, or correct it.",
)

# Advice
DESCRIPTION_LONG = Rule(
    "schema.description_long",
    WARNING,
    "In path {path}, method {method}, operationId {name}, description has length {length} "
    "exceeding limit of {limit}; models see the beginning",
    "Say first what the operation is for.",
)
PARAMETER_DESCRIPTION_LONG = Rule(
    "schema.parameter_description_long",
    WARNING,
    "Parameter {name} has a description of length {length} exceeding limit of {limit}; "
    "models see the beginning",
)
UNDESCRIBED = Rule(
    "schema.operation_undescribed",
    NOTE,
    "operationId {name} has neither summary nor description; a model has only its name to go by",
)
DEPRECATED = Rule(
    "schema.operation_deprecated",
    NOTE,
    "operationId {name} is deprecated",
)
HIDDEN_CHARACTERS = Rule(
    "schema.hidden_characters",
    WARNING,
    "This text holds {count} characters that nobody sees and a model may read, such as {first}; "
    "models get it without them",
    "Remove them.",
)
CREDENTIAL_PARAMETER = Rule(
    "schema.credential_parameter",
    WARNING,
    "Parameter {name} looks like a credential, and a model would have to know it",
    "Leave it out here and set it in the action's authentication.",
)
SECURITY_SEVERAL = Rule(
    "schema.security_several",
    NOTE,
    "Found multiple security schemes, only 1 is supported for each action: {names}",
)
SCHEMAS_NOT_AN_OBJECT = Rule(
    "schema.components_schemas",
    WARNING,
    "In components section, schemas subsection is not an object",
)
