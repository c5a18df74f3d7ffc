"""Bodies of PATCH: what is left out stays as it is; null is refused unless it clears a member."""

from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator
from pydantic.json_schema import SkipJsonSchema
from pydantic_core import PydanticCustomError

LeftOut = SkipJsonSchema[None]
"""`Name | LeftOut`: the member may be left out, and the OpenAPI document does not offer null."""


def _without_default(schema: dict[str, Any]) -> None:
    schema.pop("default", None)


def kept(**about: Any) -> Any:
    """The field of a member that stays as it is where it is left out."""
    return Field(default=None, json_schema_extra=_without_default, **about)


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

    @property
    def changes(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in sorted(self.model_fields_set)}
