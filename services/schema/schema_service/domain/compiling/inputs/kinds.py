"""Whether a body, or a property of one, is text, JSON, XML or a file (OAS 3.1, 4.8.14 and 4.8.15).

Files are given in base64 and sent as bytes. So are those that a document wants in base64
(`format: byte`, `contentEncoding`): in a part of a body that means what `Content-Transfer-Encoding`
says (3.1.1, 4.8.15.1.3), which RFC 7578 (4.7) has ended. Where a document does write that header,
in JSON, in forms and in text, base64 stays what it is.
"""

from dataclasses import dataclass
from typing import Any, Self

from contracts.media_type import is_json_sequence
from contracts.operation import Kind, PropertyEncoding
from schema_service.domain.compiling.dialect import Dialect
from schema_service.domain.compiling.inputs.media_types import (
    is_bytes,
    is_json,
    is_range,
    is_text,
    is_xml,
)
from schema_service.domain.compiling.inputs.shapes import CONTAINERS, Shapes, types_in
from schema_service.domain.compiling.json_schema.compiled import Schema
from schema_service.domain.compiling.json_schema.schemas import Schemas

_ABOUT = frozenset({"title", "description", "deprecated", "examples", "xml"})
_FILE_FORMATS = frozenset({"binary", "byte", "base64", "base64url"})
_ENCODINGS = frozenset({"base64", "base64url"})


@dataclass(frozen=True, slots=True)
class Kinds:
    shapes: Shapes
    dialect: Dialect

    @classmethod
    def of(cls, schemas: Schemas, dialect: Dialect) -> Self:
        return cls(Shapes(schemas), dialect)

    def of_body(self, media_type: str, schema: Schema) -> Kind | None:
        """None: an object, made as the media type wants it."""
        types = self.shapes.types(schema)
        if is_json_sequence(media_type) and "array" in types:
            return Kind.JSON
        if is_json(media_type):
            return Kind.FILE if is_range(media_type) and self._is_file(schema) else Kind.JSON
        if self._is_binary(schema):
            return Kind.FILE
        if is_text(media_type):
            return Kind.XML if is_xml(media_type) and types & CONTAINERS else Kind.TEXT
        if is_bytes(media_type) or is_range(media_type):
            return Kind.TEXT if types and not types & {"string", "object", "array"} else Kind.FILE
        return Kind.FILE if self._is_file(schema) or self._is_empty(schema) else Kind.TEXT

    def of_part(self, schema: Schema, encoding: PropertyEncoding) -> Kind | None:
        """Of a property of a multipart body; None where the value's own type says it."""
        declared = encoding.content_type or ""
        if any(name.lower() == "content-transfer-encoding" for name in encoding.headers):
            return Kind.TEXT
        if encoding.style or encoding.explode is not None:
            return Kind.FILES if self._is_file(self.shapes.items(schema)) else None
        if declared and is_json(declared) and not is_range(declared):
            return Kind.JSON
        if self._is_file(self.shapes.items(schema)) or self._is_open(self.shapes.items(schema)):
            return Kind.FILES
        if self._is_file(schema):
            stays = bool(declared) and is_text(declared) and not self._is_binary(schema)
            return Kind.TEXT if stays else Kind.FILE
        if self._is_open(schema) or self._is_bytes(schema, declared):
            return Kind.FILE
        types = self.shapes.types(schema)
        if types and types <= {"object", "null"}:
            return None if declared and is_xml(declared) else Kind.JSON
        return Kind.TEXT if types and not types & CONTAINERS else None

    def encoding_of(self, schema: Schema) -> str:
        """The alphabet of a file's base64."""
        for each in self.shapes.branches(self.shapes.items(schema) or schema):
            if "base64url" in (each.get("contentEncoding"), each.get("format")):
                return "base64url"
        return "base64"

    def media_type_of(self, schema: Schema) -> str | None:
        """`contentMediaType` (JSON Schema Validation 2020-12, 8.4) of a value or of its items."""
        for each in self.shapes.branches(self.shapes.items(schema) or schema):
            if isinstance(each.get("contentMediaType"), str):
                return str(each["contentMediaType"])
        return None

    def _is_file(self, schema: Schema | None) -> bool:
        return any(_says_file(each) for each in self.shapes.branches(schema))

    def _is_binary(self, schema: Schema) -> bool:
        return any(each.get("format") == "binary" for each in self.shapes.branches(schema))

    def _is_bytes(self, schema: Schema, declared: str) -> bool:
        """A text, or what has no type, in a part that is never characters."""
        names = [name.strip() for name in declared.split(",") if name.strip()]
        types = self.shapes.types(schema) - {"null"}
        return bool(names) and all(map(is_bytes, names)) and types <= {"string"}

    def _is_open(self, schema: Schema | None) -> bool:
        """`{}` in a part: octets, from 3.1 on (3.1.0, 4.8.14.2)."""
        return self.dialect in (Dialect.OPENAPI_31, Dialect.OPENAPI_32) and schema in (True, {})

    def _is_empty(self, schema: Schema) -> bool:
        return schema is True or (isinstance(schema, dict) and schema.keys() <= _ABOUT)


def _says_file(schema: dict[str, Any]) -> bool:
    kinds = types_in(schema)
    if kinds and "string" not in kinds:
        return False
    media_type = schema.get("contentMediaType")
    if media_type is not None and "contentEncoding" not in schema:
        return schema.get("format") == "binary" or not is_text(media_type)
    return schema.get("format") in _FILE_FORMATS or schema.get("contentEncoding") in _ENCODINGS
