"""How the people of one workspace sign in with their company's accounts."""

from collections.abc import Collection
from dataclasses import dataclass, replace

from contracts.ids import MemberId, WorkspaceId
from contracts.requests import Role
from identity_service.domain.role_order import outranks
from kit.key_ring import Sealed

MAX_DOMAINS = 20
MAX_GROUP_ROLES = 100


@dataclass(frozen=True, slots=True)
class GroupRole:
    group: str
    role: Role


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
    group_roles: tuple[GroupRole, ...] = ()
    enforced: bool = False
    emergency_owner: MemberId | None = None
    """Who signs in by a link all the same."""
    secret: Sealed | None = None
    """None: a public client, which proves itself by PKCE alone."""
    revision: int = 0
    """0: not stored yet."""

    def follows(self, seen: "SignInSettings | None") -> "SignInSettings":
        return replace(self, revision=(seen.revision if seen else 0) + 1)

    def is_same_client(self, other: "SignInSettings") -> bool:
        return (self.issuer, self.client_id) == (other.issuer, other.client_id)

    @property
    def maps_groups(self) -> bool:
        return self.group_claim is not None and bool(self.group_roles)

    def role_for(self, groups: Collection[str]) -> Role:
        """The highest that a group gives; the default role where none does."""
        mapped = [each.role for each in self.group_roles if each.group in groups]
        best = mapped[0] if mapped else self.default_role
        for role in mapped:
            best = role if outranks(role, best) else best
        return best


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
