"""A GPT: the draft that builders edit, and the version that calls use."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from catalog_service.domain.definition import Action, Definition
from catalog_service.domain.errors import GptNotFound
from contracts.ids import ActionId, GptId, MemberId, WorkspaceId
from kit.retention import MAX_REMEMBERED


class Sharing(StrEnum):
    PRIVATE = "private"
    WORKSPACE = "workspace"
    LINK = "link"
    PUBLIC = "public"

    @property
    def reaches_strangers(self) -> bool:
        return self in {Sharing.LINK, Sharing.PUBLIC}


@dataclass(frozen=True, slots=True)
class Publication:
    """Who made a version what calls use, when, and for whom."""

    sharing: Sharing
    at: datetime
    by: MemberId


@dataclass(frozen=True, slots=True)
class Version:
    """A published definition. It never changes."""

    gpt_id: GptId
    number: int
    definition: Definition
    publication: Publication

    @property
    def id(self) -> str:
        """Sorts by GPT, then by number."""
        return f"{self.gpt_id}_{self.number:08d}"

    def says(self, definition: Definition, sharing: Sharing) -> bool:
        return self.definition == definition and self.publication.sharing is sharing


@dataclass(frozen=True, slots=True)
class Gpt:
    id: GptId
    workspace_id: WorkspaceId
    draft: Definition
    revision: int = 1
    """Counts every change, publications included."""
    published: Version | None = None
    removed_actions: tuple[ActionId, ...] = ()
    """The last that were removed: removing one of them again succeeds."""

    def without(self, action_id: ActionId) -> "Gpt":
        """Answers this very GPT where the action was removed before."""
        if action_id in self.removed_actions:
            return self
        removed = (*self.removed_actions, action_id)[-MAX_REMEMBERED:]
        return replace(self.redrafted(self.draft.without(action_id)), removed_actions=removed)

    def redrafted(self, draft: Definition) -> "Gpt":
        """Answers this very GPT where the draft is the same."""
        if draft == self.draft:
            return self
        return replace(self, draft=draft, revision=self.revision + 1)

    def publishing(self, publication: Publication) -> "Gpt":
        """Answers this very GPT where the same is published to the same people already."""
        last = self.published
        if last and last.says(self.draft, publication.sharing):
            return self
        version = Version(self.id, last.number + 1 if last else 1, self.draft, publication)
        return replace(self, published=version, revision=self.revision + 1)

    @property
    def in_use(self) -> Version:
        if self.published is None:
            raise GptNotFound
        return self.published

    @property
    def offered(self) -> tuple[Action, ...]:
        """The published actions, less those that left the draft since.

        Removing an action destroys its credential at once; were it still offered, calls would go
        out without one.
        """
        kept = {action.id for action in self.draft.actions}
        return tuple(action for action in self.in_use.definition.actions if action.id in kept)
