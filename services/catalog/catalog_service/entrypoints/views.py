from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from catalog_service.domain import definition
from catalog_service.domain.binding import BindingWarning, Wanted
from catalog_service.domain.definition import Action, Definition
from catalog_service.domain.gpt import Gpt, Sharing, Version
from catalog_service.usecases.bind_action import Bound
from catalog_service.usecases.edit_gpt import Edit
from contracts.ids import ActionId, GptId, MemberId, SchemaId

Name = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=definition.MAX_NAME),
]
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

    sharing: Sharing = Sharing.PRIVATE


class ActionView(BaseModel):
    id: ActionId
    name: str
    schema_id: SchemaId
    operations: list[str]
    origins: list[str] = Field(description="Where these operations call: `scheme://host[:port]`.")
    privacy_policy_url: str | None

    @classmethod
    def of(cls, action: Action) -> "ActionView":
        return cls.model_validate(action, from_attributes=True)


class WarningView(BaseModel):
    code: str
    sentence: str
    hint: str
    host: str | None

    @classmethod
    def of(cls, warning: BindingWarning) -> "WarningView":
        return cls.model_validate(warning, from_attributes=True)


class BoundActionView(BaseModel):
    id: ActionId
    gpt_id: GptId
    name: str
    schema_id: SchemaId
    operations: list[str]
    origins: list[str]
    privacy_policy_url: str | None
    revision: int
    warnings: list[WarningView] = Field(
        description="The action is stored; publishing or calls will be refused for these."
    )

    @classmethod
    def of(cls, bound: Bound) -> "BoundActionView":
        return cls(
            **ActionView.of(bound.action).model_dump(),
            gpt_id=bound.gpt.id,
            revision=bound.gpt.revision,
            warnings=[WarningView.of(warning) for warning in bound.warnings],
        )


class VersionView(BaseModel):
    gpt_id: GptId
    version: int
    sharing: Sharing
    published_at: datetime
    published_by: MemberId
    name: str
    actions: list[ActionView]

    @classmethod
    def of(cls, version: Version) -> "VersionView":
        return cls(
            gpt_id=version.gpt_id,
            version=version.number,
            sharing=version.publication.sharing,
            published_at=version.publication.at,
            published_by=version.publication.by,
            name=version.definition.name,
            actions=[ActionView.of(action) for action in version.definition.actions],
        )


class GptSummaryView(BaseModel):
    id: GptId
    name: str
    description: str
    actions: int
    published_version: int | None
    sharing: Sharing | None = Field(description="Null while nothing is published.")
    revision: int

    @classmethod
    def of(cls, gpt: Gpt) -> "GptSummaryView":
        version = gpt.published
        return cls(
            id=gpt.id,
            name=gpt.draft.name,
            description=gpt.draft.description,
            actions=len(gpt.draft.actions),
            published_version=version.number if version else None,
            sharing=version.publication.sharing if version else None,
            revision=gpt.revision,
        )


class GptView(BaseModel):
    """The draft, and which version is published."""

    id: GptId
    name: str
    description: str
    instructions: str
    starters: list[str]
    actions: list[ActionView]
    published: VersionView | None
    revision: int

    @classmethod
    def of(cls, gpt: Gpt) -> "GptView":
        draft = gpt.draft
        return cls(
            id=gpt.id,
            name=draft.name,
            description=draft.description,
            instructions=draft.instructions,
            starters=list(draft.starters),
            actions=[ActionView.of(action) for action in draft.actions],
            published=VersionView.of(gpt.published) if gpt.published else None,
            revision=gpt.revision,
        )
