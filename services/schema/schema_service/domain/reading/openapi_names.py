"""The names that OpenAPI and JSON Schema give to members: what a line begins with on purpose."""

_DOCUMENT = """openapi swagger info servers paths webhooks components security tags externalDocs
jsonSchemaDialect host basePath schemes consumes produces definitions securityDefinitions
title summary description termsOfService contact license version name url email identifier
variables enum default"""
_OPERATION = """get put post delete options head patch trace query additionalOperations
operationId parameters requestBody responses callbacks deprecated x-openai-isConsequential"""
_PARAMETER = """in required schema content style explode allowReserved allowEmptyValue example
examples encoding headers links contentType collectionFormat mediaType"""
_SCHEMA = """type format items properties additionalProperties patternProperties allOf anyOf oneOf
not minimum maximum exclusiveMinimum exclusiveMaximum multipleOf minLength maxLength pattern
minItems maxItems uniqueItems minProperties maxProperties nullable readOnly writeOnly xml
discriminator propertyName mapping const prefixItems contains propertyNames if then else
dependentRequired dependentSchemas unevaluatedItems unevaluatedProperties contentEncoding
contentMediaType $ref $defs"""
_COMPONENTS = """schemas requestBodies securitySchemes pathItems flows implicit password
clientCredentials authorizationCode authorizationUrl tokenUrl refreshUrl scopes scheme bearerFormat
openIdConnectUrl"""

ALL = frozenset(f"{_DOCUMENT} {_OPERATION} {_PARAMETER} {_SCHEMA} {_COMPONENTS}".split())
_PROSE = """info name in type title summary description version url email default example examples
content style format items required tags contact license get put post delete options head patch
trace query enum schema schemas security scheme host pattern mapping contains password scopes
links headers not if then else const"""
PLAIN = ALL - frozenset(_PROSE.split())
"""Those that hardly begin a line of a text in English."""
