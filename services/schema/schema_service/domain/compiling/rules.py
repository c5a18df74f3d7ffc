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
    "2.0, 3.0, 3.1 and 3.2 are.",
)
SWAGGER_CONVERTED = Rule(
    "schema.swagger_converted",
    NOTE,
    "This is a Swagger 2.0 document; its operations were converted to OpenAPI 3.1",
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
)

# Paths and methods
PATH_WITHOUT_SLASH = Rule(
    "schema.path_without_slash",
    WARNING,
    "Path {path} does not begin with a slash; one was put before it",
)
PATH_NOT_PLAIN = Rule(
    "schema.path_not_plain",
    WARNING,
    "Path {path} has a query or a fragment; the query is sent with every call, the fragment never",
    "Describe what follows the ? as query parameters.",
)
PATH_QUERY_OPEN = Rule(
    "schema.path_query_open",
    ERROR,
    "Path {path} has a template amid other text in its query, which no call can match",
    "Describe what follows the ? as query parameters.",
)
PATH_LEADS_ELSEWHERE = Rule(
    "schema.path_leads_elsewhere",
    ERROR,
    "Path {path} holds a dot segment or a control character, so servers read it as another one",
    "Write the path, and the server's, as they are to be read.",
)
METHOD_UNKNOWN = Rule(
    "schema.method_unknown",
    WARNING,
    "Path {path} has unrecognized method {method}; skipping",
    "Only GET, PUT, POST, DELETE, OPTIONS, HEAD, PATCH and QUERY can be called.",
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
    "Add what it points to, or correct it.",
)
REFERENCE_REMOTE = Rule(
    "schema.reference_remote",
    ERROR,
    "{reference} points out of this document; nothing is fetched for a reference",
    "Import the document from its URL with `bundle`, or copy the part into components.",
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
)
OPERATION_ID_LONG = Rule(
    "schema.operation_id_long",
    NOTE,
    "operationId {found} is longer than 64 characters; models see it as {name}",
)
OPERATION_RENAMED = Rule(
    "schema.operation_renamed",
    NOTE,
    "operationId {found} has letters that names for models may not have; models see it as {name}, "
    "and {found} in its description",
)
ARGUMENT_RENAMED = Rule(
    "schema.argument_renamed",
    NOTE,
    "{found} has letters that names for models may not have; models see it as {name}, and {found} "
    "in its description",
)

# Parameters
PARAMETER_BROKEN = Rule(
    "schema.parameter_broken",
    ERROR,
    "In path {path}, method {method}, parameter {name} has missing or non-string name or "
    "location; skipping function due to errors",
)
PARAMETER_REPEATED = Rule(
    "schema.parameter_repeated",
    WARNING,
    "In path {path}, method {method}, parameter {name} is duplicated; the first one counts",
)
PARAMETER_RESERVED = Rule(
    "schema.parameter_reserved",
    WARNING,
    "Parameter {name} has location {location}; ignoring: this header is set by the platform, "
    "never by a model",
    "Credentials belong into the action's authentication.",
)
PARAMETER_IS_CREDENTIAL = Rule(
    "schema.parameter_is_credential",
    NOTE,
    "Parameter {name} carries the credential that the document's security describes; "
    "it comes from the action's authentication, never from a model",
)
PARAMETER_UNSUPPORTED = Rule(
    "schema.parameter_unsupported",
    ERROR,
    "Parameter {name} has location {location}, which cannot be sent",
)
PARAMETER_LEFT_OUT = Rule(
    "schema.parameter_left_out",
    WARNING,
    "Parameter {name} has location {location}, which cannot be sent; ignoring",
)
HEADER_NAME_INVALID = Rule(
    "schema.header_name_invalid",
    ERROR,
    "Parameter {name} has location header, and its name is not a header name",
    "A header's name has letters, digits and some signs, and no spaces.",
)
HEADER_NAME_LEFT_OUT = Rule(
    "schema.header_name_left_out",
    WARNING,
    "Parameter {name} has location header, and its name is not a header name; ignoring",
    "A header's name has letters, digits and some signs, and no spaces.",
)
PATH_PARAMETER_UNDECLARED = Rule(
    "schema.path_parameter_undeclared",
    WARNING,
    "In path {path}, method {method}, {{{name}}} is not described; it was taken for a text",
)
PATH_PARAMETER_UNUSED = Rule(
    "schema.path_parameter_unused",
    WARNING,
    "Path parameter {name} does not occur in path {path}; ignoring",
)
PATH_PARAMETER_OPTIONAL = Rule(
    "schema.path_parameter_optional",
    WARNING,
    "Path parameter {name} must be required; it was taken so",
)
STYLE_UNKNOWN = Rule(
    "schema.style_unknown",
    WARNING,
    "Style {style} does not exist for a {location} parameter; {used} is used",
)

# Bodies
BODY_MEDIA_MISSING = Rule(
    "schema.body_media_missing",
    WARNING,
    "The request body names no media type; it is left out",
)
BODY_MEDIA_INVALID = Rule(
    "schema.body_media_invalid",
    WARNING,
    "{media_type} is not a media type; it is left out",
    "Write type/subtype, such as application/json.",
)
BODY_ON_GET = Rule(
    "schema.body_on_get",
    WARNING,
    "A {method} with a body: many servers ignore or refuse it",
)

# Servers
SERVER_MISSING = Rule(
    "schema.server_missing",
    ERROR,
    "Could not find a valid URL in `servers`",
    "Say where the API is: its base URL, beginning with https://.",
)
SERVER_RELATIVE = Rule(
    "schema.server_relative",
    ERROR,
    "Could not find a valid URL in `servers`: {url} is relative, and it is not known to what",
    "Write the whole URL, beginning with https://.",
)
SERVER_BROKEN = Rule(
    "schema.server_broken",
    ERROR,
    "Could not find a valid URL in `servers`: {url}: {reason}",
    "Write a URL such as https://api.example.com/v1.",
)
SERVERS_SEVERAL = Rule(
    "schema.servers_several",
    NOTE,
    "Multiple servers found, using {url}",
)
SERVER_VARIABLE_OPEN = Rule(
    "schema.server_variable_open",
    ERROR,
    "Server variable {name} decides which host is called and has no closed list of values",
    "Choose its value.",
)
SERVER_VARIABLE_DEFAULT = Rule(
    "schema.server_variable_default",
    WARNING,
    "Server variable {name} has no closed list of values; its default {value} is used",
    "Choose its value, or write it into the URL.",
)
SERVER_VARIABLE_VALUE = Rule(
    "schema.server_variable_value",
    ERROR,
    "Server variable {name} may not be {value}",
    "Choose one of its enum.",
)
SERVER_TRAILING_SLASH = Rule(
    "schema.server_trailing_slash",
    NOTE,
    "Server URL {url} ends in a slash; it was dropped, because paths begin with one",
)

# Security and switches
SECURITY_UNKNOWN = Rule(
    "schema.security_unknown",
    WARNING,
    "Security scheme {name} is not described in the document",
)
CONSEQUENTIAL_NOT_BOOLEAN = Rule(
    "schema.consequential_not_boolean",
    WARNING,
    "x-openai-isConsequential must be true or false; it was taken for {value}",
)

# Schemas
KEYWORD_IGNORED = Rule(
    "schema.keyword_ignored",
    WARNING,
    "{keyword} must be {wanted}; it was ignored",
)
TYPE_UNKNOWN = Rule(
    "schema.type_unknown",
    WARNING,
    "{found} is no type of JSON Schema; it was taken for {used}",
    "The types are string, number, integer, boolean, array, object and null.",
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
PATTERN_UNSUPPORTED = Rule(
    "schema.pattern_unsupported",
    WARNING,
    "This pattern cannot be used safely: {reason}; values are not checked against it",
)
ITEMS_MISSING = Rule(
    "schema.items_missing",
    NOTE,
    "array schema missing items; models see that any item is accepted",
)
SCHEMA_DEEP = Rule(
    "schema.schema_deep",
    NOTE,
    "This schema is nested deeper than values are checked; below, any value will do",
)
ARGUMENTS_CUT = Rule(
    "schema.arguments_cut",
    NOTE,
    "The arguments of this operation take more than {size} to describe; beyond that, "
    "values of {name} are not checked",
)
