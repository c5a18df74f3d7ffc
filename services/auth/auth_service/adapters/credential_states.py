"""How an action's credentials are stored, so that the release before can go on with them.

`type`, `set_by`, `set_at` and `api_key` are one record, which that release reads and changes as if
it were the only one; `first` says what this release adds to it, `others` are the other records.
`first.written` is the document's revision. A different one means that the older release changed
its record since: what it entered is then the newest record; what it cleared, it cleared of all.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from auth_service.domain.action_credentials import ActionCredentials
from auth_service.domain.credential import ApiKey, Credential, Placement, SignIn
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


@dataclass(frozen=True, slots=True)
class CredentialState:
    type: str
    set_by: str | None = None
    set_at: datetime | None = None
    api_key: ApiKeyState | None = None
    first: FirstState | None = None
    others: tuple[RecordState, ...] = ()


_PLACEMENTS = frozenset(Placement)
CREDENTIALS = Codec(CredentialState, without_none=True, replaced=("api_key", "first", "others"))


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
    )


def _record(state: RecordState) -> Credential:
    is_known = _is_known(state)
    return Credential(
        state.origin_set,
        state.origins,
        state.revision,
        _api_key(state.api_key) if state.api_key and is_known else None,
        None if state.set_by is None else MemberId(state.set_by),
        state.set_at,
        state.deleted,
        is_known,
    )


def _is_known(state: RecordState) -> bool:
    """A later release may have other types and placements."""
    if state.api_key is None:
        return state.type == SignIn.NONE
    return state.type == SignIn.API_KEY and state.api_key.placement in _PLACEMENTS


def _api_key(key: ApiKeyState) -> ApiKey:
    return ApiKey(
        Placement(key.placement),
        key.header_names,
        key.parameter_names,
        Sealed(key.key_id, key.envelope),
    )


def _written(record: Credential) -> RecordState:
    key = record.api_key
    return RecordState(
        record.sign_in.value,
        record.origin_set,
        record.revision,
        record.origins,
        record.set_by,
        record.set_at,
        None if key is None else _written_api_key(key, record.origins),
        record.deleted,
    )


def _written_api_key(key: ApiKey, origins: tuple[str, ...]) -> ApiKeyState:
    """With the origins: releases before this one read them here."""
    return ApiKeyState(
        key.placement.value,
        key.sealed.key_id,
        key.sealed.envelope,
        key.header_names,
        key.parameter_names,
        origins,
    )
