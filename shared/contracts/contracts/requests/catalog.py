from contracts.ids import ActionId, GptId, SchemaId, WorkspaceId
from contracts.request import Reply, Request


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
    """The published version of a GPT; `catalog.gpt_not_found` where there is none to see."""

    workspace_id: WorkspaceId
    gpt_id: GptId


class KeptOrigins(Reply):
    """A set of origins that kept releases of an action call, and which releases these are."""

    origin_set: str
    """`origin_set_digest` of the origins."""
    versions: tuple[int, ...]


class ActionOrigins(Reply):
    gpt_id: GptId
    action_id: ActionId
    schema_id: SchemaId
    origins: tuple[str, ...]
    """The origins (`scheme://host[:port]`) that the action's operations call in the draft; empty
    where the action has left the draft and a kept release has it.
    """
    published_origins: tuple[str, ...] | None = None
    """The same of the published release; None where there is none, or it lacks the action."""
    kept: tuple[KeptOrigins, ...] = ()
    """Of the newest 50 versions, each set once."""


class ReadAction(Request[ActionOrigins], name="catalog.read_action"):
    """The draft state of an action; `catalog.action_not_found` where there is none to see."""

    workspace_id: WorkspaceId
    action_id: ActionId
