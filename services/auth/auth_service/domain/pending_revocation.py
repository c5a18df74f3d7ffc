"""What is still to be revoked at a provider (RFC 7009), after our copy is destroyed."""

import json
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Self

from auth_service.domain.oauth.token_request import OAuthRequest
from contracts.ids import ActionId, WorkspaceId
from kit.key_ring import Place, Sealed
from kit.sealing import Secret

ENDS_WITHIN = timedelta(minutes=1)
"""It is stored before its connection ends. One whose connection is linked still after that time
belongs to an end that was never committed; or the member signed in anew, which the provider could
take back together with the former sign-in.
"""


@dataclass(frozen=True, slots=True)
class RevocationCall:
    """All that it takes: the client's settings and its secret may be gone by then."""

    preset: str
    """The name of the profile that says what the answer means."""
    request: OAuthRequest

    def for_storage(self) -> Secret[bytes]:
        document = {
            "preset": self.preset,
            "url": self.request.url,
            "method": self.request.method,
            "headers": [[name, value] for name, value in self.request.headers],
            "body": self.request.body.decode(),
        }
        return Secret(json.dumps(document).encode())

    @classmethod
    def from_storage(cls, opened: Secret[bytes]) -> Self:
        document = json.loads(opened.reveal())
        request = OAuthRequest(
            document["url"],
            tuple((name, value) for name, value in document["headers"]),
            document["body"].encode(),
            document["method"],
        )
        return cls(document["preset"], request)


@dataclass(frozen=True, slots=True)
class PendingRevocation:
    """`sealed` is a `RevocationCall`."""

    id: str
    workspace_id: WorkspaceId
    action_id: ActionId
    connection_id: str
    sealed: Sealed
    asked_at: datetime
    next_at: datetime
    attempts: int = 0

    @property
    def place(self) -> Place:
        return place_of_revocation(self.workspace_id, self.id)

    def is_void(self, *, linked: bool, now: datetime) -> bool:
        """Whether it is never carried out, where its connection is (still, or again) linked."""
        return linked and now - self.asked_at >= ENDS_WITHIN

    def again(self, at: datetime) -> "PendingRevocation":
        return replace(self, attempts=self.attempts + 1, next_at=at)


def place_of_revocation(workspace_id: WorkspaceId, id_: str) -> Place:
    return Place(workspace_id, "revocations", id_, "request")
