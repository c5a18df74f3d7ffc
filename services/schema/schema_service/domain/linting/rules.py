"""Rules whose findings block no call by themselves: of the grammar, and about what helps models."""

from schema_service.domain.finding import Rule, Severity

ERROR, WARNING, NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE

# The grammar
MEMBER_MISSING = Rule(
    "schema.member_missing",
    WARNING,
    "The specification requires {name} here",
    "Add it; calls work without.",
)
MEMBER_UNKNOWN = Rule(
    "schema.member_unknown",
    WARNING,
    "The specification has no {name} here",
    "{hint}",
)
MEMBER_MISSPELT = Rule(
    "schema.member_misspelt",
    WARNING,
    "OpenAPI has no {name} here, so that what stands in it is not used; it has {meant}",
    "{hint}",
)
MEMBER_MISPLACED = Rule(
    "schema.member_misplaced",
    ERROR,
    "{name} stands {where}, where nothing reads it, so that what it says is lost",
    "{hint}",
)
CONSEQUENTIAL_MISSPELT = Rule(
    "schema.consequential_misspelt",
    WARNING,
    "{name} is not read, so that it does not decide whether a call asks the user first; the name "
    "for that is x-openai-isConsequential",
    "Write x-openai-isConsequential: {value}, in these very letters.",
)
CONSEQUENTIAL_MISPLACED = Rule(
    "schema.consequential_misplaced",
    WARNING,
    "{name} stands {place}, where nothing reads it: whether a call asks the user first is said at "
    "each operation by itself",
    "Write x-openai-isConsequential: {value} in each operation that it is meant for, such as below "
    "get or post, beside operationId.",
)
OPERATION_ID_MARK = Rule(
    "schema.operation_id_mark",
    NOTE,
    "The operationId {found} ends with {mark}, which models do not see in its name",
    "Write operationId: {meant}. In YAML no comma stands behind a value.",
)
REQUIRED_MISSPELT = Rule(
    "schema.required_misspelt",
    WARNING,
    "required names {name}, and no property is called so; one is called {meant}",
    "Write {meant} in required, if that was meant: as it stands, each call has to give {name}.",
)
REQUIRED_UNDESCRIBED = Rule(
    "schema.required_undescribed",
    NOTE,
    "required names {name}, and no property is called so: it has to be there, and nothing says "
    "what it is",
    "Describe {name} below properties, or leave it out of required.",
)
VALUE_OF_WRONG_TYPE = Rule(
    "schema.value_of_wrong_type",
    WARNING,
    "The specification wants {types} here, and this is {found}",
    "{hint}",
)
VALUE_NOT_ALLOWED = Rule(
    "schema.value_not_allowed",
    WARNING,
    "The specification does not allow {value} here: {reason}",
    "{hint}",
)
TYPES_IN_A_LIST = Rule(
    "schema.types_in_a_list",
    WARNING,
    "OpenAPI {dialect} has no lists of types, which came with 3.1; this one was read as there",
    "{hint}",
)
NOT_TO_SPECIFICATION = Rule(
    "schema.not_to_specification",
    WARNING,
    "This does not follow OpenAPI {dialect}: {reason}",
    "{hint}",
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
    "Say first what the value is and how it must look.",
)
UNDESCRIBED = Rule(
    "schema.operation_undescribed",
    NOTE,
    "operationId {name} has neither summary nor description; a model has only its name to go by",
    "Say in summary what it does and when to call it.",
)
DEPRECATED = Rule(
    "schema.operation_deprecated",
    NOTE,
    "operationId {name} is deprecated; models may call it all the same",
    "Leave it out of the action, if another operation took its place.",
)
HIDDEN_CHARACTERS = Rule(
    "schema.hidden_characters",
    WARNING,
    "This text holds {count} that nobody sees and a model may read: {codes}; "
    "models get it without them",
    "Remove them, and read the text again: somebody may have hidden words in it.",
)
HIDDEN_IN_NAME = Rule(
    "schema.hidden_in_name",
    WARNING,
    "This {what} holds {count} that nobody sees: {codes}; {used}",
    "Remove them, unless the API itself has them there.",
)
CREDENTIAL_PARAMETER = Rule(
    "schema.credential_parameter",
    WARNING,
    "Parameter {name} looks like a credential, and a model would have to know it",
    "Leave it out here and set it in the action's authentication.",
)
WHITE_SPACE = Rule(
    "schema.white_space",
    WARNING,
    "{name} has white space around it, {effect}",
    "Remove it.",
)
NOT_READ = Rule(
    "schema.not_read",
    NOTE,
    "{name} is not read here: {why}",
    "{hint}",
)
RESPONSES_MISSING = Rule(
    "schema.responses_missing",
    WARNING,
    "operationId {name} describes no answer; calls work without",
    'Describe at least one below responses: "200" with a description, and the schema of what it '
    "returns if there is one.",
)
STATUS_UNKNOWN = Rule(
    "schema.status_unknown",
    WARNING,
    "{found} is no status of an answer; calls work all the same",
    "{hint}",
)
SECURITY_SEVERAL = Rule(
    "schema.security_several",
    NOTE,
    "Found multiple security schemes, only 1 is supported for each action: {names}",
    "Choose one of them in the action's authentication.",
)
SECURITY_TOGETHER = Rule(
    "schema.security_together",
    NOTE,
    "Calls need {names} together",
    "{hint}",
)
SCHEMAS_NOT_AN_OBJECT = Rule(
    "schema.components_schemas",
    WARNING,
    "In components section, schemas subsection is not an object",
    "Write each schema below its own name: schemas: {{Pet: {{type: object}}}}.",
)
