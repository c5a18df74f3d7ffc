"""What signing in with a company's account needs of the world."""

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from contracts.ids import MemberId, WorkspaceId
from identity_service.domain.member import Member
from identity_service.domain.oidc.attempt import Attempt, Choice
from identity_service.domain.oidc.logout_token import Logout
from identity_service.domain.oidc.provider import Provider
from identity_service.domain.oidc.sign_in_settings import ConfirmedDomains, Identity, SignInSettings
from identity_service.domain.oidc.signed_token import Claims, Key
from kit.sealing import Secret


class Questions(Protocol):
    """What owners ask issuers anew, whatever came of it before."""

    def of(self, workspace_id: WorkspaceId) -> AbstractAsyncContextManager[None]:
        """Few of a workspace at a time, each for a bounded time. Raises as `FairShares.take`, and
        `ProviderUnreachable`, for owners, where it takes too long.
        """
        ...


class SignInSettingsStore(Protocol):
    """At most one a workspace."""

    async def find(self, workspace_id: WorkspaceId) -> SignInSettings | None: ...

    async def of_issuer(self, issuer: str) -> list[SignInSettings]:
        """Across workspaces, oldest workspace first."""
        ...

    async def of_domain(self, domain: str) -> list[SignInSettings]:
        """The same of those that name this domain."""
        ...

    async def save(self, seen: SignInSettings | None, changed: SignInSettings) -> None:
        """`Overtaken` where `seen` is no longer what is stored."""
        ...

    async def remove(self, seen: SignInSettings) -> bool:
        """At once; was it as it was seen?"""
        ...


class ConfirmedDomainStore(Protocol):
    async def find(self, workspace_id: WorkspaceId) -> ConfirmedDomains:
        """Without any domain where nobody confirmed one."""
        ...

    async def put(self, confirmed: ConfirmedDomains) -> None: ...


class IdentityStore(Protocol):
    """In a workspace an issuer's subject is at most one member, and a member at most one subject of
    an issuer. Of what earlier releases stored, a member may have several.
    """

    async def find(
        self, workspace_id: WorkspaceId, issuer: str, subject: str
    ) -> Identity | None: ...

    async def of_member(self, workspace_id: WorkspaceId, member_id: MemberId) -> list[Identity]: ...

    async def everywhere(self, issuer: str, subject: str) -> list[Identity]:
        """In all workspaces, oldest first; a hundred at most."""
        ...

    async def add(self, identity: Identity) -> bool:
        """Whether it was free: true for one of any number that try at once."""
        ...

    async def remove(self, identity: Identity) -> None:
        """Nothing happens where it is gone."""
        ...


class AttemptSeal(Protocol):
    def seal(self, attempt: Attempt, browser_secret: str) -> str:
        """A state for an address, of `kit.sealed_states.MAX_STATE` characters at most."""
        ...

    def open(self, state: str, browser_secret: str) -> Attempt | None:
        """None unless it was sealed here, by this very secret."""
        ...


class EndedAttemptStore(Protocol):
    async def end(self, attempt: Attempt, at: datetime) -> bool:
        """Whether it had not ended: true for one of any number that try at once."""
        ...


class ChoiceStore(Protocol):
    """Choices between workspaces that nobody made yet; expired ones are among them."""

    async def add(self, choice: Choice) -> None: ...

    async def find_by_digest(self, digest: str) -> Choice | None: ...

    async def use_up(self, choice: Choice) -> bool:
        """Whether it was still there: true for one of any number that try at once."""
        ...


class LogoutTokenStore(Protocol):
    """Logout tokens that were carried out, for as long as they could be sent again."""

    async def is_known(self, workspace_id: WorkspaceId, logout: Logout) -> bool: ...

    async def note(self, workspace_id: WorkspaceId, logout: Logout, at: datetime) -> bool:
        """Whether it was not known: true for one of any number that try at once."""
        ...


@dataclass(frozen=True, slots=True)
class Tokens:
    """What a provider gives for a code; nothing of it is checked."""

    id_token: str = field(repr=False)
    access_token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class CodeExchange:
    """What a code is exchanged with (RFC 6749, 4.1.3; RFC 7636, 4.5)."""

    code: str = field(repr=False)
    verifier: str = field(repr=False)
    redirect_uri: str
    client_id: str
    client_secret: Secret[str] | None
    pool_key: str
    """Connections are shared within it only."""


class Providers(Protocol):
    """Companies' sign-ins. All raises `ProviderUnsuitable`, `ProviderUnreachable`, or what the way
    out refuses.
    """

    async def discover(self, issuer: str, *, anew: bool = False) -> Provider:
        """Kept for some minutes, unless `anew`, and what does not suit for a minute."""
        ...

    async def keys(self, provider: Provider, *, anew: bool = False) -> Sequence[Key]:
        """Kept for some minutes. `anew` asks again; an issuer is asked once a minute at most,
        whoever asks and whatever came of it. In between it answers what is kept.
        """
        ...

    async def exchange(self, provider: Provider, exchange: CodeExchange) -> Tokens:
        """Sent once. `ProviderRefused` where the provider refuses the code or the client."""
        ...

    async def userinfo(self, provider: Provider, access_token: str, pool_key: str) -> Claims:
        """Empty where it has no such endpoint."""
        ...


class SignInNotes(Protocol):
    """Remembers, for whoever looks after the installation, what only an emergency explains."""

    def emergency(self, member: Member) -> None:
        """An owner signed in without the company's account, though that is enforced."""
        ...

    def admitted(self, member: Member, how: str) -> None:
        """A person was bound to a member, or became one."""
        ...
