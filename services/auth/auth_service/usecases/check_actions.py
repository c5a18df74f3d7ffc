from dataclasses import dataclass

from auth_service.domain.action_credentials import ActionCredentials
from auth_service.ports import CredentialStore
from contracts import requests
from contracts.errors import PlatformError
from contracts.requests import ActionProblem, ActionsChecked, ActionToCheck
from egress.server_url import canonical_origin
from kit.key_ring import KeyRing


@dataclass(frozen=True, slots=True)
class CheckActions:
    """Which of these actions could not sign in at an origin of theirs, and why; and for which
    nobody ever said how they sign in.
    """

    credentials: CredentialStore
    keys: KeyRing

    async def __call__(self, asked: requests.CheckActions) -> ActionsChecked:
        problems, unset = [], []
        for action in asked.actions:
            credentials = await self.credentials.find(asked.workspace_id, action.action_id)
            if not _is_chosen(credentials, action):
                unset.append(action.action_id)
            refusal = self._refusal(credentials, action)
            if refusal is not None:
                problems.append(
                    ActionProblem(
                        action_id=action.action_id,
                        code=refusal.code,
                        sentence=refusal.sentence,
                        hint=refusal.hint,
                    )
                )
        return ActionsChecked(problems=tuple(problems), unset=tuple(unset))

    def _refusal(
        self, credentials: ActionCredentials, action: ActionToCheck
    ) -> PlatformError | None:
        origins = (canonical_origin(origin) for origin in action.origins)
        return credentials.refusal_of(action.origin_set, origins, self.keys.known_keys)


def _is_chosen(credentials: ActionCredentials, action: ActionToCheck) -> bool:
    """Whether somebody said how these calls sign in, were it with nothing. What is kept for earlier
    releases when the first credential is entered, nobody said.
    """
    origins = (canonical_origin(origin) for origin in action.origins)
    serving = credentials.serving(action.origin_set, origins)
    said = any(record.way or record.set_by for record in serving)
    return said or credentials.cleared_by is not None
