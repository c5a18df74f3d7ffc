"""What the paths of a document, and the methods below them, can be found to be."""

from schema_service.domain.finding import Rule, Severity

ERROR, WARNING = Severity.ERROR, Severity.WARNING

PATH_WITHOUT_SLASH = Rule(
    "schema.path_without_slash",
    WARNING,
    "Path {path} does not begin with a slash; one was put before it",
    "Begin it with a slash.",
)
PATH_NAMES_METHOD = Rule(
    "schema.path_names_method",
    ERROR,
    "Path {path} begins with a method, which would be sent as a part of the path",
    "Write {rest}, and {method} below it.",
)
PATH_NAMES_HOST = Rule(
    "schema.path_names_host",
    ERROR,
    "Path {path} begins with a host, which would be called behind the server's own URL",
    "Name the host under servers, and write only {rest} here.",
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
    "Write the path, and the server's, without parts that are . or .. and without line breaks.",
)
METHOD_UNKNOWN = Rule(
    "schema.method_unknown",
    WARNING,
    "Path {path} has unrecognized method {method}; skipping",
    "{hint}",
)
METHOD_CASE = Rule(
    "schema.method_case",
    WARNING,
    "Path {path} names the method {method}; it was read as {meant}",
    "Write {meant}: names in OpenAPI have their own capital letters, and methods have none.",
)
MEMBER_BESIDE_METHODS = Rule(
    "schema.member_beside_methods",
    ERROR,
    "Path {path} has {name} beside its methods, where it means nothing; skipping",
    "{hint}",
)
PATH_INSIDE_PATH = Rule(
    "schema.path_inside_path",
    ERROR,
    "Path {path} stands inside path {outer}, so that its operations are lost",
    "{hint}",
)
METHOD_BESIDE_PATH = Rule(
    "schema.method_beside_path",
    ERROR,
    "{method} begins in the same column as path {path}, so that it is no method of it and cannot "
    "be called",
    "Indent {method} and all that belongs to it deeper than {path}.",
)
PATH_INSIDE_OPERATION = Rule(
    "schema.path_inside_operation",
    ERROR,
    "Path {path} stands inside an operation, so that its own operations are lost",
    "{hint}",
)
PATH_MISPLACED = Rule(
    "schema.path_misplaced",
    ERROR,
    "Path {path} stands {where}, where OpenAPI has no paths, so that its operations are lost",
    "{hint}",
)
OPERATION_MISPLACED = Rule(
    "schema.operation_misplaced",
    ERROR,
    "{method} stands {where}, where OpenAPI has no methods, so that it cannot be called",
    "{hint}",
)
METHOD_IN_ADDITIONAL = Rule(
    "schema.method_in_additional",
    ERROR,
    "Path {path} has {method} below additionalOperations, where only methods stand that have no "
    "member of their own; skipping",
    "Move {meant} and all that belongs to it to the left, beside additionalOperations.",
)
METHOD_REPEATED = Rule(
    "schema.method_repeated",
    ERROR,
    "Path {path} has {meant} already, so that {method} cannot be called",
    "Write the method that was meant in place of {method}, or leave one of the two out.",
)
PATH_IS_URL = Rule(
    "schema.path_is_url",
    ERROR,
    "Path {path} is a whole URL, which would be called behind the server's own URL",
    "Name the host under servers, and write only {rest} here.",
)
PATH_WHITE_SPACE = Rule(
    "schema.path_white_space",
    WARNING,
    "Path {path} has white space around it, which was left out",
    "Remove it.",
)
PATH_TEMPLATE_BROKEN = Rule(
    "schema.path_template_broken",
    ERROR,
    "Path {path} has a brace without its other one, or a pair with no name in it",
    "Write each part that a call fills in as {{name}}, such as /pets/{{id}}.",
)
PATH_TEMPLATE_FOREIGN = Rule(
    "schema.path_template_foreign",
    WARNING,
    "Path {path} has {found}, which is sent letter by letter: OpenAPI knows only braces",
    "Write {{{name}}}, if a call is to fill it in.",
)
PATH_TEMPLATE_MARKED = Rule(
    "schema.path_template_marked",
    WARNING,
    "Path {path} has {found}, whose $ would be sent before the value",
    "Write {meant}: in OpenAPI a template is a name in braces.",
)
PATH_TEMPLATE_TYPED = Rule(
    "schema.path_template_typed",
    WARNING,
    "Path {path} has {found}, all of which was taken for the name of a parameter",
    "Write {meant}, and what the values look like in the schema of that parameter, with in: path.",
)
PATHS_EQUAL = Rule(
    "schema.paths_equal",
    WARNING,
    "Path {path} is the same as {other} but for {but}; a server cannot tell them apart",
    "Leave one of them out, or join their methods under one path.",
)
