from contracts.fact import Fact
from contracts.ids import ActionId, GptId


class ActionRemoved(Fact, name="action.removed", by="catalog", voids=True):
    """An action left its GPT for good; its credential and permissions must be destroyed."""

    gpt_id: GptId
    action_id: ActionId
