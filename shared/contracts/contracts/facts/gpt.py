from contracts.fact import Fact
from contracts.ids import ActionId, GptId


class GptChanged(Fact, name="gpt.changed", by="catalog"):
    """The draft of a GPT changed; what is published did not, and calls of it go on unchanged."""

    gpt_id: GptId
    revision: int


class GptPublished(Fact, name="gpt.published", by="catalog", voids=True):
    """Calls use this version from now on."""

    gpt_id: GptId
    version: int
    action_ids: tuple[ActionId, ...]


class GptAccessChanged(Fact, name="gpt.access_changed", by="catalog", voids=True):
    """Who may use the GPT changed: its owner, its sharing, its list, or it is published no more."""

    gpt_id: GptId
    revision: int


class GptRemoved(Fact, name="gpt.removed", by="catalog", voids=True):
    """The GPT and its actions are gone; nothing of it may run any more."""

    gpt_id: GptId
