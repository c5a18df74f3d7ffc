"""How an action's credentials are stored, so that the release before can go on with them.

`type`, `set_by`, `set_at` and `api_key` are one record, which a release of before `first` reads and
changes as if it were the only one; `first` says what was added to it, `others` are the other
records. `first.written` is the document's revision. A different one means that such a release
changed its record since: what it entered is then the newest record; what it cleared, it cleared of
all.

`client` with `client_secret`, `own_key`, and `referred_key`, an API key with parts that stay in a
store of the operator's, are ways to sign in that the release before does not know: to it they are a
type that it does not have, or an API key without one, so that it refuses calls with
`auth.sign_in_unknown` and changes nothing. It does not bring `client_secret` and `referred_key`
under a new key either: going back during a change of keys, the old key stays configured.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from auth_service.adapters.client_states import (
    ClientState,
    ReferenceState,
    SealedState,
    is_known_client,
    is_known_reference,
    read_client,
    read_reference,
    written_client,
    written_reference,
    written_seal,
)
from auth_service.domain.action_credentials import ActionCredentials
from auth_service.domain.credential import ApiKey, Credential, Way
from auth_service.domain.own_key import OwnKey
from auth_service.domain.placement import Placement
from auth_service.domain.secret_reference import ReferredPart
from auth_service.domain.sign_in import SignIn
from contracts.ids import ActionId, MemberId
from contracts.origin import origin_set_digest
from kit.codec import Codec
from kit.key_ring import Sealed
from kit.stored import Stored


@dataclass(frozen=True, slots=True)
class ApiKeyState:
    placement: str
    key_id: str
    envelope: str
    header_names: tuple[str, ...] = ()
    parameter_names: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()
    references: tuple[ReferenceState, ...] = ()


@dataclass(frozen=True, slots=True)
class OwnKeyState:
    placement: str
    header_names: tuple[str, ...] = ()
    parameter_names: tuple[str, ...] = ()
    scheme: str = ""
    labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FirstState:
    written: int
    origin_set: str
    revision: int
    origins: tuple[str, ...] = ()
    deleted: bool = False


@dataclass(frozen=True, slots=True)
class RecordState:
    type: str
    origin_set: str
    revision: int
    origins: tuple[str, ...] = ()
    set_by: str | None = None
    set_at: datetime | None = None
    api_key: ApiKeyState | None = None
    deleted: bool = False
    client: ClientState | None = None
    client_secret: SealedState | None = None
    own_key: OwnKeyState | None = None
    referred_key: ApiKeyState | None = None


@dataclass(frozen=True, slots=True)
class CredentialState:
    type: str
    set_by: str | None = None
    set_at: datetime | None = None
    api_key: ApiKeyState | None = None
    first: FirstState | None = None
    others: tuple[RecordState, ...] = ()
    client: ClientState | None = None
    client_secret: SealedState | None = None
    own_key: OwnKeyState | None = None
    referred_key: ApiKeyState | None = None


_PLACEMENTS = frozenset(Placement)
_WAYS = ("api_key", "referred_key", "client", "client_secret", "own_key")
CREDENTIALS = Codec(CredentialState, without_none=True, replaced=(*_WAYS, "first", "others"))


def read(stored: Stored[CredentialState]) -> ActionCredentials:
    found = ActionCredentials(stored.workspace_id, ActionId(stored.id), stored.revision)
    state, first = stored.state, _first(stored)
    if first is None:
        member = None if state.set_by is None else MemberId(state.set_by)
        return replace(found, cleared_by=member, cleared_at=state.set_at)
    others = (_record(each) for each in state.others if each.origin_set != first.origin_set)
    records = sorted((_record(first), *others), key=lambda each: each.revision, reverse=True)
    return replace(found, records=tuple(records), published_set=first.origin_set)


def written(credentials: ActionCredentials) -> CredentialState:
    if not credentials.records:
        return CredentialState(SignIn.NONE.value, credentials.cleared_by, credentials.cleared_at)
    first = credentials.of_set(credentials.published_set) or credentials.records[0]
    state = _written(first)
    others = (each for each in credentials.records if each is not first)
    return CredentialState(
        type=state.type,
        set_by=state.set_by,
        set_at=state.set_at,
        api_key=state.api_key,
        first=FirstState(
            credentials.revision, first.origin_set, first.revision, first.origins, first.deleted
        ),
        others=tuple(_written(each) for each in others),
        client=state.client,
        client_secret=state.client_secret,
        own_key=state.own_key,
        referred_key=state.referred_key,
    )


def _first(stored: Stored[CredentialState]) -> RecordState | None:
    """The record that every release reads; None where there is no record at all."""
    state, first = stored.state, stored.state.first
    if first is None or first.written != stored.revision:
        if state.type == SignIn.NONE and state.api_key is None:
            return None
        origins = state.api_key.origins if state.api_key else ()
        first = FirstState(stored.revision, origin_set_digest(origins), stored.revision, origins)
    return RecordState(
        state.type,
        first.origin_set,
        first.revision,
        first.origins,
        state.set_by,
        state.set_at,
        state.api_key,
        first.deleted,
        state.client,
        state.client_secret,
        state.own_key,
        state.referred_key,
    )


def _record(state: RecordState) -> Credential:
    is_known = _is_known(state)
    return Credential(
        state.origin_set,
        state.origins,
        state.revision,
        _way(state) if is_known else None,
        None if state.set_by is None else MemberId(state.set_by),
        state.set_at,
        state.deleted,
        is_known,
    )


def _is_known(state: RecordState) -> bool:
    """A later release may have other types, placements and presets."""
    all_ways = (state.api_key, state.referred_key, state.client, state.own_key)
    ways = [each for each in all_ways if each is not None]
    match state.type, ways:
        case SignIn.NONE, []:
            return True
        case SignIn.API_KEY, [ApiKeyState() as key]:
            known = all(map(is_known_reference, key.references))
            return known and key.placement in _PLACEMENTS
        case SignIn.API_KEY, [OwnKeyState() as own]:
            return own.placement in _PLACEMENTS
        case SignIn.OAUTH | SignIn.CLIENT_CREDENTIALS, [ClientState() as client]:
            return is_known_client(client)
    return False


def _way(state: RecordState) -> Way | None:
    if state.client is not None:
        return read_client(SignIn(state.type), state.client, state.client_secret)
    if state.own_key is not None:
        key = state.own_key
        placement = Placement(key.placement)
        return OwnKey(placement, key.header_names, key.parameter_names, key.scheme, key.labels)
    kept = state.api_key or state.referred_key
    return _api_key(kept) if kept else None


def _api_key(key: ApiKeyState) -> ApiKey:
    return ApiKey(
        Placement(key.placement),
        key.header_names,
        key.parameter_names,
        Sealed(key.key_id, key.envelope),
        tuple(ReferredPart(each.part, read_reference(each)) for each in key.references),
    )


def _written(record: Credential) -> RecordState:
    key, client, own = record.api_key, record.client, record.own_key
    written = None if key is None else _written_api_key(key, record.origins)
    is_referred = key is not None and bool(key.references)
    return RecordState(
        record.sign_in.value,
        record.origin_set,
        record.revision,
        record.origins,
        record.set_by,
        record.set_at,
        None if is_referred else written,
        record.deleted,
        None if client is None else written_client(client),
        None if client is None else written_seal(client.sealed),
        None if own is None else _written_own_key(own),
        written if is_referred else None,
    )


def _written_own_key(key: OwnKey) -> OwnKeyState:
    names = (key.header_names, key.parameter_names)
    return OwnKeyState(key.placement.value, *names, key.scheme, key.labels)


def _written_api_key(key: ApiKey, origins: tuple[str, ...]) -> ApiKeyState:
    """With the origins: releases before this one read them here."""
    return ApiKeyState(
        key.placement.value,
        key.sealed.key_id,
        key.sealed.envelope,
        key.header_names,
        key.parameter_names,
        origins,
        tuple(written_reference(each.reference, each.part) for each in key.references),
    )
