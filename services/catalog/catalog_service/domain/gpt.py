"""A GPT: the draft that builders edit, the version that calls use, and what earlier ones hold."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from catalog_service.domain.definition import Action, Definition
from catalog_service.domain.errors import GptNotFound
from catalog_service.domain.release import Release
from contracts.access import EVERYBODY, GptAccess, Level, Sharing
from contracts.ids import ActionId, GptId, MemberId, WorkspaceId
from contracts.origin import origin_set_digest
from contracts.requests import Stage
from kit.retention import MAX_REMEMBERED


@dataclass(frozen=True, slots=True)
class Publication:
    """Who made a version what calls use, and when."""

    sharing: Sharing
    """As the publication set it; what counts is the GPT's access now."""
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
        return version_id(self.gpt_id, self.number)

    @property
    def release(self) -> Release:
        return Release(self.gpt_id, Stage.PUBLISHED, self.number, self.definition)


def version_id(gpt_id: GptId, number: int) -> str:
    """Sorts by GPT, then by number."""
    return f"{gpt_id}_{number:08d}"


@dataclass(frozen=True, slots=True)
class Held:
    """Kept versions in which an action calls the origins of one set."""

    action_id: ActionId
    origin_set: str
    """`contracts.origin.origin_set_digest`."""
    versions: tuple[int, ...]
    """Ascending."""


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
    last_version: int = 0
    """The number of the last publication, also where nothing is published any more. Lower than the
    published one's where an earlier release published, whose publication then says the sharing.
    """
    held: tuple[Held, ...] | None = ()
    """What the kept versions hold, the published one included; None where an earlier release wrote
    the GPT, and `PinTools` is still to find out."""
    held_to: int = 0
    """The number of the newest version that was looked at for `held`."""
    owner: MemberId | None = None
    """None for what an earlier release wrote and nobody published."""
    sharing: Sharing = Sharing.PRIVATE
    entries: tuple[tuple[MemberId, Level], ...] = ()
    """The access list, each member once."""

    @property
    def access(self) -> GptAccess:
        return GptAccess(self.workspace_id, self.owner, self.sharing, self.entries)

    @property
    def visible_to(self) -> tuple[str, ...]:
        """The members whose lists show it, or everybody; owners and admins see all. Those who may
        only chat with it see it while it is published.
        """
        if self.published and self.sharing is not Sharing.PRIVATE:
            return (EVERYBODY,)
        listed = {
            member for member, level in self.entries if self.published or level is not Level.CHAT
        }
        return tuple(sorted(listed | ({self.owner} if self.owner else set())))

    @property
    def draft_release(self) -> Release:
        return Release(self.id, Stage.DRAFT, self.revision, self.draft)

    @property
    def is_pinned(self) -> bool:
        """False for what an earlier release wrote, or published."""
        return self.knows_held and all(
            action.is_pinned for definition in self._definitions for action in definition.actions
        )

    @property
    def knows_held(self) -> bool:
        """False where an earlier release published: it leaves `held` and `held_to` as they were."""
        return self.held is not None and self.held_to >= self.newest_number

    @property
    def _definitions(self) -> Iterator[Definition]:
        yield self.draft
        if self.published:
            yield self.published.definition

    @property
    def known_actions(self) -> frozenset[ActionId]:
        """Those that the draft or a kept version has: their credentials are kept."""
        ids = {action.id for definition in self._definitions for action in definition.actions}
        return frozenset(ids | {held.action_id for held in self.held or ()})

    def let_go_by(self, changed: "Gpt") -> tuple[ActionId, ...]:
        """Actions that nothing of the GPT has any more once it is changed so, sorted."""
        return tuple(sorted(self.known_actions - changed.known_actions))

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

    def restored(self, version: Version) -> "Gpt":
        """With that version's definition as the draft; this very GPT where it is so already.

        Actions keep their ids, and so their credentials.
        """
        changed = self.redrafted(version.definition)
        if changed is self:
            return self
        present = {action.id for action in version.definition.actions}
        gone = (*self.removed_actions, *(action.id for action in self.draft.actions))
        removed = tuple(dict.fromkeys(each for each in gone if each not in present))
        return replace(changed, removed_actions=removed[-MAX_REMEMBERED:])

    def keeps(self, number: int, kept_versions: int) -> bool:
        """Whether a version of that number is, or is not yet to be, deleted."""
        return number > self.newest_number - kept_versions

    def publishing(self, publication: Publication, kept_versions: int) -> "Gpt":
        """Answers this very GPT where the same is published to the same people already.

        What the last `kept_versions` versions hold stays held.
        """
        last = self.published
        if last and last.definition == self.draft and self.sharing is publication.sharing:
            return self
        number = self.newest_number + 1
        version = Version(self.id, number, self.draft, publication)
        return replace(
            self,
            published=version,
            sharing=publication.sharing,
            revision=self.revision + 1,
            last_version=number,
            held=holding(self.held or (), version, number - kept_versions + 1),
            held_to=number,
        )

    @property
    def newest_number(self) -> int:
        """Of the versions so far; 0 where there was none."""
        return max(self.last_version, self.published.number if self.published else 0)

    def shared(self, access: GptAccess) -> "Gpt":
        """Answers this very GPT where access is so already."""
        if access == self.access:
            return self
        return replace(
            self,
            owner=access.owner,
            sharing=access.sharing,
            entries=access.entries,
            revision=self.revision + 1,
            last_version=self.newest_number,
        )

    def unpublished(self) -> "Gpt":
        """Answers this very GPT where nothing is published."""
        if self.published is None:
            return self
        newest = self.newest_number
        return replace(self, published=None, last_version=newest, revision=self.revision + 1)

    @property
    def changed_since_publishing(self) -> bool:
        """Whether the draft differs from the published definition; False where nothing is."""
        return self.published is not None and self.published.definition != self.draft

    @property
    def in_use(self) -> Version:
        if self.published is None:
            raise GptNotFound
        return self.published

    @property
    def offered(self) -> tuple[Action, ...]:
        """The published actions. Of what an earlier release wrote, less those that left the draft:
        that release destroyed their credentials, and calls would go out without one.
        """
        actions = self.in_use.definition.actions
        if self.held is not None:
            return actions
        kept = {action.id for action in self.draft.actions}
        return tuple(action for action in actions if action.id in kept)


def holding(held: tuple[Held, ...], version: Version, oldest: int) -> tuple[Held, ...]:
    """What is held with this version, too, and without versions before the oldest."""
    versions = {(each.action_id, each.origin_set): each.versions for each in held}
    for action in version.definition.actions:
        key = (action.id, origin_set_digest(action.origins))
        versions[key] = tuple(sorted({*versions.get(key, ()), version.number}))
    kept = {
        key: tuple(number for number in numbers if number >= oldest)
        for key, numbers in versions.items()
    }
    return tuple(Held(*key, numbers) for key, numbers in kept.items() if numbers)
