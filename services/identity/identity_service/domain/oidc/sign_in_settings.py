"""How the people of one workspace sign in with their company's accounts."""

from dataclasses import dataclass, replace
from datetime import datetime

from contracts.ids import MemberId, WorkspaceId
from contracts.requests import Role
from kit.key_ring import Sealed

MAX_DOMAINS = 20


@dataclass(frozen=True, slots=True)
class SignInSettings:
    workspace_id: WorkspaceId
    issuer: str
    """Exactly as the provider writes it."""
    client_id: str
    domains: tuple[str, ...] = ()
    """Lower-case A-labels. One counts while the operator's list has it, too."""
    default_role: Role = Role.USER
    group_claim: str | None = None
    """Where the ID token says a person's groups; which role they give, `GroupRoles` says."""
    enforced: bool = False
    emergency_owner: MemberId | None = None
    """Who signs in by a link all the same."""
    secret: Sealed | None = None
    """None: a public client, which proves itself by PKCE alone."""
    begun: int = 0
    """When they were set for the first time, in milliseconds since 1970; 0: a release that did not
    keep that set them.
    """
    revision: int = 0
    """Since then; 0: not stored yet."""

    @property
    def version(self) -> int:
        """Of no other settings of the workspace, also not of those that were removed before."""
        return self.begun + self.revision

    def follows(self, seen: "SignInSettings | None", now: datetime) -> "SignInSettings":
        if seen is None:
            return replace(self, begun=int(now.timestamp() * 1_000), revision=1)
        return replace(self, begun=seen.begun, revision=seen.revision + 1)


@dataclass(frozen=True, slots=True)
class ConfirmedDomains:
    """Domains of e-mail addresses that are a workspace's own, as the operator confirmed."""

    workspace_id: WorkspaceId
    domains: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Identity:
    """A member is whom this issuer calls by this name; addresses and names may change."""

    id: str
    workspace_id: WorkspaceId
    member_id: MemberId
    issuer: str
    subject: str
