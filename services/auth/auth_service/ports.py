"""What auth needs of the world, and `kit.key_ring.KeyRing`."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import NamedTuple, Protocol, Self, TypeVar

from auth_service.domain.action_credentials import ActionCredentials
from auth_service.domain.action_hosts import ActionHosts
from auth_service.domain.attempt import Attempt, Ticket
from auth_service.domain.connection import Connection, ConnectionState, Whose
from auth_service.domain.oauth.answer_document import HttpAnswer
from auth_service.domain.oauth.token_request import OAuthRequest
from auth_service.domain.pending_revocation import PendingRevocation
from auth_service.domain.renewal import Renewal
from auth_service.domain.secret_reference import SecretStoreName
from auth_service.domain.service_token import ServiceToken
from auth_service.domain.stored_secret import StoredSecret
from auth_service.domain.tested_credential import CalledOperation
from contracts.facts import (
    ConnectionLinked,
    ConnectionLost,
    ConnectionRevoked,
    CredentialChanged,
)
from contracts.ids import ActionId, GptId, MemberId, WorkspaceId
from kit.key_ring import Place, Sealed

Clock = Callable[[], datetime]


class CredentialStore(Protocol):
    async def find(self, workspace_id: WorkspaceId, action_id: ActionId) -> ActionCredentials:
        """The newest committed ones; an action that has none signs in with nothing."""
        ...

    async def replace(
        self, seen: ActionCredentials, changed: ActionCredentials, fact: CredentialChanged
    ) -> None:
        """Commit credentials and fact together; `Overtaken` where `seen` is not the newest,
        or a change of keys sealed meanwhile, without a new revision, what stays.

        `NotInForce` where they are committed and their fact could not be published.
        """
        ...

    async def destroy(self, seen: ActionCredentials, fact: CredentialChanged) -> None:
        """Delete all of them and their secrets for good, and commit the fact; refusals as above."""
        ...

    async def rule_out(self, workspace_id: WorkspaceId, action_id: ActionId) -> None:
        """Nobody sets anything for this action from now on, which has no settings or no more.

        `Overtaken` where it has; `NotInForce` where they are gone and their fact is not out.
        """
        ...

    async def ensure_in_force(self, workspace_id: WorkspaceId, action_id: ActionId) -> None:
        """Publish what is still to be published of them; `NotInForce` as above."""
        ...

    async def page(
        self, workspace_id: WorkspaceId, limit: int, after: str | None
    ) -> list[ActionCredentials]:
        """Up to `limit + 1` actions that have any, newest first, their ids less than `after`."""
        ...


class Actions(Protocol):
    async def hosts(self, workspace_id: WorkspaceId, action_id: ActionId) -> ActionHosts:
        """What the action calls, in the draft and in releases; not found alike if foreign or
        unknown.
        """
        ...


class SecretStores(Protocol):
    """The operator's own, which secrets are read from by reference."""

    async def read(self, store: SecretStoreName, name: str, region: str) -> StoredSecret:
        """What is there now, within four seconds; `region` is of AWS. Raises `SecretNotFound` and
        `SecretStoreUnavailable`.
        """
        ...


class TrialCalls(Protocol):
    async def call(
        self, caller: str, gpt_id: GptId, action_id: ActionId, operation: str | None
    ) -> CalledOperation:
        """Call an operation of the action's draft that reads and needs no arguments, the named one
        or the first, by whoever has this `kit.caller.lasting_key`. Raises what refuses it.
        """
        ...


class TokenEndpoint(Protocol):
    """Providers' token and revocation URLs."""

    def ensure_callable(self, url: str, name: str) -> None:
        """Raises `UrlInvalid` for what no request is ever sent to; `name` is what people call it,
        such as `token URL`.
        """
        ...

    async def send(self, request: OAuthRequest, pool_key: str) -> HttpAnswer:
        """Once, redirects not followed, within `renewal.REQUEST_SECONDS`.

        `ProviderUnavailable` where certainly nothing was sent, else `OutcomeUnknown`. Requests of
        different `pool_key`s share no connection.
        """
        ...


class RenewedTokens(Protocol):
    """Tokens that are renewed: those of an action itself, or of a connection."""

    @property
    def id(self) -> str: ...

    @property
    def workspace_id(self) -> WorkspaceId: ...

    @property
    def action_id(self) -> ActionId: ...

    @property
    def place(self) -> Place: ...

    @property
    def renewal(self) -> Renewal: ...

    @property
    def sealed(self) -> Sealed | None: ...

    def with_renewal(self, renewal: Renewal, sealed: Sealed | None = None) -> Self:
        """With new tokens where `sealed` is given."""
        ...


T = TypeVar("T", bound=RenewedTokens)


class TokenStore(Protocol[T]):
    """By which replicas agree on who renews."""

    async def again(self, seen: T) -> T:
        """As it is stored now."""
        ...

    async def replace(self, seen: T, changed: T) -> None:
        """`Overtaken` where `seen` is not the newest, or a change of keys sealed meanwhile what
        stays.
        """
        ...


class ServiceTokens(TokenStore[ServiceToken], Protocol):
    """Of client credentials: one for each record of an action."""

    async def find(
        self, workspace_id: WorkspaceId, action_id: ActionId, revision: int
    ) -> ServiceToken:
        """Of the record that was entered with that revision; where there is none, the first one,
        without tokens, which `replace` adds.
        """
        ...

    async def keep_only(
        self, workspace_id: WorkspaceId, action_id: ActionId, revisions: Iterable[int]
    ) -> None:
        """Delete the action's others."""
        ...


ConnectionEnded = ConnectionLost | ConnectionRevoked


class Connections(TokenStore[Connection], Protocol):
    """Members' accounts and keys: one for each action and member, `MAX_CONNECTIONS` a member.

    `again` answers one that was deleted meanwhile as revoked. `replace` is for what goes on, and
    for `sign_in_again`: a change of the action's settings, whose own fact voids what it had.
    """

    async def find(self, whose: Whose) -> Connection | None: ...

    async def read(self, workspace_id: WorkspaceId, connection_id: str) -> Connection | None: ...

    async def link(
        self, seen: Connection | None, linked: Connection, fact: ConnectionLinked
    ) -> None:
        """Commit both together; `seen` is what `find` answered. `Overtaken` where it is not the
        newest, `ConnectionsFull` where the member has too many, `NotInForce` where they are
        committed and the fact could not be published.
        """
        ...

    async def end(
        self,
        seen: Connection,
        ended: Connection,
        fact: ConnectionEnded,
        revocation: PendingRevocation | None = None,
    ) -> None:
        """Commit both together, after `revocation` was stored; refusals as above."""
        ...

    async def delete(
        self, seen: Connection, fact: ConnectionRevoked, revocation: PendingRevocation | None = None
    ) -> None:
        """The same, and nothing is left of it."""
        ...

    async def ensure_in_force(self, seen: Connection) -> None:
        """Publish what is still to be published of it; `NotInForce` as above."""
        ...

    async def used(self, seen: Connection, at: datetime) -> None:
        """Note when, at most once in `NOTED_EVERY`."""
        ...

    async def of_member(
        self, workspace_id: WorkspaceId, member_id: MemberId, limit: int, after: str | None = None
    ) -> list[Connection]:
        """Up to `limit + 1`, newest first, of which the ids are less than `after`."""
        ...

    async def of_action(
        self, workspace_id: WorkspaceId, action_id: ActionId, limit: int, after: str | None = None
    ) -> list[Connection]:
        """The same of an action."""
        ...

    async def count(
        self, workspace_id: WorkspaceId, action_id: ActionId, state: ConnectionState
    ) -> int: ...


class Revocations(Protocol):
    """What is still to be revoked at providers, across workspaces."""

    async def due(self, now: datetime, limit: int) -> list[PendingRevocation]: ...

    async def later(self, seen: PendingRevocation, changed: PendingRevocation) -> None:
        """Harmless where another replica was quicker."""
        ...

    async def done(self, seen: PendingRevocation) -> None: ...


class Named(NamedTuple):
    """By which people know them."""

    member: str
    workspace: str
    active: bool = True
    """Whether the member is not switched off."""


class Names(Protocol):
    async def of(self, workspace_id: WorkspaceId, member_id: MemberId) -> Named:
        """`NotFound` for somebody who is no member, or no more."""
        ...


class SignInSeal(Protocol):
    """What begins and comes back, as texts for addresses; None is what was not sealed here."""

    def seal_ticket(self, ticket: Ticket) -> str: ...

    def open_ticket(self, text: str) -> Ticket | None: ...

    def seal_attempt(self, attempt: Attempt, browser_secret: str) -> str: ...

    def open_attempt(self, state: str, browser_secret: str) -> Attempt | None:
        """None also where another secret sealed it."""
        ...


class EndedOnce(Protocol):
    """Tickets and attempts by their ids, for as long as they could come again."""

    async def end(self, workspace_id: WorkspaceId, id_: str, at: datetime) -> bool:
        """Whether it had not ended: true for one of any number that try at once."""
        ...


class LinkLog(Protocol):
    """The audit trail's lines about who signed in to what."""

    def linked(self, connection: Connection) -> None: ...

    def refused(self, whose: Whose, code: str) -> None: ...
