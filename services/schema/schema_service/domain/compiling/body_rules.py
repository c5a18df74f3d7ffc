"""What can be found about bodies."""

from schema_service.domain.finding import Rule, Severity

ERROR, WARNING, NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE

XML_NAME_INVALID = Rule(
    "schema.xml_name_invalid",
    ERROR,
    "The body is sent as XML, where nothing can be called {name}, so the operation cannot be "
    "called",
    "Give it a name of letters, digits, dots, hyphens and underscores that begins with a letter: "
    'write "xml": {{"name": "…"}} beside its type.',
)
XML_PREFIX_UNDECLARED = Rule(
    "schema.xml_prefix_undeclared",
    ERROR,
    "The body is sent as XML, and nothing says what the prefix {prefix} of {name} stands for, so "
    "the operation cannot be called",
    'Say it beside the name: "xml": {{"prefix": "{prefix}", "namespace": "http://…"}}, with the '
    "address that the API's documentation gives for it.",
)
XML_LEFT_OUT = Rule(
    "schema.xml_left_out",
    NOTE,
    "The body cannot be sent as {media_type}, where nothing can be called {name}; it is sent as "
    "{used}",
    "Nothing needs to change, unless the API takes XML alone.",
)
BODY_MEDIA_MISSING = Rule(
    "schema.body_media_missing",
    WARNING,
    "The request body names no media type; it is left out",
    "Name one below content, such as application/json, and the schema below that.",
)
BODY_CONTENT_MISSING = Rule(
    "schema.body_content_missing",
    WARNING,
    "{media_type} stands in the request body itself; it was read as if it stood below content",
    "Write content: above it, and indent it below that.",
)
BODY_SCHEMA_MISSING = Rule(
    "schema.body_schema_missing",
    WARNING,
    "Nothing below {media_type} says what the body holds: where schema belongs there is {names}, "
    "which is left out",
    "Write schema: below {media_type}, below that type: object and properties:, and below that "
    "each field with its type, as in name: {{type: string}}.",
)
BODY_SCHEMA_MISPLACED = Rule(
    "schema.body_schema_misplaced",
    WARNING,
    "A schema stands at {place} itself; it was read as that of the body",
    "Write content, below it application/json, below that schema, and below that what stands here.",
)
BODY_MEDIA_INVALID = Rule(
    "schema.body_media_invalid",
    WARNING,
    "{media_type} is not a media type; the body is left out",
    "Write type/subtype, such as application/json.",
)
BODY_MEDIA_UNKNOWN = Rule(
    "schema.body_media_unknown",
    ERROR,
    'The request body\'s media type is "{media_type}", which is none, so it cannot be sent',
    "Write type/subtype below content, such as application/json, and the schema below that.",
)
BODY_SECOND = Rule(
    "schema.body_second",
    WARNING,
    "Parameter {name} has location {location}, and {first} is the body already; a request has one "
    "body, so {name} is left out",
    "Make both members of one body, or send one of them as a query parameter.",
)
BODY_AS_TEXT = Rule(
    "schema.body_as_text",
    NOTE,
    "A body of {media_type} is sent as a text that the model writes; the {kind} that is described "
    "here is not made into one",
    "Say in the description how the text is to look, or name application/json if the API reads it.",
)
PARTS_BY_POSITION = Rule(
    "schema.parts_by_position",
    ERROR,
    "The body is sent as {media_type} with parts that have a position and no name, which are not "
    "made here, so {so}",
    "Name multipart/form-data, with the parts as properties of an object, if the API takes that; "
    "or remove this member and describe the body as one text or file.",
)
PARTS_LEFT_OUT = Rule(
    "schema.parts_left_out",
    WARNING,
    "The parts of {media_type} have a position and no name, which are not made here; {so}",
    PARTS_BY_POSITION.hint,
)
FORM_OF_NO_OBJECT = Rule(
    "schema.form_of_no_object",
    ERROR,
    "The body is sent as {media_type}, which is made of named fields, and its schema is of type "
    "{types}, so the operation cannot be called",
    "Describe the fields as properties of an object, or name another media type in place of this "
    "one, such as text/plain or application/json.",
)
FORM_LEFT_OUT = Rule(
    "schema.form_left_out",
    WARNING,
    "The body is sent as {media_type}, which is made of named fields, and its schema is of type "
    "{types}; the body is left out",
    FORM_OF_NO_OBJECT.hint,
)
BODY_ON_GET = Rule(
    "schema.body_on_get",
    WARNING,
    "A {method} with a body: many servers ignore or refuse it",
    "Describe what it sends as query parameters, or use POST if the API knows it.",
)
BODY_MEDIA_LEFT_OUT = Rule(
    "schema.body_media_left_out",
    WARNING,
    "The body cannot be sent as {media_type}: {why}; it is sent as another media type that stands "
    "beside it",
    "Correct it to type/subtype, such as application/json, or remove it.",
)
ANSWER_MEDIA_LEFT_OUT = Rule(
    "schema.answer_media_left_out",
    NOTE,
    "{media_type} is not a media type, so no call asks for an answer in it",
    "Write type/subtype, such as application/json.",
)
ENCODING_TYPE_LEFT_OUT = Rule(
    "schema.encoding_type_left_out",
    WARNING,
    "contentType names {found}, which is not a media type; the part is sent as if it were not "
    "there",
    "Write type/subtype, such as image/png; several with commas between them.",
)
ENCODING_LEFT_OUT = Rule(
    "schema.encoding_left_out",
    WARNING,
    "What encoding says of {name} is left out: {why}",
    "{hint}",
)
PART_HEADER_LEFT_OUT = Rule(
    "schema.part_header_left_out",
    WARNING,
    "The header {name} is not sent with this part: {why}",
    "Give the header a name and a schema with one value, in const or default; or remove it here "
    "and describe it as a parameter with in: header.",
)
PART_AS_JSON = Rule(
    "schema.part_as_json",
    WARNING,
    "Part {name} is to be {media_type}, and is an object; here it is sent as JSON text",
    "Check that the API reads JSON there, or describe the part with type: string, so that whoever "
    "calls writes the text.",
)
