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


class ActionOrigins(Reply):
    gpt_id: GptId
    action_id: ActionId
    schema_id: SchemaId
    origins: tuple[str, ...]
    """The origins (`scheme://host[:port]`) that the action's operations call."""


class ReadAction(Request[ActionOrigins], name="catalog.read_action"):
    """The draft state of an action; `catalog.action_not_found` where there is none to see."""

    workspace_id: WorkspaceId
    action_id: ActionId
