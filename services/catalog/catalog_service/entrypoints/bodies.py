"""What people send."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator

from catalog_service.domain import definition
from catalog_service.domain.binding import Wanted
from catalog_service.domain.definition import Definition
from catalog_service.usecases.change_access import AccessEdit
from catalog_service.usecases.edit_gpt import Edit
from contracts.access import Level, Sharing
from contracts.ids import MemberId, SchemaId

ONE_LINE = r"^\P{Cc}*$"
"""No control characters."""

Name = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True, min_length=1, max_length=definition.MAX_NAME, pattern=ONE_LINE
    ),
]
PartOfName = Annotated[str, StringConstraints(max_length=definition.MAX_NAME, pattern=ONE_LINE)]
Description = Annotated[str, StringConstraints(max_length=definition.MAX_DESCRIPTION)]
Instructions = Annotated[str, StringConstraints(max_length=definition.MAX_INSTRUCTIONS)]
Starter = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=definition.MAX_STARTER),
]
Starters = Annotated[list[Starter], Field(max_length=definition.MAX_STARTERS)]
OperationName = Annotated[str, StringConstraints(max_length=64)]


class GptBody(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: Name
    description: Description = ""
    instructions: Instructions = ""
    starters: Starters = Field(default_factory=list)

    def definition(self) -> Definition:
        return Definition(self.name, self.description, self.instructions, tuple(self.starters))


class GptEditBody(BaseModel):
    """What is left out, or null, stays as it is."""

    model_config = ConfigDict(extra="forbid")

    name: Name | None = None
    description: Description | None = None
    instructions: Instructions | None = None
    starters: Starters | None = None

    def edit(self) -> Edit:
        starters = None if self.starters is None else tuple(self.starters)
        return Edit(self.name, self.description, self.instructions, starters)


class ActionBody(BaseModel):
    model_config = ConfigDict(extra="forbid")

    schema_id: Annotated[SchemaId, StringConstraints(max_length=64)]
    operations: list[OperationName] | None = Field(
        default=None, max_length=10_000, description="Function names; left out: all that are ready."
    )
    privacy_policy_url: str | None = Field(
        default=None, max_length=definition.MAX_PRIVACY_POLICY_URL
    )
    name: Name | None = Field(default=None, description="Left out: the schema's title.")

    def wanted(self) -> Wanted:
        names = None if self.operations is None else tuple(dict.fromkeys(self.operations))
        return Wanted(self.schema_id, names, self.privacy_policy_url, self.name)


class PublicationBody(BaseModel):
    model_config = ConfigDict(extra="forbid")

    sharing: Sharing | None = Field(
        default=None, description="Left out: as it is; a new GPT is private."
    )


IdOfMember = Annotated[MemberId, StringConstraints(max_length=64, pattern=r"^[0-9A-Za-z_-]+$")]
"""One character, one byte: a full access list fits a message."""


class ListedBody(BaseModel):
    model_config = ConfigDict(extra="forbid")

    member_id: IdOfMember
    level: Level


class AccessBody(BaseModel):
    """What is left out, or null, stays as it is."""

    model_config = ConfigDict(extra="forbid")

    owner: IdOfMember | None = None
    sharing: Sharing | None = None
    members: list[ListedBody] | None = Field(default=None, max_length=definition.MAX_LISTED)

    @field_validator("members")
    @classmethod
    def _each_once(cls, members: list[ListedBody] | None) -> list[ListedBody] | None:
        ids = [listed.member_id for listed in members or ()]
        if len(set(ids)) < len(ids):
            raise ValueError("name each member once")
        return members

    def edit(self) -> AccessEdit:
        listed = None
        if self.members is not None:
            listed = [(each.member_id, each.level) for each in self.members]
        return AccessEdit(self.owner, self.sharing, listed)


DEFAULT_PUBLICATION = PublicationBody()
