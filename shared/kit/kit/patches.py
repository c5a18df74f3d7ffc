"""Bodies of PATCH: what is left out stays as it is; null is refused unless it clears a member."""

from typing import Any, ClassVar, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator
from pydantic.annotated_handlers import GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError

LeftOut: TypeAlias = None
"""`Name | LeftOut`: the member may be left out, and the OpenAPI document does not offer null. It is
None itself, so that Pydantic takes no union of two types, each with a fault of its own.
"""
_NULL = {"type": "null"}


def _without_default(schema: dict[str, Any]) -> None:
    schema.pop("default", None)


def kept(**about: Any) -> Any:
    """The field of a member that stays as it is where it is left out."""
    return Field(default=None, json_schema_extra=_without_default, **about)


def _leave_out_null(member: dict[str, Any]) -> None:
    others = [each for each in member.pop("anyOf") if each != _NULL]
    member.update(others[0] if len(others) == 1 else {"anyOf": others})


class PatchBody(BaseModel):
    """`changes` holds the members that were sent, and no others."""

    model_config = ConfigDict(extra="forbid")
    clearable: ClassVar[frozenset[str]] = frozenset()
    """Members that null clears."""

    @field_validator("*", mode="before")
    @classmethod
    def _refuse_null(cls, given: Any, info: ValidationInfo) -> Any:
        if given is None and info.field_name not in cls.clearable:
            raise PydanticCustomError(
                "null_given",
                "This member cannot be null; leave it out to keep what is there.",
            )
        return given

    @classmethod
    def __get_pydantic_json_schema__(
        cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        schema = handler(core_schema)
        for name, member in handler.resolve_ref_schema(schema)["properties"].items():
            if name not in cls.clearable and _NULL in member.get("anyOf", ()):
                _leave_out_null(member)
        return schema

    @property
    def changes(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in sorted(self.model_fields_set)}
