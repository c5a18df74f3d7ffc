"""What auth needs of the world."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from auth_service.domain.credential import Credential
from auth_service.domain.sealed_field import Place, Sealed
from contracts.facts import CredentialChanged
from contracts.ids import ActionId, WorkspaceId
from kit.sealing import Secret

Clock = Callable[[], datetime]


class CredentialStore(Protocol):
    async def find(self, workspace_id: WorkspaceId, action_id: ActionId) -> Credential:
        """The newest committed settings; an action that has none signs in with nothing."""
        ...

    async def replace(self, seen: Credential, changed: Credential, fact: CredentialChanged) -> None:
        """Commit settings and fact together; `ChangedMeanwhile` where `seen` is not the newest.

        `NotInForce` where they are committed and their fact could not be published.
        """
        ...

    async def destroy(self, seen: Credential, fact: CredentialChanged) -> None:
        """Delete settings and secret for good, and commit the fact; refusals as above."""
        ...

    async def rule_out(self, workspace_id: WorkspaceId, action_id: ActionId) -> None:
        """Nobody sets anything for this action from now on, which has no settings or no more.

        `ChangedMeanwhile` where it has; `NotInForce` where they are gone and their fact is not out.
        """
        ...

    async def ensure_in_force(self, workspace_id: WorkspaceId, action_id: ActionId) -> None:
        """Publish what is still to be published of the settings; `NotInForce` as above."""
        ...


@dataclass(frozen=True, slots=True)
class SealedRecord:
    place: Place
    sealed: Sealed


class SealedRecords(Protocol):
    """Every encrypted value, whosever it is: for changing keys, and for nothing else."""

    async def sealed_with_other_keys(
        self, key_id: str, after: str, limit: int
    ) -> Sequence[SealedRecord]:
        """A batch not under `key_id`, ordered by record id and beginning behind `after`."""
        ...

    async def rewrapped(self, record: SealedRecord, sealed: Sealed) -> bool:
        """Swap the envelope of a record; False where somebody replaced the secret meanwhile."""
        ...


class KeyRing(Protocol):
    """Encrypts what is stored. The first key writes; the others are for reading only.

    Refusals: `KeyUnknown`, and `SecretUnreadable` for what was altered, cut, or sealed for another
    place.
    """

    @property
    def writing_key(self) -> str: ...

    @property
    def known_keys(self) -> frozenset[str]: ...

    def seal(self, plaintext: Secret[bytes], place: Place) -> Sealed: ...

    def open(self, sealed: Sealed, place: Place) -> Secret[bytes]: ...

    def rewrap(self, sealed: Sealed, place: Place) -> Sealed:
        """The same content under the writing key; proven to open before it is handed out."""
        ...


class Actions(Protocol):
    async def origins(self, workspace_id: WorkspaceId, action_id: ActionId) -> tuple[str, ...]:
        """The canonical origins that the action calls; not found alike if foreign or unknown."""
        ...
