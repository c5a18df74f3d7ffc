from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from auth_service.domain.credential import ApiKey, Credential, Placement, SignIn, place_of
from auth_service.domain.sealed_field import Sealed
from auth_service.ports import SealedRecord
from contracts.facts import CredentialChanged
from contracts.ids import ActionId, MemberId, WorkspaceId
from kit.codec import Codec
from kit.documents import ChangedMeanwhile, Collection, Stored
from kit.mongo import Database, Taken
from kit.outbox import Outbox
from kit.retention import Forever


@dataclass(frozen=True, slots=True)
class ApiKeyState:
    placement: str
    key_id: str
    envelope: str
    header_names: tuple[str, ...] = ()
    parameter_names: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CredentialState:
    type: str
    set_by: str | None = None
    set_at: datetime | None = None
    api_key: ApiKeyState | None = None


_PLACEMENTS = frozenset(Placement)
CREDENTIALS = Codec(CredentialState, without_none=True, replaced=("api_key",))


class MongoCredentials:
    """One document an action, under the action's own id. Secrets come here sealed already."""

    def __init__(self, database: Database, outbox: Outbox) -> None:
        self._credentials = Collection(
            database=database,
            name="credentials",
            outbox=outbox,
            codec=CREDENTIALS,
            kept=Forever("at most one an action, destroyed with it"),
        )

    @property
    def collections(self) -> Sequence[Collection[Any]]:
        return (self._credentials,)

    async def find(self, workspace_id: WorkspaceId, action_id: ActionId) -> Credential:
        stored = await self._credentials.within(workspace_id).find(action_id)
        if stored is None:
            return Credential(workspace_id, action_id)
        return _read(stored)

    async def replace(self, seen: Credential, changed: Credential, fact: CredentialChanged) -> None:
        within = self._credentials.within(changed.workspace_id)
        if seen.revision:
            await within.change(_version(seen), _written(changed), fact)
            return
        try:
            await within.add(changed.action_id, _written(changed), fact)
        except Taken:
            raise ChangedMeanwhile from None

    async def destroy(self, seen: Credential, fact: CredentialChanged) -> None:
        await self._credentials.within(seen.workspace_id).remove(_version(seen), fact)

    async def rule_out(self, workspace_id: WorkspaceId, action_id: ActionId) -> None:
        try:
            await self._credentials.within(workspace_id).mark_removed(action_id)
        except Taken:
            raise ChangedMeanwhile from None

    async def ensure_in_force(self, workspace_id: WorkspaceId, action_id: ActionId) -> None:
        await self._credentials.within(workspace_id).ensure_in_force(action_id)

    async def sealed_with_other_keys(
        self, key_id: str, after: str, limit: int
    ) -> Sequence[SealedRecord]:
        found = await self._credentials.across_workspaces.differing(
            "api_key.key_id", key_id, after=after, limit=limit
        )
        return [_sealed_record(stored) for stored in found]

    async def rewrapped(self, record: SealedRecord, sealed: Sealed) -> bool:
        within = self._credentials.within(WorkspaceId(record.place.workspace_id))
        return await within.swap(
            record.place.record_id,
            {"api_key.envelope": record.sealed.envelope},
            {"api_key.envelope": sealed.envelope, "api_key.key_id": sealed.key_id},
        )


def _version(seen: Credential) -> Stored[Any]:
    return Stored(seen.action_id, seen.workspace_id, seen.revision, {})


def _sealed_record(stored: Stored[CredentialState]) -> SealedRecord:
    place = place_of(stored.workspace_id, ActionId(stored.id))
    key = stored.state.api_key
    assert key is not None  # noqa: S101 - it was found by its key's id
    return SealedRecord(place, Sealed(key.key_id, key.envelope))


def _read(stored: Stored[CredentialState]) -> Credential:
    state = stored.state
    is_known = _is_known(state)
    return Credential(
        stored.workspace_id,
        ActionId(stored.id),
        stored.revision,
        _read_api_key(state.api_key) if state.api_key and is_known else None,
        None if state.set_by is None else MemberId(state.set_by),
        state.set_at,
        is_known,
    )


def _is_known(state: CredentialState) -> bool:
    """A later release may know other types and placements."""
    if state.api_key is None:
        return state.type == SignIn.NONE
    return state.type == SignIn.API_KEY and state.api_key.placement in _PLACEMENTS


def _read_api_key(key: ApiKeyState) -> ApiKey:
    return ApiKey(
        Placement(key.placement),
        key.header_names,
        key.parameter_names,
        key.origins,
        Sealed(key.key_id, key.envelope),
    )


def _written(credential: Credential) -> CredentialState:
    key = credential.api_key
    return CredentialState(
        type=credential.sign_in.value,
        set_by=credential.set_by,
        set_at=credential.set_at,
        api_key=None if key is None else _written_api_key(key),
    )


def _written_api_key(key: ApiKey) -> ApiKeyState:
    return ApiKeyState(
        key.placement.value,
        key.sealed.key_id,
        key.sealed.envelope,
        tuple(key.header_names),
        tuple(key.parameter_names),
        tuple(key.origins),
    )
