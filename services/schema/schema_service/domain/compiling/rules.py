"""What compiling a document's operations can find.

Where the original has a message for it, ours begins with those words.
"""

from schema_service.domain.finding import Rule, Severity

ERROR, WARNING, NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE

# The document as a whole
VERSION_MISSING = Rule(
    "schema.version_missing",
    ERROR,
    "The document does not say which version of OpenAPI it follows; it was read as {version}",
    'Begin it with "openapi": "3.1.0".',
)
VERSION_UNKNOWN = Rule(
    "schema.version_unknown",
    ERROR,
    "Version {found} of OpenAPI is not known here; it was read as {version}",
    "Write openapi: 3.1.0, or the version that it follows: 2.0, 3.0, 3.1 and 3.2 are known.",
)
VERSION_AT_OTHER_KEY = Rule(
    "schema.version_at_other_key",
    ERROR,
    "The document begins with {key}: {found}; version {found} is written as {own}: {found}",
    "Write {own} in the place of {key}.",
)
WRITTEN_AS_OPENAPI = Rule(
    "schema.written_as_openapi_3",
    ERROR,
    "The document begins with swagger: {found}, but is written as OpenAPI 3: it has {members}, "
    "which Swagger 2.0 has not; it was read as OpenAPI {version}",
    "Write openapi: {full} in the place of swagger: {found}.",
)
SWAGGER_CONVERTED = Rule(
    "schema.swagger_converted",
    NOTE,
    "This is a Swagger 2.0 document; its operations were converted to OpenAPI 3.1",
    "Nothing is to be done; a new document is better written in OpenAPI 3.1.",
)
PATHS_MISSING = Rule(
    "schema.paths_missing",
    ERROR,
    "No paths found in the OpenAPI spec",
    "Describe at least one operation under paths.",
)
WRONG_TYPE = Rule(
    "schema.wrong_type",
    ERROR,
    "{name} must be {wanted}; it was left out",
    "{hint}",
)

OPERATIONS_TOO_MANY = Rule(
    "schema.operations_too_many",
    ERROR,
    "The document describes more operations or parameters than can be handled; "
    "only the first {limit} operations are listed",
    "Leave out what no model needs, or split the document.",
)

# References
REFERENCE_DANGLING = Rule(
    "schema.reference_dangling",
    ERROR,
    "Reference to unknown component {reference}",
    "Add what it points to below components, or correct the name.",
)
REFERENCE_REMOTE = Rule(
    "schema.reference_remote",
    ERROR,
    "{reference} points out of this document; nothing is fetched for a reference",
    "{way}",
)
REFERENCE_MISSPELT = Rule(
    "schema.reference_misspelt",
    ERROR,
    "Reference {reference} leads nowhere; {meant} is in this document, and is probably meant",
    "Write {meant}, or correct it otherwise.",
)
REFERENCE_NOT_TEXT = Rule(
    "schema.reference_not_text",
    ERROR,
    "$ref must be a text that says where something is, such as #/components/schemas/Pet, "
    "and here it is {reference}",
    "Write where the component is.",
)
REFERENCE_TO_DOCUMENT = Rule(
    "schema.reference_to_document",
    ERROR,
    'Reference "{reference}" names the whole document and none of its components',
    "Write where the component is, such as #/components/schemas/Pet.",
)
REFERENCE_CYCLE = Rule(
    "schema.reference_cycle",
    ERROR,
    "{reference} leads back to itself and never to a value",
    "Point it at a real component.",
)

# Names
OPERATION_ID_MISSING = Rule(
    "schema.operation_id_missing",
    WARNING,
    "In path {path}, method {method} is missing operationId; it is called {name} here",
    "Give it a name that says what it does: the model chooses by it.",
)
OPERATION_ID_NOT_TEXT = Rule(
    "schema.operation_id_not_text",
    WARNING,
    "operationId {found} is no text; the operation is called {name} here",
    "Write it in quotes, or give it a name that says what it does: the model chooses by it.",
)
OPERATION_ID_REPEATED = Rule(
    "schema.operation_id_repeated",
    ERROR,
    "operationId {found} is used before; this one is called {name} here",
    "Give each operation a name of its own.",
)
OPERATION_ID_SHARED = Rule(
    "schema.operation_id_shared",
    NOTE,
    "operationId {found} belongs to several paths that share one path item; "
    "here it is called {name}",
    "Give each path a path item of its own, if its operations are to have their own names.",
)
OPERATION_ID_LONG = Rule(
    "schema.operation_id_long",
    NOTE,
    "operationId {found} is longer than 64 characters; models see it as {name}",
    "Choose up to 64 letters, digits, - and _, if models are to see all of it.",
)
OPERATION_RENAMED = Rule(
    "schema.operation_renamed",
    NOTE,
    "operationId {found} has letters that names for models may not have; models see it as {name}, "
    "and {found} in its description",
    "Nothing needs to change; an operationId of English letters and digits is shown as it is.",
)
ARGUMENT_RENAMED = Rule(
    "schema.argument_renamed",
    NOTE,
    "{found} has letters that names for models may not have; models see it as {name}, and {found} "
    "in its description",
    "Nothing needs to change: the API is sent the name that the document has.",
)

OPERATION_ID_TOO_LONG = Rule(
    "schema.operation_id_too_long",
    ERROR,
    "operationId {found} has {length} characters; it may have {limit}",
    "Give the operation a short name that says what it does.",
)

# Parameters
PARAMETER_BROKEN = Rule(
    "schema.parameter_broken",
    ERROR,
    "In path {path}, method {method}, parameter {name} has missing or non-string name or "
    "location; skipping function due to errors",
    "Give it a name, and in: query, path, header or cookie.",
)
PARAMETER_REPEATED = Rule(
    "schema.parameter_repeated",
    WARNING,
    "In path {path}, method {method}, parameter {name} is duplicated; the first one counts",
    "Remove one of them.",
)
PARAMETER_RESERVED = Rule(
    "schema.parameter_reserved",
    WARNING,
    "Parameter {name} has location {location}; ignoring: this header is set by the platform, "
    "never by a model",
    "{way}",
)
PARAMETER_IS_CREDENTIAL = Rule(
    "schema.parameter_is_credential",
    NOTE,
    "Parameter {name} carries the credential that the document's security describes; "
    "it comes from the action's authentication, never from a model",
    "Set it in the action's authentication.",
)
PARAMETER_UNSUPPORTED = Rule(
    "schema.parameter_unsupported",
    ERROR,
    "Parameter {name} has location {location}, which cannot be sent",
    "The locations are query, path, header and cookie; a body goes into requestBody.",
)
PARAMETER_LEFT_OUT = Rule(
    "schema.parameter_left_out",
    WARNING,
    "Parameter {name} has location {location}, which cannot be sent; ignoring",
    "The locations are query, path, header and cookie; a body goes into requestBody.",
)
PARAMETER_MAKES_BODY = Rule(
    "schema.parameter_makes_body",
    WARNING,
    "Parameter {name} has location {location}, as in Swagger 2.0; it was made the request body",
    "Since OpenAPI 3.0 a body is described in requestBody, with its media type.",
)
HEADER_NAME_INVALID = Rule(
    "schema.header_name_invalid",
    ERROR,
    "Parameter {name} has location header, and its name is not a header name",
    "Write letters, digits and hyphens, such as X-Api-Version.",
)
HEADER_NAME_LEFT_OUT = Rule(
    "schema.header_name_left_out",
    WARNING,
    "Parameter {name} has location header, and its name is not a header name; ignoring",
    "Write letters, digits and hyphens, such as X-Api-Version.",
)
PATH_PARAMETER_UNDECLARED = Rule(
    "schema.path_parameter_undeclared",
    WARNING,
    "In path {path}, method {method}, {{{name}}} is not described; it was taken for a text",
    "Describe it under parameters, with in: path and required: true.",
)
PATH_PARAMETER_UNUSED = Rule(
    "schema.path_parameter_unused",
    WARNING,
    "Path parameter {name} does not occur in path {path}; ignoring",
    "Write {{{name}}} into the path, or remove the parameter.",
)
PATH_PARAMETER_MISSPELT = Rule(
    "schema.path_parameter_misspelt",
    WARNING,
    "Path parameter {name} does not occur in path {path}, and {{{meant}}} does: it was taken for "
    "that",
    "Write {meant} as its name, in these very letters.",
)
PATH_PARAMETER_OPTIONAL = Rule(
    "schema.path_parameter_optional",
    WARNING,
    "Path parameter {name} must be required; it was taken so",
    "Write required: true.",
)
STYLE_UNKNOWN = Rule(
    "schema.style_unknown",
    WARNING,
    "Style {style} does not exist for a {location} parameter; {used} is used",
    "Write style: {used}, or leave style out.",
)
COLLECTION_FORMAT_UNFIT = Rule(
    "schema.collection_format_unfit",
    WARNING,
    "collectionFormat {found} is not sent in a {location}; items are sent with commas between "
    "them (csv)",
    "Ask the API for another way to give this list: csv, ssv and pipes are sent as they are "
    "written.",
)
CONTENT_AS_JSON = Rule(
    "schema.content_as_json",
    WARNING,
    "Parameter {name} may be an object or a list, and is to be {media_type}; here it is sent as "
    "JSON text",
    "Check that the API reads JSON there, or describe the parameter with type: string, so that "
    "whoever calls writes the text.",
)
STYLE_UNDEFINED = Rule(
    "schema.style_undefined",
    WARNING,
    "{what} {name} may be {value}, and OpenAPI does not say how style {style} writes that; "
    "here {sent}",
    "Check that the API reads it so, or {instead}.",
)

# Servers

# Security and switches
SECURITY_UNKNOWN = Rule(
    "schema.security_unknown",
    WARNING,
    "Security scheme {name} is not described in the document",
    "Describe it below components.securitySchemes (Swagger 2.0: securityDefinitions), or "
    "correct the name.",
)
SECURITY_TOO_LONG = Rule(
    "schema.security_too_long",
    WARNING,
    "{count} security schemes are listed here, and the first {limit} count",
    "Name only those with which calls sign in.",
)
CONSEQUENTIAL_NOT_BOOLEAN = Rule(
    "schema.consequential_not_boolean",
    WARNING,
    "x-openai-isConsequential must be true or false, without quotes; until then each call asks",
    "Write true where a call changes something and needs consent, else false.",
)

# Schemas
KEYWORD_IGNORED = Rule(
    "schema.keyword_ignored",
    WARNING,
    "{keyword} must be {wanted}; it was ignored",
    "Write {wanted}, or leave it out.",
)
TYPE_UNKNOWN = Rule(
    "schema.type_unknown",
    WARNING,
    "{found} is no type of JSON Schema; it was taken for {used}",
    "The types are string, number, integer, boolean, array, object and null.",
)
TYPE_FILE = Rule(
    "schema.type_file",
    WARNING,
    "{found} is no type of JSON Schema; it was taken for a file: a string of format binary",
    "Write type: string and format: binary.",
)
REQUIRED_MISPLACED = Rule(
    "schema.required_misplaced",
    WARNING,
    "required stands at {name} itself and was ignored; which members an object needs is listed "
    "beside its properties",
    "Put {name} into the list `required` of the object.",
)
PARAMETER_REQUIRED_MISPLACED = Rule(
    "schema.parameter_required_misplaced",
    WARNING,
    "required stands in a schema, where it is a list of names, and was ignored; whether a "
    "parameter is needed is said beside its name",
    "Put `required: true` beside the parameter's name.",
)
BODY_REQUIRED_MISPLACED = Rule(
    "schema.body_required_misplaced",
    WARNING,
    "required stands in a body's schema, where it is a list of names, and was ignored; whether a "
    "request needs its body is said beside content",
    "Put `required: true` beside content, or leave it out of the schema of an answer.",
)
ENUM_OF_OTHER_TYPE = Rule(
    "schema.enum_of_other_type",
    WARNING,
    "{value} is not of type {kind}; it was read as {read}",
    "Write texts in quotes, and numbers, true and false without.",
)
ENUM_VALUE_LOST = Rule(
    "schema.enum_value_lost",
    WARNING,
    "{value} cannot be of type {kind}, so it can never be given; it was left out",
    "Correct the value, or the type.",
)
ENUM_TYPE_IGNORED = Rule(
    "schema.enum_type_ignored",
    WARNING,
    "None of the values that may be given, such as {first}, is of type {kind}; the type was "
    "ignored",
    "Correct the type, or the values.",
)
ENUM_OF_ITEMS = Rule(
    "schema.enum_of_items",
    WARNING,
    "These values are no lists, though the type is array; they were taken for what each item may "
    "be",
    "Put enum into items.",
)
DISCRIMINATOR_MAPPING = Rule(
    "schema.discriminator_mapping",
    WARNING,
    "The discriminator's value {value} stands for {reference}, which leads nowhere",
    "Write where the schema is, such as #/components/schemas/Cat.",
)
DISCRIMINATOR_DEFAULT = Rule(
    "schema.discriminator_default",
    WARNING,
    "defaultMapping, for values that the mapping does not have, is {reference}, which leads "
    "nowhere; it is left out",
    DISCRIMINATOR_MAPPING.hint,
)
PATTERN_UNSUPPORTED = Rule(
    "schema.pattern_unsupported",
    WARNING,
    "This pattern cannot be used safely: {reason}; values are not checked against it",
    "Write it without look-ahead and back references, or say in description how values look.",
)
ITEMS_MISSING = Rule(
    "schema.items_missing",
    NOTE,
    "array schema missing items; models see that any item is accepted",
    "Say below items what the list holds.",
)
SCHEMA_DEEP = Rule(
    "schema.schema_deep",
    NOTE,
    "This schema is nested deeper than values are checked; below, any value will do",
    "Flatten it, if values below are to be checked.",
)
ARGUMENTS_CUT = Rule(
    "schema.arguments_cut",
    NOTE,
    "The arguments of this operation take more than {size} to describe; beyond that, "
    "values of {name} are not checked",
    "Leave out what no model fills in.",
)
