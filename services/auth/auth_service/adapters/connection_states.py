"""How a member's connection is stored. What a later release wrote and this one does not know (a
state, a kind) is not used: to sign in anew replaces it.
"""

from dataclasses import dataclass
from datetime import datetime

from auth_service.adapters.client_states import SealedState, read_seal, written_seal
from auth_service.adapters.renewal_states import RenewalState, read_renewal, written_renewal
from auth_service.domain.connection import (
    Account,
    Connection,
    ConnectionKind,
    ConnectionState,
    Gpt,
    WhyEnded,
)
from auth_service.domain.oauth.scopes import GrantedScopes
from auth_service.domain.renewal import WhyLost
from contracts.ids import ActionId, MemberId
from kit.codec import Codec
from kit.stored import Stored


@dataclass(frozen=True, slots=True)
class AccountState:
    kind: str
    settings_digest: str
    api_origins: tuple[str, ...]
    scopes_asked: tuple[str, ...] = ()
    granted: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
    label: str = ""
    gpt_id: str = ""
    gpt_name: str = ""


@dataclass(frozen=True, slots=True)
class StoredConnection:
    action_id: str
    member_id: str
    renewal: RenewalState
    account: AccountState
    since: datetime
    state: str
    why: str | None = None
    tokens: SealedState | None = None
    """A `TokenSet` or a `MemberKey`."""
    last_used_at: datetime | None = None
    ended_at: datetime | None = None
    """None while it is linked."""


CONNECTIONS = Codec(StoredConnection, without_none=True, replaced=("renewal", "account", "tokens"))
_KINDS, _STATES = frozenset(ConnectionKind), frozenset(ConnectionState)


def read(stored: Stored[StoredConnection]) -> Connection:
    state = stored.state
    is_known = state.state in _STATES and state.account.kind in _KINDS
    return Connection(
        stored.id,
        stored.workspace_id,
        ActionId(state.action_id),
        MemberId(state.member_id),
        read_renewal(state.renewal),
        read_seal(state.tokens) if is_known else None,
        _account(state.account),
        state.since,
        ConnectionState(state.state) if is_known else ConnectionState.SIGN_IN_AGAIN,
        _why(state.why),
        state.last_used_at,
        stored.revision,
    )


def written(connection: Connection, now: datetime) -> StoredConnection:
    return StoredConnection(
        connection.action_id,
        connection.member_id,
        written_renewal(connection.renewal),
        _written_account(connection.account),
        connection.since,
        connection.state.value,
        connection.why.value if connection.why else None,
        written_seal(connection.sealed),
        connection.last_used_at,
        None if connection.is_linked else now,
    )


def _account(state: AccountState) -> Account:
    kind = ConnectionKind(state.kind) if state.kind in _KINDS else ConnectionKind.OAUTH
    return Account(
        state.settings_digest,
        state.api_origins,
        kind,
        state.scopes_asked,
        GrantedScopes(state.granted, state.missing, state.added),
        state.label,
        Gpt(state.gpt_id, state.gpt_name),
    )


def _written_account(account: Account) -> AccountState:
    return AccountState(
        account.kind.value,
        account.settings_digest,
        account.api_origins,
        account.scopes_asked,
        account.scopes.granted,
        account.scopes.missing,
        account.scopes.added,
        account.label,
        account.gpt.id,
        account.gpt.name,
    )


def _why(why: str | None) -> WhyLost | WhyEnded | None:
    if why in frozenset(WhyLost):
        return WhyLost(why)
    return WhyEnded(why) if why in frozenset(WhyEnded) else None
