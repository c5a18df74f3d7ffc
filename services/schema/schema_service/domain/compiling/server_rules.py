"""Findings about servers (OAS 3.1, 4.8.5; Swagger 2.0: host, basePath, schemes)."""

from schema_service.domain.finding import Rule, Severity

ERROR, WARNING, NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE

SERVER_MISSING = Rule(
    "schema.server_missing",
    ERROR,
    "Could not find a valid URL in `servers`",
    "Say where the API is: its base URL, beginning with https://.",
)
SERVER_MISPLACED = Rule(
    "schema.server_misplaced",
    ERROR,
    "Could not find a valid URL in `servers`: {fault}",
    "Write it as a list at the top of the document, beside `info`: servers, and in it the url.",
)
HOST_WITH_MORE = Rule(
    "schema.host_with_more",
    ERROR,
    "In Swagger 2.0, `host` is the name of the host alone, and {host} is more than that",
    "Write host: {name}, basePath: {path} and schemes: [{scheme}].",
)
SERVER_FROM_IMPORT = Rule(
    "schema.server_from_import",
    NOTE,
    "The document names no server, so calls go to where it was imported from: {url}",
    "Where the API is somewhere else, write its base URL into `servers`.",
)
SERVER_RESOLVED = Rule(
    "schema.server_resolved",
    NOTE,
    "Server URL {url} is relative to where the document was imported from; calls go to {whole}",
    "Where the API is somewhere else, write the whole URL.",
)
SERVER_GIVEN = Rule(
    "schema.server_given",
    NOTE,
    "The document names no server that can be called; calls go to the given base URL {url}",
    "To make it part of the document, write it below `servers`.",
)
SERVER_RELATIVE = Rule(
    "schema.server_relative",
    ERROR,
    "Could not find a valid URL in `servers`: {url} does not begin with https://, and "
    "it is not known to what it is relative",
    "Write the whole URL, beginning with https://{besides}.",
)
SERVER_SCHEME_MISSPELT = Rule(
    "schema.server_scheme_misspelt",
    ERROR,
    "Could not find a valid URL in `servers`: {url} begins with {written}, which is misspelt",
    "Write https:// and the name of the host behind it.",
)
SERVER_BROKEN = Rule(
    "schema.server_broken",
    ERROR,
    "Could not find a valid URL in `servers`: {url}: {reason}",
    "Write the URL of your API: https://, the name of its host, and the path if there is one.",
)
SERVER_PLACEHOLDER = Rule(
    "schema.server_placeholder",
    ERROR,
    "Could not find a valid URL in `servers`: {part} is a placeholder that stands for the real "
    "one{because}",
    "Write the URL of your API there: https://, the name of its host, and the path if there is "
    "one.",
)
SERVERS_SEVERAL = Rule(
    "schema.servers_several",
    NOTE,
    "Multiple servers found, using {url}{because}{besides}",
    "To call another one, leave only that one in the document.",
)
SERVER_VARIABLE_IDLE = Rule(
    "schema.server_variable_idle",
    NOTE,
    "Server variable {name} stands nowhere in the server's URL {url}, so its value changes nothing",
    "Write {{{name}}} where it belongs in the URL, or remove the variable.",
)
SERVER_VARIABLE_OPEN = Rule(
    "schema.server_variable_open",
    ERROR,
    "Server variable {name} {why}, so it is not known where to call",
    "Write its value as `default` of the variable, or in its place in the URL.",
)
SERVER_VARIABLE_DEFAULT = Rule(
    "schema.server_variable_default",
    NOTE,
    "Server variable {name} has no closed list of values; its default {value} is used",
    "Where yours is another one, write it as the `default`.",
)
SERVER_VARIABLE_VALUE = Rule(
    "schema.server_variable_value",
    ERROR,
    "Server variable {name} may not be {value}",
    "Choose one of its enum as its `default`: {choices}.",
)
SERVER_VARIABLE_UNKNOWN = Rule(
    "schema.server_variable_unknown",
    WARNING,
    "The value of the server variable {name} was not used: no server of the document has a "
    "variable of this name",
    "Correct the name, or leave the value out. {way}",
)
BASE_URL_UNUSED = Rule(
    "schema.base_url_unused",
    WARNING,
    "The base URL {given} was not used, because the document itself says where to call: {url}",
    "To call the given one, write it into `servers` in the other one's place.",
)
SERVER_VARIABLE_ENDS_HOST = Rule(
    "schema.server_variable_ends_host",
    ERROR,
    "Server variable {name} is a part of the host, and its value {value} ends it",
    "Give it letters, digits, dots and hyphens only.",
)
SERVER_TRAILING_SLASH = Rule(
    "schema.server_trailing_slash",
    NOTE,
    "Server URL {url} ends in a slash; it was dropped, because paths begin with one",
    "Leave the slash out.",
)
SERVER_QUERY = Rule(
    "schema.server_query",
    WARNING,
    "Server URL {url} has a query, for which OpenAPI has no place there; {query} is sent with "
    "every call, before the parameters of the operation",
    "Leave it out of the URL, and describe it as query parameters with one permitted value each.",
)
SERVER_QUERY_OPEN = Rule(
    "schema.server_query_open",
    ERROR,
    "Server URL {url} has a server variable in its query, which no call can fill in",
    "Leave the query out of the URL, and describe it as query parameters of the operations.",
)
SERVER_QUERY_OTHER = Rule(
    "schema.server_query_other",
    ERROR,
    "The values lead to the server {url}, which has another query than the one that is called "
    "without them, and an action cannot change that",
    "Have the values written into the document (`openactions validate --repair`, or "
    "POST /v1/schemas/{{schema_id}}/repairs), store that, and bind it.",
)
SERVER_FRAGMENT = Rule(
    "schema.server_fragment",
    WARNING,
    "Server URL {url} has a fragment, which is never sent: calls go to what stands before the #",
    "Leave out the # and what follows it.",
)
