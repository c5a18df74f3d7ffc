"""An encrypted member of a stored record, and the one place where it may be opened."""

from dataclasses import dataclass

from contracts.ids import WorkspaceId


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
