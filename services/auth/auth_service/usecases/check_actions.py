from dataclasses import dataclass

from auth_service.ports import CredentialStore
from contracts import requests
from contracts.errors import PlatformError
from contracts.ids import WorkspaceId
from contracts.requests import ActionProblem, ActionsChecked, ActionToCheck
from egress.server_url import canonical_origin
from kit.key_ring import KeyRing


@dataclass(frozen=True, slots=True)
class CheckActions:
    """Which of these actions could not sign in at an origin of theirs, and why."""

    credentials: CredentialStore
    keys: KeyRing

    async def __call__(self, asked: requests.CheckActions) -> ActionsChecked:
        problems = []
        for action in asked.actions:
            refusal = await self._refusal(asked.workspace_id, action)
            if refusal is not None:
                problems.append(
                    ActionProblem(
                        action_id=action.action_id,
                        code=refusal.code,
                        sentence=refusal.sentence,
                        hint=refusal.hint,
                    )
                )
        return ActionsChecked(problems=tuple(problems))

    async def _refusal(
        self, workspace_id: WorkspaceId, action: ActionToCheck
    ) -> PlatformError | None:
        credentials = await self.credentials.find(workspace_id, action.action_id)
        origins = (canonical_origin(origin) for origin in action.origins)
        return credentials.refusal_of(action.origin_set, origins, self.keys.known_keys)
