"""What must be true of a draft before calls may use it; the domains are policy's to judge."""

from typing import Any

from catalog_service.domain.definition import Action, Definition
from catalog_service.domain.errors import ActionWithoutOperations, PrivacyPolicyRequired
from contracts.access import Sharing

FOR_STRANGERS = frozenset({Sharing.LINK, Sharing.PUBLIC})


def check_publishable(draft: Definition, sharing: Sharing) -> None:
    """A GPT without actions is as publishable as any."""
    empty = [action for action in draft.actions if not action.operations]
    if empty:
        raise ActionWithoutOperations([_finding(action, "has no operations") for action in empty])
    silent = [action for action in draft.actions if action.public_policy_url is None]
    if silent and sharing in FOR_STRANGERS:
        why = "has no valid privacy policy URL"
        raise PrivacyPolicyRequired([_finding(action, why) for action in silent])


def _finding(action: Action, why: str) -> dict[str, Any]:
    return {"action_id": action.id, "message": f"The action `{action.name}` {why}."}
