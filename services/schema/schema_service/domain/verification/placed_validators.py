"""openapi-spec-validator's rules, made to say where, and to remember what they saw in sets.

Its schema rule searches lists of all schemas seen so far, which makes it quadratic: 9 s for
GitHub's document, 3 s with sets.
"""

from collections.abc import Iterator
from typing import Any

from jsonschema.exceptions import ValidationError  # type: ignore[import-untyped] # has no stubs
from jsonschema_path.paths import SchemaPath
from openapi_spec_validator.validation import (
    OpenAPIV2SpecValidator,
    OpenAPIV30SpecValidator,
    OpenAPIV31SpecValidator,
    OpenAPIV32SpecValidator,
    keywords,
)
from openapi_spec_validator.validation.registries import KeywordValidatorRegistry

from schema_service.domain.compiling.dialect import Dialect


class _Ids(set[int]):
    append = set.add


class _Placed:
    """For schema rules: each error gets the `place` of the innermost schema that made it."""

    visited_schema_ids: Any
    meta_checked_schema_ids: Any

    def __init__(self, registry: KeywordValidatorRegistry) -> None:
        super().__init__(registry)  # type: ignore[call-arg] # mixed into a KeywordValidator
        self.visited_schema_ids = _Ids()
        self.meta_checked_schema_ids = _Ids()

    def __call__(self, schema: SchemaPath, *args: Any, **options: Any) -> Iterator[ValidationError]:
        for error in super().__call__(schema, *args, **options):  # type: ignore[misc] # same
            if not hasattr(error, "place"):
                error.place = (*schema.parts, *error.absolute_path)
            yield error


class _PlacedDefault:
    """For the rule about defaults: the place is the default, and the error says so."""

    def __call__(self, schema: SchemaPath, value: Any) -> Iterator[ValidationError]:
        for error in super().__call__(schema, value):  # type: ignore[misc] # mixed in
            error.place = (*schema.parts, "default")
            error.about_default = True
            yield error


class _Schema30(_Placed, keywords.OpenAPIV30SchemaValidator): ...


class _Schema31(_Placed, keywords.OpenAPIV31SchemaValidator): ...


class _Schema32(_Placed, keywords.OpenAPIV32SchemaValidator): ...


class _Default30(_PlacedDefault, keywords.OpenAPIV30ValueValidator): ...


class _Default31(_PlacedDefault, keywords.OpenAPIV31ValueValidator): ...


class _Default32(_PlacedDefault, keywords.OpenAPIV32ValueValidator): ...


_RULES = {
    Dialect.SWAGGER_2: (OpenAPIV2SpecValidator, _Schema30, _Default30),
    Dialect.OPENAPI_30: (OpenAPIV30SpecValidator, _Schema30, _Default30),
    Dialect.OPENAPI_31: (OpenAPIV31SpecValidator, _Schema31, _Default31),
    Dialect.OPENAPI_32: (OpenAPIV32SpecValidator, _Schema32, _Default32),
}


def rules_for(dialect: Dialect) -> KeywordValidatorRegistry:
    validator, schema, default = _RULES[dialect]
    return KeywordValidatorRegistry(
        {**validator.keyword_validators, "schema": schema, "default": default}
    )
