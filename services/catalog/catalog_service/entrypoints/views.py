"""What people are shown."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, Field

from catalog_service.domain.access_warnings import AccessWarning
from catalog_service.domain.binding import BindingWarning
from catalog_service.domain.definition import Action, hosts_of
from catalog_service.domain.gpt import Gpt, Version
from catalog_service.domain.seen_gpt import SeenGpt
from catalog_service.usecases.bind_action import Bound
from catalog_service.usecases.publish_gpt import Published
from contracts.access import GptAccess, Level, Sharing
from contracts.ids import ActionId, GptId, MemberId, SchemaId

MAX_HOSTS_SHOWN = 20


class ActionView(BaseModel):
    id: ActionId
    name: str
    schema_id: SchemaId
    operations: list[str]
    origins: list[str] = Field(description="Where these operations call: `scheme://host[:port]`.")
    privacy_policy_url: str | None
    base_url: str | None = Field(
        default=None, description="What the binding chose where the document leaves it open."
    )
    server_variables: dict[str, str] = Field(
        default={}, description="Values of server variables that the binding chose."
    )

    @classmethod
    def of(cls, action: Action) -> "ActionView":
        return cls.model_validate(action, from_attributes=True)


class ReadActionView(ActionView):
    """An action of the draft, and the GPT's revision."""

    gpt_id: GptId
    revision: int

    @classmethod
    def of_draft(cls, gpt: Gpt, action: Action) -> "ReadActionView":
        shown = ActionView.of(action).model_dump()
        return cls(**shown, gpt_id=gpt.id, revision=gpt.revision)


class WarningView(BaseModel):
    code: str
    detail: str = Field(validation_alias="sentence")
    hint: str
    host: str | None

    @classmethod
    def of(cls, warning: BindingWarning) -> "WarningView":
        return cls.model_validate(warning, from_attributes=True)


class BoundActionView(ReadActionView):
    warnings: list[WarningView] = Field(
        description="The action is stored; publishing or calls will be refused for these."
    )

    @classmethod
    def of_bound(cls, bound: Bound) -> "BoundActionView":
        return cls(
            **ReadActionView.of_draft(bound.gpt, bound.action).model_dump(),
            warnings=[WarningView.of(warning) for warning in bound.warnings],
        )


class VersionSummaryView(BaseModel):
    gpt_id: GptId
    version: int
    published: bool = Field(description="Whether calls use it now.")
    sharing: Sharing
    published_at: datetime
    published_by: MemberId
    name: str
    actions: list[ActionView]

    @classmethod
    def of(cls, version: Version, *, in_use: bool) -> "VersionSummaryView":
        return cls(**_members_of(version), published=in_use)


class VersionView(VersionSummaryView):
    """All that the version froze."""

    description: str
    instructions: str
    starters: list[str]

    @classmethod
    def of_all(cls, version: Version, *, in_use: bool) -> "VersionView":
        frozen = version.definition
        return cls(
            **_members_of(version),
            published=in_use,
            description=frozen.description,
            instructions=frozen.instructions,
            starters=list(frozen.starters),
        )


class PublicationWarningView(BaseModel):
    code: str
    detail: str = Field(validation_alias="sentence")
    hint: str
    action_id: ActionId | None


class PublicationView(VersionSummaryView):
    warnings: list[PublicationWarningView] = Field(
        default=[], description="It is published, and calls may not do what was meant."
    )

    @classmethod
    def of_publication(cls, published: Published) -> "PublicationView":
        warnings = [
            PublicationWarningView.model_validate(each, from_attributes=True)
            for each in published.warnings
        ]
        return cls(**_members_of(published.gpt.in_use), published=True, warnings=warnings)


def _members_of(version: Version) -> dict[str, Any]:
    """Of a `VersionSummaryView`, but for `published`."""
    publication, frozen = version.publication, version.definition
    return {
        "gpt_id": version.gpt_id,
        "version": version.number,
        "sharing": publication.sharing,
        "published_at": publication.at,
        "published_by": publication.by,
        "name": frozen.name,
        "actions": [ActionView.of(action) for action in frozen.actions],
    }


class ListedView(BaseModel):
    member_id: MemberId
    level: Level


class AccessWarningView(BaseModel):
    code: str
    detail: str = Field(validation_alias="sentence")
    hint: str
    member_id: MemberId


class AccessView(BaseModel):
    owner: MemberId | None = Field(
        description="Null, or who is no member any more, where only owners and admins manage it."
    )
    sharing: Sharing
    members: list[ListedView]
    warnings: list[AccessWarningView] = Field(
        default=[], description="Of a change: it is stored, and may not be what was meant."
    )

    @classmethod
    def of(cls, access: GptAccess, warnings: Sequence[AccessWarning] = ()) -> "AccessView":
        members = [ListedView(member_id=member, level=level) for member, level in access.entries]
        shown = [AccessWarningView.model_validate(each, from_attributes=True) for each in warnings]
        return cls(owner=access.owner, sharing=access.sharing, members=members, warnings=shown)


CHANGED = Field(
    description="Whether the draft differs from the published version; false if none is."
)


Hosts = Annotated[
    list[str], Field(max_length=MAX_HOSTS_SHOWN, description="Which its actions call; by name.")
]


class GptSummaryView(BaseModel):
    """The draft for whoever may view its settings, what is published for all others."""

    id: GptId
    name: str
    description: str
    action_count: int
    hosts: Hosts = []
    published_version: int | None
    changed_since_publishing: bool = CHANGED
    sharing: Sharing
    owner: MemberId | None
    revision: int | None = Field(description="Null for whoever may not view its settings.")

    @classmethod
    def of(cls, seen: SeenGpt) -> "GptSummaryView":
        gpt, version = seen.gpt, seen.gpt.published
        return cls(
            id=gpt.id,
            name=seen.definition.name,
            description=seen.definition.description,
            action_count=len(seen.actions),
            hosts=list(seen.hosts[:MAX_HOSTS_SHOWN]),
            published_version=version.number if version else None,
            changed_since_publishing=seen.changed_since_publishing,
            sharing=gpt.sharing,
            owner=gpt.owner,
            revision=seen.revision,
        )


class PublishedGptView(BaseModel):
    """A GPT for members who may chat with it and not view its settings."""

    id: GptId
    name: str
    description: str
    starters: list[str]
    action_count: int
    published_version: int
    sharing: Sharing
    owner: MemberId | None

    @classmethod
    def of(cls, gpt: Gpt) -> "PublishedGptView":
        texts = gpt.in_use.definition
        return cls(
            id=gpt.id,
            name=texts.name,
            description=texts.description,
            starters=list(texts.starters),
            action_count=len(gpt.offered),
            published_version=gpt.in_use.number,
            sharing=gpt.sharing,
            owner=gpt.owner,
        )


class GptView(BaseModel):
    """The draft, and which version is published."""

    id: GptId
    name: str
    description: str
    instructions: str
    starters: list[str]
    actions: list[ActionView]
    action_count: int
    hosts: Hosts = []
    published_version: int | None
    published: VersionSummaryView | None
    changed_since_publishing: bool = CHANGED
    owner: MemberId | None
    sharing: Sharing
    revision: int

    @classmethod
    def of(cls, gpt: Gpt) -> "GptView":
        draft, published = gpt.draft, gpt.published
        return cls(
            id=gpt.id,
            name=draft.name,
            description=draft.description,
            instructions=draft.instructions,
            starters=list(draft.starters),
            actions=[ActionView.of(action) for action in draft.actions],
            action_count=len(draft.actions),
            hosts=list(hosts_of(draft.actions)[:MAX_HOSTS_SHOWN]),
            published_version=published.number if published else None,
            published=VersionSummaryView.of(published, in_use=True) if published else None,
            changed_since_publishing=gpt.changed_since_publishing,
            owner=gpt.owner,
            sharing=gpt.sharing,
            revision=gpt.revision,
        )
