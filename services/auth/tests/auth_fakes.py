import os
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from auth_service.domain.action_credentials import ActionCredentials
from auth_service.domain.action_hosts import ActionHosts, KeptSet
from auth_service.domain.credential import Credential
from contracts.errors import NotFound
from contracts.facts import CredentialChanged
from contracts.ids import ActionId, WorkspaceId
from contracts.origin import origin_set_digest
from kit.documents import Overtaken
from kit.envelope import EnvelopeKeyRing
from kit.key_ring import Place, Sealed
from kit.sealed_records import SealedRecord
from kit.testing import RecordedFacts


def fresh_keys(*key_ids: str) -> dict[str, bytes]:
    return {key_id: os.urandom(32) for key_id in key_ids}


def key_ring(*key_ids: str) -> EnvelopeKeyRing:
    return EnvelopeKeyRing(fresh_keys(*key_ids))


@dataclass
class MemoryCredentials:
    """`CredentialStore` and `SealedRecords` in memory; the contract suite runs against it too."""

    facts: RecordedFacts = field(default_factory=RecordedFacts)
    _stored: dict[ActionId, ActionCredentials] = field(default_factory=dict)
    _ruled_out: set[ActionId] = field(default_factory=set)

    @property
    def sealed(self) -> Sequence["MemoryCredentials"]:
        return (self,)

    async def find(self, workspace_id: WorkspaceId, action_id: ActionId) -> ActionCredentials:
        stored = self._stored.get(action_id)
        if stored is None or stored.workspace_id != workspace_id:
            return ActionCredentials(workspace_id, action_id)
        return stored

    async def replace(
        self, seen: ActionCredentials, changed: ActionCredentials, fact: CredentialChanged
    ) -> None:
        stored = self._stored.get(changed.action_id)
        if changed.action_id in self._ruled_out:
            raise Overtaken
        if (stored.revision if stored else 0) != seen.revision:
            raise Overtaken
        if stored and not {*seen.seals} & {*changed.seals} <= {*stored.seals}:
            raise Overtaken
        self._stored[changed.action_id] = changed
        await self.facts.publish(fact)

    async def destroy(self, seen: ActionCredentials, fact: CredentialChanged) -> None:
        if (await self.find(seen.workspace_id, seen.action_id)).revision != seen.revision:
            raise Overtaken
        del self._stored[seen.action_id]
        self._ruled_out.add(seen.action_id)
        await self.facts.publish(fact)

    async def rule_out(self, workspace_id: WorkspaceId, action_id: ActionId) -> None:
        if (await self.find(workspace_id, action_id)).revision:
            raise Overtaken
        self._ruled_out.add(action_id)

    async def ensure_in_force(self, workspace_id: WorkspaceId, action_id: ActionId) -> None:
        """Here a change is in force from the moment it is made."""

    async def page(
        self, workspace_id: WorkspaceId, limit: int, after: str | None
    ) -> list[ActionCredentials]:
        found = [
            stored
            for action_id, stored in sorted(self._stored.items(), reverse=True)
            if stored.workspace_id == workspace_id and (after is None or action_id < after)
        ]
        return found[: limit + 1]

    async def count_with_other_keys(self, key_id: str) -> int:
        return len(await self.sealed_with_other_keys(key_id, "", len(self._stored)))

    async def sealed_with_other_keys(
        self, key_id: str, after: str, limit: int
    ) -> Sequence[SealedRecord]:
        documents = [
            [
                SealedRecord(_place(stored, record), record.sealed)
                for record in stored.records
                if record.sealed and record.sealed.key_id != key_id
            ]
            for action_id, stored in sorted(self._stored.items())
            if action_id > after
        ]
        return [record for found in [*filter(None, documents)][:limit] for record in found]

    async def rewrapped(self, record: SealedRecord, sealed: Sealed) -> bool:
        stored = self._stored[ActionId(record.place.record_id)]
        for found in stored.records:
            if found.sealed == record.sealed:
                swapped = replace(found, way=replace(found.way, sealed=sealed))
                records = [swapped if each is found else each for each in stored.records]
                self._stored[stored.action_id] = replace(stored, records=tuple(records))
                return True
        return False


def _place(stored: ActionCredentials, record: Credential) -> Place:
    return stored.place_of_client_secret if record.client else stored.place


@dataclass
class KnownActions:
    """`Actions` of one workspace; whatever is not in `hosts_of` does not exist.

    Tests edit drafts, publish them, and give versions up.
    """

    workspace_id: WorkspaceId
    hosts_of: dict[str, ActionHosts]
    _versions: int = 0

    async def hosts(self, workspace_id: WorkspaceId, action_id: ActionId) -> ActionHosts:
        if workspace_id != self.workspace_id or action_id not in self.hosts_of:
            raise NotFound("There is no such action.", code="catalog.action_not_found")
        return self.hosts_of[action_id]

    def edit(self, action_id: str, *origins: str) -> None:
        self._change(action_id, draft=tuple(sorted(origins)))

    def publish(self, action_id: str) -> int:
        """The draft as it is becomes the next version."""
        self._versions += 1
        hosts = self.hosts_of[action_id]
        origin_set = origin_set_digest(hosts.draft)
        kept = {each.origin_set: each.versions for each in hosts.kept}
        kept[origin_set] = (self._versions, *kept.get(origin_set, ()))
        self._change(
            action_id, published=hosts.draft, kept=tuple(KeptSet(*each) for each in kept.items())
        )
        return self._versions

    def unpublish(self, action_id: str) -> None:
        self._change(action_id, published=None)

    def keep_only(self, action_id: str, *versions: int) -> None:
        """Catalog gives other versions up."""
        kept = self.hosts_of[action_id].kept
        self._change(action_id, kept=tuple(each for each in kept if {*each.versions} & {*versions}))

    def _change(self, action_id: str, **changes: object) -> None:
        self.hosts_of[action_id] = replace(self.hosts_of[action_id], **changes)
