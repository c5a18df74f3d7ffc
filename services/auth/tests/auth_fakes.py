import os
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from auth_service.adapters.envelope import EnvelopeKeyRing
from auth_service.domain.credential import Credential
from auth_service.domain.sealed_field import Sealed
from auth_service.ports import SealedRecord
from contracts.errors import NotFound
from contracts.facts import CredentialChanged
from contracts.ids import ActionId, WorkspaceId
from kit.documents import ChangedMeanwhile
from kit.testing import RecordedFacts


def fresh_keys(*key_ids: str) -> dict[str, bytes]:
    return {key_id: os.urandom(32) for key_id in key_ids}


def key_ring(*key_ids: str) -> EnvelopeKeyRing:
    return EnvelopeKeyRing(fresh_keys(*key_ids))


@dataclass
class MemoryCredentials:
    """`CredentialStore` and `SealedRecords` in memory; the contract suite runs against it too."""

    facts: RecordedFacts = field(default_factory=RecordedFacts)
    _stored: dict[ActionId, Credential] = field(default_factory=dict)
    _ruled_out: set[ActionId] = field(default_factory=set)

    async def find(self, workspace_id: WorkspaceId, action_id: ActionId) -> Credential:
        stored = self._stored.get(action_id)
        if stored is None or stored.workspace_id != workspace_id:
            return Credential(workspace_id, action_id)
        return stored

    async def replace(self, seen: Credential, changed: Credential, fact: CredentialChanged) -> None:
        stored = self._stored.get(changed.action_id)
        if changed.action_id in self._ruled_out:
            raise ChangedMeanwhile
        if (stored.revision if stored else 0) != seen.revision:
            raise ChangedMeanwhile
        self._stored[changed.action_id] = changed
        await self.facts.publish(fact)

    async def destroy(self, seen: Credential, fact: CredentialChanged) -> None:
        if (await self.find(seen.workspace_id, seen.action_id)).revision != seen.revision:
            raise ChangedMeanwhile
        del self._stored[seen.action_id]
        self._ruled_out.add(seen.action_id)
        await self.facts.publish(fact)

    async def rule_out(self, workspace_id: WorkspaceId, action_id: ActionId) -> None:
        if (await self.find(workspace_id, action_id)).revision:
            raise ChangedMeanwhile
        self._ruled_out.add(action_id)

    async def ensure_in_force(self, workspace_id: WorkspaceId, action_id: ActionId) -> None:
        """Here a change is in force from the moment it is made."""

    async def sealed_with_other_keys(
        self, key_id: str, after: str, limit: int
    ) -> Sequence[SealedRecord]:
        found = [
            SealedRecord(stored.place, stored.api_key.sealed)
            for _, stored in sorted(self._stored.items())
            if stored.api_key and stored.api_key.sealed.key_id != key_id
        ]
        return [record for record in found if record.place.record_id > after][:limit]

    async def rewrapped(self, record: SealedRecord, sealed: Sealed) -> bool:
        stored = self._stored[ActionId(record.place.record_id)]
        if stored.api_key is None or stored.api_key.sealed != record.sealed:
            return False
        api_key = replace(stored.api_key, sealed=sealed)
        self._stored[stored.action_id] = replace(stored, api_key=api_key)
        return True


@dataclass
class KnownActions:
    """`Actions` of one workspace; whatever is not in `origins_of` does not exist."""

    workspace_id: WorkspaceId
    origins_of: dict[str, tuple[str, ...]]

    async def origins(self, workspace_id: WorkspaceId, action_id: ActionId) -> tuple[str, ...]:
        if workspace_id != self.workspace_id or action_id not in self.origins_of:
            raise NotFound("There is no such action.", code="catalog.action_not_found")
        return self.origins_of[action_id]
