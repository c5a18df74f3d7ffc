"""Encrypting what is stored: the port `KeyRing`, and what goes into it and comes out.

Asynchronous, and given the workspace with each place, because the keys of workspaces are in the
database and a key service may stand behind them (`kit.envelope`, `kit.workspace_keys`).
"""

from dataclasses import dataclass
from typing import Protocol

from contracts.errors import Denied, Unavailable
from contracts.ids import WorkspaceId
from kit.sealing import Secret


@dataclass(frozen=True, slots=True)
class Place:
    """Where an encrypted value belongs; moved anywhere else it does not open."""

    workspace_id: WorkspaceId
    collection: str
    record_id: str
    field: str
    schema_version: int = 1


@dataclass(frozen=True, slots=True)
class Sealed:
    """`key_id` repeats what the envelope says, so that records can be found by their key."""

    key_id: str
    envelope: str


class KeyUnknown(Unavailable):
    code = "platform.key_unknown"

    def __init__(
        self,
        sentence: str = "The key that this was encrypted with is not configured.",
        *,
        hint: str = "Your operator can add that key again.",
    ) -> None:
        super().__init__(sentence, hint=hint)


class KeyServiceUnavailable(Unavailable):
    """The key service does not answer, or refuses this installation (F28)."""

    code = "platform.key_service_unavailable"

    def __init__(self) -> None:
        super().__init__(
            "The key service of this installation does not open its keys at the moment.",
            hint="Repeat the same request in a minute; your operator's logs say what is wrong.",
        )


class SecretUnreadable(Denied):
    """The stored bytes are not what was stored for this place: altered, moved or cut."""

    code = "platform.secret_unreadable"

    def __init__(
        self,
        sentence: str = "What is stored failed its integrity check and is not used.",
        *,
        hint: str = "Enter it again, and tell your operator.",
    ) -> None:
        super().__init__(sentence, hint=hint)


class KeyRing(Protocol):
    """Encrypts what is stored. One key writes; the others are for reading only.

    Refusals: `KeyUnknown`, `SecretUnreadable` for what was altered, cut, or sealed for another
    place, and `KeyServiceUnavailable`. Whose workspace it is says the place.
    """

    @property
    def writing_key(self) -> str: ...

    @property
    def known_keys(self) -> frozenset[str]: ...

    async def seal(self, plaintext: Secret[bytes], place: Place) -> Sealed: ...

    async def open(self, sealed: Sealed, place: Place) -> Secret[bytes]: ...

    async def rewrap(self, sealed: Sealed, place: Place) -> Sealed:
        """The same content under the writing key; proven to open before it is handed out."""
        ...
