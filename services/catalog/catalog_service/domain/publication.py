"""What must be true of a draft before calls may use it; policy checks the domains."""

from dataclasses import dataclass
from typing import Any

from catalog_service.domain.definition import Action, Definition
from catalog_service.domain.errors import ActionWithoutOperations, PrivacyPolicyRequired
from contracts.access import Sharing
from contracts.ids import ActionId

FOR_STRANGERS = frozenset({Sharing.LINK, Sharing.PUBLIC})


@dataclass(frozen=True, slots=True)
class PublicationWarning:
    """It is published all the same."""

    code: str
    sentence: str
    hint: str
    action_id: ActionId | None = None


CUSTOM_ACTIONS_OFF = PublicationWarning(
    "policy.custom_actions_disabled",
    "Custom actions are disabled for your workspace. Contact your admin to enable them.",
    hint="Until then every call is refused. An owner or admin turns them on: PUT /v1/settings.",
)


def credential_missing(action: Action) -> PublicationWarning:
    return PublicationWarning(
        "catalog.credential_missing",
        f"The document of the action `{action.name}` asks for a credential, and none is set: its "
        "calls go out without one.",
        hint="PUT /v1/credentials/{action_id} sets one, or the type `none` where that is meant.",
        action_id=action.id,
    )


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
