from datetime import datetime

from contracts.ids import ActionId, MemberId, WorkspaceId
from contracts.operation import Location
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


class CredentialSlot(Reply):
    """A place of requests that a credential fills."""

    location: Location
    name: str


class CredentialDescription(Reply):
    """How an action signs in; never a secret."""

    type: str
    """`none` or `api_key`."""
    slots: tuple[CredentialSlot, ...] = ()
    per_user: bool = False
    revision: int


class DescribeCredential(Request[CredentialDescription], name="auth.describe_credential"):
    """Where an action's credential goes, for one origin; refusals as of `auth.issue_credential`."""

    workspace_id: WorkspaceId
    action_id: ActionId
    origin: str
    origin_set: str = ""
    """All origins of the action in the release (`contracts.origin.origin_set_digest`)."""


class IssueCredential(Request[SealedCredential], name="auth.issue_credential"):
    """Release an action's credential for one origin to the replica that asks."""

    workspace_id: WorkspaceId
    action_id: ActionId
    member_id: MemberId
    origin: str
    recipient: str
    """The asking replica's raw X25519 public key, base64."""
    origin_set: str = ""
    """As of `auth.describe_credential`."""
