from collections.abc import Sequence
from typing import Any

from auth_service.domain.credential import ApiKey, Credential, Placement, place_of
from auth_service.domain.sealed_field import Sealed
from auth_service.ports import SealedRecord
from contracts.facts import CredentialChanged
from contracts.ids import ActionId, MemberId, WorkspaceId
from kit.documents import ChangedMeanwhile, Collection, Stored
from kit.mongo import Database, Document, Taken, driver_errors
from kit.outbox import Outbox


class MongoCredentials:
    """One document an action, under the action's own id. Secrets come here sealed already."""

    def __init__(self, database: Database, outbox: Outbox) -> None:
        self._credentials = Collection(database, "credentials", outbox)

    @property
    def collections(self) -> Sequence[Collection]:
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
            await self._credentials.within(workspace_id).bury(action_id)
        except Taken:
            raise ChangedMeanwhile from None

    async def ensure_in_force(self, workspace_id: WorkspaceId, action_id: ActionId) -> None:
        await self._credentials.within(workspace_id).ensure_in_force(action_id)

    async def sealed_with_other_keys(
        self, key_id: str, after: str, limit: int
    ) -> Sequence[SealedRecord]:
        others = {"state.api_key.key_id": {"$exists": True, "$ne": key_id}, "_id": {"$gt": after}}
        with driver_errors():
            cursor = self._credentials.raw.find(others).sort("_id", 1).limit(limit)
            return [_sealed_record(Stored.of(document)) async for document in cursor]

    async def rewrapped(self, record: SealedRecord, sealed: Sealed) -> bool:
        unchanged = {
            "_id": record.place.record_id,
            "workspace_id": record.place.workspace_id,
            "state.api_key.envelope": record.sealed.envelope,
        }
        swap = {"state.api_key.envelope": sealed.envelope, "state.api_key.key_id": sealed.key_id}
        with driver_errors():
            result = await self._credentials.raw.update_one(unchanged, {"$set": swap})
        return bool(result.matched_count)


def _version(seen: Credential) -> Stored:
    return Stored(seen.action_id, seen.workspace_id, seen.revision, {})


def _sealed_record(stored: Stored) -> SealedRecord:
    place = place_of(stored.workspace_id, ActionId(stored.id))
    return SealedRecord(place, _sealed(stored.state["api_key"]))


def _sealed(api_key: Document) -> Sealed:
    return Sealed(api_key["key_id"], api_key["envelope"])


def _read(stored: Stored) -> Credential:
    state: dict[str, Any] = stored.state
    return Credential(
        stored.workspace_id,
        ActionId(stored.id),
        stored.revision,
        _read_api_key(state["api_key"]) if "api_key" in state else None,
        MemberId(state["set_by"]),
        state["set_at"],
    )


def _read_api_key(api_key: Document) -> ApiKey:
    return ApiKey(
        Placement(api_key["placement"]),
        tuple(api_key["header_names"]),
        tuple(api_key["parameter_names"]),
        tuple(api_key["origins"]),
        _sealed(api_key),
    )


def _written(credential: Credential) -> Document:
    state: Document = {
        "type": credential.sign_in.value,
        "set_by": credential.set_by,
        "set_at": credential.set_at,
    }
    if (key := credential.api_key) is not None:
        state["api_key"] = {
            "placement": key.placement.value,
            "header_names": list(key.header_names),
            "parameter_names": list(key.parameter_names),
            "origins": list(key.origins),
            "key_id": key.sealed.key_id,
            "envelope": key.sealed.envelope,
        }
    return state
