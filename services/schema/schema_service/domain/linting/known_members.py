"""The members that objects of OpenAPI 2.0 to 3.2 and JSON Schema have, and what stands in them."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class Held(StrEnum):
    """How a member holds objects of a kind: one, a list, or each below a name of its own."""

    ONE = "one"
    LIST = "list"
    NAMED = "named"


@dataclass(frozen=True, slots=True)
class Child:
    held: Held
    kind: str


_TEXT = """
document: openapi swagger $self info=info jsonSchemaDialect servers=[server] paths={path}
 webhooks={path} components=components security tags=[tag] externalDocs=docs host basePath schemes
 consumes produces definitions={schema} parameters={parameter} responses={response}
 securityDefinitions={scheme}
info: title summary description termsOfService contact=contact license=license version
contact: name url email
license: name identifier url
docs: description url
tag: name summary description externalDocs=docs parent kind
server: url description name variables={variable}
variable: enum default description
components: schemas={schema} responses={response} parameters={parameter} examples
 requestBodies={body} headers={header} securitySchemes={scheme} links callbacks pathItems={path}
 mediaTypes={media}
path: $ref summary description servers=[server] parameters=[parameter] get=operation put=operation
 post=operation delete=operation options=operation head=operation patch=operation trace=operation
 query=operation additionalOperations={operation}
operation: tags summary description externalDocs=docs operationId parameters=[parameter]
 requestBody=body responses={response} callbacks deprecated security servers=[server] consumes
 produces schemes x-openai-isConsequential x-openactions-send-defaults
parameter: $ref summary name in description required deprecated allowEmptyValue style explode
 allowReserved schema=schema example examples content={media}
header: $ref summary description required deprecated style explode schema=schema example examples
 content={media} allowEmptyValue allowReserved
body: $ref summary description content={media} required
media: $ref summary description schema=schema itemSchema=schema example examples
 encoding={encoding} prefixEncoding itemEncoding=encoding
encoding: contentType headers={header} style explode allowReserved encoding prefixEncoding
 itemEncoding
response: $ref summary description headers={header} content={media} links schema=schema examples
scheme: $ref type description name in scheme bearerFormat flows openIdConnectUrl flow
 authorizationUrl tokenUrl scopes oauth2MetadataUrl deprecated
discriminator: propertyName mapping defaultMapping
xml: name namespace prefix attribute wrapped nodeType
schema: $ref $dynamicRef $recursiveRef $schema $id $anchor $dynamicAnchor $recursiveAnchor $comment
 $vocabulary $defs={schema} definitions={schema} title description type format enum const default
 example examples deprecated readOnly writeOnly nullable required properties={schema}
 patternProperties={schema} additionalProperties=schema unevaluatedProperties=schema
 propertyNames=schema minProperties maxProperties items=schema prefixItems=[schema]
 additionalItems=schema unevaluatedItems=schema contains=schema minContains maxContains minItems
 maxItems uniqueItems minLength maxLength pattern minimum maximum exclusiveMinimum exclusiveMaximum
 multipleOf allOf=[schema] anyOf=[schema] oneOf=[schema] not=schema if=schema then=schema
 else=schema dependentRequired dependentSchemas={schema} dependencies contentEncoding
 contentMediaType contentSchema=schema discriminator=discriminator xml=xml externalDocs=docs
plain: type format items=plain collectionFormat default enum example pattern minimum maximum
 exclusiveMinimum exclusiveMaximum minLength maxLength minItems maxItems uniqueItems multipleOf
"""
"""OAS 2.0 (4), 3.0 to 3.2 (4.8), JSON Schema 2020-12 and its drafts; `plain` is what parameters,
headers and items of Swagger 2.0 have beside their own."""


def _child(written: str) -> Child | None:
    if not written:
        return None
    held = {"[": Held.LIST, "{": Held.NAMED}.get(written[0], Held.ONE)
    return Child(held, written.strip("[]{}"))


def _members(text: str) -> Mapping[str, Mapping[str, Child | None]]:
    kinds: dict[str, dict[str, Child | None]] = {}
    kind = ""
    for word in text.split():
        if word.endswith(":"):
            kind = word[:-1]
            kinds[kind] = {}
        else:
            name, _, written = word.partition("=")
            kinds[kind][name] = _child(written)
    for each in ("parameter", "header"):
        kinds[f"swagger {each}"] = kinds[each] | kinds["plain"]
    return MappingProxyType(kinds)


MEMBERS = _members(_TEXT)
"""By kind of object, its members with what they hold; None where that is no object to look into."""

OTHER_WORDS: Mapping[str, str] = {
    "arguments": "parameters",
    "body": "requestBody",
    "desc": "description",
    "descr": "description",
    "max": "maximum",
    "maxlen": "maxLength",
    "min": "minimum",
    "minlen": "minLength",
    "param": "parameters",
    "params": "parameters",
    "property": "properties",
    "propertys": "properties",
    "props": "properties",
    "regex": "pattern",
    "regexp": "pattern",
}
"""What people write instead, in small letters; none is a slip of the pen."""
