"""A compiled operation: all that admission, request building and a model's tool need, and no more.

The schema service compiles it from an OpenAPI document, and again where its compiler has become
another one (`compiler` of `requests.OperationsText`); each compiled form is immutable.
Section numbers are those of the OpenAPI Specification 3.1.
"""

import hashlib
import json
from enum import StrEnum
from typing import Annotated, Any, Final, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from contracts.json_schema import ANNOTATIONS, without_annotations
from contracts.wire import is_method

JsonSchema = dict[str, Any] | bool
MAX_PATTERN_BYTES = 256 * 1024
"""Of one compiled `pattern`, for whoever compiles it."""
MAX_PATTERN_DFA_BYTES = 512 * 1024
"""What a search may cache: a search of 100,000 characters takes about a second at most."""
SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS", "QUERY"})
"""Methods that change nothing (RFC 9110, 9.2.1), unless an operation is consequential."""

MAX_SERVER_VALUE: Final = 500
"""Characters of a server variable's value."""
_PORTS: Final = {"https": 443, "http": 80}


StyleName = Literal[
    "matrix", "label", "simple", "form", "spaceDelimited", "pipeDelimited", "deepObject"
]
"""OAS 4.8.12.2."""


def _method(text: str) -> str:
    if not is_method(text):
        raise ValueError("no method that can be called")
    return text


class Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class Location(StrEnum):
    PATH = "path"
    QUERY = "query"
    QUERYSTRING = "querystring"
    """The whole query (OAS 3.2, 4.12.1): its name is never sent."""
    HEADER = "header"
    COOKIE = "cookie"


class Kind(StrEnum):
    """What a body, or one property of a form, is on the wire."""

    TEXT = "text"
    JSON = "json"
    FILE = "file"
    """Bytes, given as `contracts.file_value` says."""
    FILES = "files"
    """A list of files: a part for each."""
    XML = "xml"


class PropertyEncoding(Frozen):
    """How one property of a form or multipart body is sent (OAS 4.8.15)."""

    kind: Kind | None = None
    """None: it goes by the value's type."""
    content_type: str | None = None
    """Several, or ranges, with commas between them: the value's own type must be one of them."""
    style: str | None = None
    explode: bool | None = None
    allow_reserved: bool = False
    headers: dict[str, str] = Field(default_factory=dict)
    """Of its part in a multipart body, with their values."""
    base64url: bool = False
    """The alphabet of a file's base64 is that of RFC 4648, section 5."""


class Parameter(Frozen):
    """One parameter (OAS 4.8.12), and the flat argument that supplies its value."""

    argument: str
    name: str
    location: Location
    required: bool = False
    style: StyleName
    explode: bool
    allow_reserved: bool = False
    allow_empty_value: bool = False
    content_type: str | None = None
    """Set where the parameter has `content` instead of a style: the value is serialised so."""
    encoding: dict[str, PropertyEncoding] = Field(default_factory=dict)
    """Of the properties of a value that is a form."""
    delimiter: str | None = None
    """Between the items of a list that is not exploded, where the style does not say it: Swagger
    2.0 has some that no style has."""
    inner_delimiters: tuple[str, ...] = ()
    """Between the items of lists within the list, from the outside in: Swagger 2.0 says it."""
    is_encoded: bool = True
    """False: sent as it is, which is `style: cookie` (3.2, 4.12.3)."""


class XmlName(Frozen):
    """What an element is called (OAS 4.8.26)."""

    name: str
    prefix: str = ""
    namespace: str = ""
    namespaces: dict[str, str] = Field(default_factory=dict)
    """By prefix, what the root declares for elements within that have only the prefix."""


class Body(Frozen):
    """The request body in the one media type that was chosen for calls (OAS 4.8.13).

    With `members`, the body is an object assembled from flat arguments: argument → property.
    Without, the single argument `argument` is the whole body.
    """

    media_type: str
    required: bool = False
    members: dict[str, str] | None = None
    argument: str = "body"
    extra_members: bool = False
    """Arguments that nothing declares become properties (`additionalProperties` allows them)."""
    encoding: dict[str, PropertyEncoding] = Field(default_factory=dict)
    other_encoding: PropertyEncoding | None = None
    """Of the properties of a multipart body that nothing declares, where its schema says it."""
    inner_delimiters: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    """By property of a form, as those of a parameter."""
    whole: PropertyEncoding = PropertyEncoding()
    """How the body itself is made: only kind and alphabet count."""
    xml: XmlName | None = None
    """The root element; the rest is in the arguments' schema (`xml`)."""
    alternatives: tuple["Body", ...] = ()
    """The same arguments in other media types, one of which a caller may choose."""
    other_media_types: tuple[str, ...] = ()
    """All that the document offers besides, also those that take other arguments."""

    @property
    def is_merge_patch(self) -> bool:
        """Null for a member removes it from the resource (RFC 7396, section 2), so it is sent."""
        return self.media_type.partition(";")[0].strip().lower() == "application/merge-patch+json"


class ServerVariable(Frozen):
    """A variable of a server's URL (OAS 4.8.6). With `enum`, its value is one of these, unless the
    document lists `more`: up to compiler 4, 200 may be the beginning of a longer list.
    """

    default: str | None = None
    enum: tuple[str, ...] = ()
    more: bool = False


class ListedServer(Frozen):
    """A server as the document lists it, with its query."""

    url: str
    variables: dict[str, ServerVariable] = Field(default_factory=dict)


class Operation(Frozen):
    """One function for the model: a method and a path of one server."""

    operation_id: str
    """As in the document, or generated; unique within the document."""
    name: str = Field(pattern=r"^[A-Za-z0-9_-]{1,64}$")
    """The function's name for models; unique within the document."""
    method: Annotated[str, AfterValidator(_method)]
    """In the letter case in which it is sent: methods have regard to it (RFC 9110, 9.1)."""
    path: str
    """The template, starting with `/`, joined to `server` with no slash between."""
    server: str
    """Absolute URL with its base path and no trailing slash, variables already filled in. Empty
    where the document names none that can be called: then the action's binding does."""
    server_template: str = ""
    """The URL that `server` was made of, with its variables in braces; empty without. It is as the
    document has it: a relative one is resolved against where the document came from, or
    stands behind the base URL of a binding, also without variables where nothing can be called."""
    server_variables: dict[str, ServerVariable] = Field(default_factory=dict)
    """By the names that `server_template` has. The builder chooses, never a model."""
    listed_servers: tuple[ListedServer, ...] = ()
    """The servers of the document's list, as far as the builder's values may decide between them:
    up to ten, with 4,000 characters. Empty for a list of one, which `server_template` is then, and
    up to compiler 7."""
    summary: str = ""
    description: str = ""
    consequential: bool
    parameters: tuple[Parameter, ...] = ()
    body: Body | None = None
    arguments: dict[str, Any]
    """JSON Schema 2020-12 of the flat arguments object, self-contained: every `$ref` is `#/$defs/…`
    and `additionalProperties` is explicit."""
    constants: dict[str, Any] = Field(default_factory=dict)
    """Arguments with one permitted value, filled in where the caller left them out."""
    defaults: dict[str, Any] = Field(default_factory=dict)
    """Arguments that are sent with this value where the caller left them out: of parameters that
    are required, and of headers."""
    security: tuple[str, ...] = ()
    """Names of the security schemes that may apply."""
    anonymous: bool = False
    """True when the document says `security: []`: it is called without credentials."""
    response_media_types: tuple[str, ...] = ()
    digest: str
    """SHA-256 (hex) of the canonical compiled form."""

    def called_at(self, server: str) -> Self:
        """With the base URL that a binding chose; an empty one leaves its own."""
        return self.model_copy(update={"server": server}) if server else self

    @property
    def consent_digest(self) -> str:
        """SHA-256 (hex) of what a person agrees to: what approvals and permissions are bound to.

        Of the canonical JSON (sorted keys, no spaces, ASCII) of the method, the server's origin,
        the path from the server's root on, the arguments' schema without what only describes,
        whether the call is consequential, the values that are sent where the caller gives none, and
        the names in an XML body. Computed anew each time that it is read.
        """
        server = urlsplit(self.server)
        bodies = () if self.body is None else (self.body, *self.body.alternatives)
        xml = [each.xml.model_dump() for each in bodies if each.xml is not None]
        described = ANNOTATIONS - {"xml"} if xml else ANNOTATIONS
        port = server.port or (_PORTS[server.scheme] if server.scheme else "")
        bound = {
            "method": self.method,
            "origin": f"{server.scheme}://{server.hostname}:{port}",
            "path": server.path.rstrip("/") + self.path,
            "arguments": without_annotations(self.arguments, described),
            "consequential": self.consequential,
            # Left out where there are none, so that other operations keep their digest.
            **({"defaults": self.defaults} if self.defaults else {}),
            **({"xml": xml} if xml else {}),
        }
        text = json.dumps(bound, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()
