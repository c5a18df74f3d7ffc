from datetime import datetime

from contracts.ids import ActionId, MemberId, WorkspaceId
from contracts.request import Reply, Request


class SealedCredential(Reply):
    """What an action signs in with, readable by one replica only.

    `sealed` is HPKE (RFC 9180; X25519, HKDF-SHA256, AES-256-GCM) over a JSON object
    `{"headers": [[name, value], …], "query": [[name, value], …]}`; its `info` binds workspace,
    action, origin and expiry. Empty where the action signs in with nothing.
    """

    revision: int
    sealed: str = ""
    """Base64."""
    expires_at: datetime


class IssueCredential(Request[SealedCredential], name="auth.issue_credential"):
    """Release an action's credential for one origin to the replica that asks."""

    workspace_id: WorkspaceId
    action_id: ActionId
    member_id: MemberId
    origin: str
    recipient: str
    """The asking replica's raw X25519 public key, base64."""
