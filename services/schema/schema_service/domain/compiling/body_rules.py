"""What can be found about bodies that are written as XML."""

from schema_service.domain.finding import Rule, Severity

XML_NAME_INVALID = Rule(
    "schema.xml_name_invalid",
    Severity.ERROR,
    "The body is sent as XML, where nothing can be called {name}, so the operation cannot be "
    "called",
    "Give it a name of letters, digits, dots, hyphens and underscores that begins with a letter: "
    'write "xml": {{"name": "…"}} beside its type.',
)
XML_PREFIX_UNDECLARED = Rule(
    "schema.xml_prefix_undeclared",
    Severity.ERROR,
    "The body is sent as XML, and nothing says what the prefix {prefix} of {name} stands for, so "
    "the operation cannot be called",
    'Say it beside the name: "xml": {{"prefix": "{prefix}", "namespace": "http://…"}}, with the '
    "address that the API's documentation gives for it.",
)
XML_LEFT_OUT = Rule(
    "schema.xml_left_out",
    Severity.NOTE,
    "The body cannot be sent as {media_type}, where nothing can be called {name}; it is sent as "
    "{used}",
    "Nothing needs to change, unless the API takes XML alone.",
)
