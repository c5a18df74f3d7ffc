from enum import StrEnum

from contracts.access import GptAccess, Level, Sharing
from contracts.ids import ActionId, GptId, MemberId, SchemaId, WorkspaceId
from contracts.principal import Role
from contracts.request import Reply, Request


class Stage(StrEnum):
    DRAFT = "draft"
    """The newest revision of what builders edit."""
    PUBLISHED = "published"
    """What calls use."""


class ReleaseAction(Reply):
    """One API of a release."""

    action_id: ActionId
    name: str
    schema_id: SchemaId
    origin_set: str
    """`contracts.origin.origin_set_digest` of all origins that the action's tools call."""
    privacy_policy_url: str | None = None


class ReleaseTool(Reply):
    """One operation that a release offers to models."""

    name: str
    """Unique in the GPT: what models and callers use."""
    action_id: ActionId
    operation: str
    """Its name in the action's schema."""
    source_digest: str
    """Of the document, the operation and the builder's choices; not of how it is compiled."""
    origin: str
    method: str
    consequential: bool
    anonymous: bool
    server: str = ""
    """The base URL that the action's binding chose; empty: as the operation is compiled."""


class ReleasePage(Reply):
    """A page of a release: first its actions, then its tools, in their order."""

    gpt_id: GptId
    stage: Stage
    number: int
    """The version of what is published, the revision of a draft."""
    name: str
    actions: tuple[ReleaseAction, ...] = ()
    tools: tuple[ReleaseTool, ...] = ()
    next_offset: int | None = None
    """Of the next page; None at the end."""


class ReadRelease(Request[ReleasePage], name="catalog.read_release"):
    """What one publication, or one revision of a draft, froze.

    `catalog.gpt_not_found` where there is none to see; `catalog.release_gone` for a number that is
    no longer kept. Later pages name the `number` of the first, so that all are of one release.
    """

    workspace_id: WorkspaceId
    gpt_id: GptId
    stage: Stage = Stage.PUBLISHED
    number: int | None = None
    """None for the newest."""
    offset: int = 0


class ReleaseTexts(Reply):
    """A slice of the JSON text `{"description", "instructions", "starters"}` of a release."""

    number: int
    text: str
    next_offset: int | None = None
    """Where the next slice starts, in characters; None at the end."""


class ReadReleaseTexts(Request[ReleaseTexts], name="catalog.read_release_texts"):
    """The texts of a release for models; refusals as of `catalog.read_release`."""

    workspace_id: WorkspaceId
    gpt_id: GptId
    stage: Stage = Stage.PUBLISHED
    number: int | None = None
    offset: int = 0


class AccessEntry(Reply):
    member_id: MemberId
    level: Level


class AccessOfGpt(Reply):
    """Who may use a GPT; it is live, and in no release."""

    workspace_id: WorkspaceId
    owner: MemberId | None = None
    sharing: Sharing = Sharing.PRIVATE
    entries: tuple[AccessEntry, ...] = ()

    @classmethod
    def of(cls, access: GptAccess) -> "AccessOfGpt":
        entries = (AccessEntry(member_id=member, level=level) for member, level in access.entries)
        return cls(
            workspace_id=access.workspace_id,
            owner=access.owner,
            sharing=access.sharing,
            entries=tuple(entries),
        )

    @property
    def access(self) -> GptAccess:
        entries = tuple((entry.member_id, entry.level) for entry in self.entries)
        return GptAccess(self.workspace_id, self.owner, self.sharing, entries)


class ReadAccess(Request[AccessOfGpt], name="catalog.read_access"):
    """Who may use a GPT; `catalog.gpt_not_found` for what is unknown or foreign."""

    workspace_id: WorkspaceId
    gpt_id: GptId


class BoundAction(Reply):
    """One action of a published GPT: which operations of which schema version it offers."""

    action_id: ActionId
    schema_id: SchemaId
    operations: tuple[str, ...]
    """Names of the operations that the builder chose, unique within the GPT's action."""
    privacy_policy_url: str | None = None


class PublishedGpt(Reply):
    gpt_id: GptId
    version: int
    actions: tuple[BoundAction, ...]


class ReadGpt(Request[PublishedGpt], name="catalog.read_gpt"):
    """What replicas of the release before ask instead of `catalog.read_release`."""

    workspace_id: WorkspaceId
    gpt_id: GptId


class KeptOrigins(Reply):
    """An origin set that kept versions of a GPT call."""

    origin_set: str
    versions: tuple[int, ...]
    """Newest first."""


class ActionOrigins(Reply):
    gpt_id: GptId
    action_id: ActionId
    schema_id: SchemaId
    origins: tuple[str, ...]
    """Where the draft's operations call (`scheme://host[:port]`); empty where it left the draft."""
    published_origins: tuple[str, ...] | None = None
    """Where those of the published version call; None where it has no such action."""
    kept: tuple[KeptOrigins, ...] = ()
    """Each origin set of the versions that are kept, once."""
    access: AccessOfGpt | None = None
    """Who may edit its GPT, and so set how it signs in; None from the release before."""
    gpt_name: str = ""
    """The draft's; empty from the release before."""


class ReadAction(Request[ActionOrigins], name="catalog.read_action"):
    """Where an action calls; `catalog.action_not_found` where there is none to see."""

    workspace_id: WorkspaceId
    action_id: ActionId


class SchemaUse(Reply):
    """A GPT with an action of a schema version."""

    gpt_id: GptId
    name: str
    """The draft's."""
    draft: bool
    """Whether the draft has such an action."""
    versions: tuple[int, ...] = ()
    """Kept versions that have one, newest first."""


class SchemaUses(Reply):
    gpts: tuple[SchemaUse, ...]
    """Up to 20, of those whose settings the member may view."""
    others: bool
    """Whether there are more: beyond the 20, or that the member may not view."""


class FindSchemaUses(Request[SchemaUses], name="catalog.find_schema_uses"):
    """Which GPTs use a schema version, as committed when this is answered? For whoever asks whether
    it may be deleted, on behalf of a member.
    """

    workspace_id: WorkspaceId
    schema_id: SchemaId
    member_id: MemberId
    role: Role
