from dataclasses import dataclass
from typing import Generic, TypeVar

from contracts.ids import WorkspaceId

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Stored(Generic[T]):
    """A document as it was read: its state, and the revision a change must still find."""

    id: str
    workspace_id: WorkspaceId
    revision: int
    state: T
