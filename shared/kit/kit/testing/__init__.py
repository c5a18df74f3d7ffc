"""What tests of services need: recorded facts, a frozen clock, neighbours that answer."""

from kit.testing.blobs import MemoryBlobs
from kit.testing.clock import FrozenClock
from kit.testing.counters import MemoryCounter
from kit.testing.eventually import eventually
from kit.testing.facts import RecordedFacts
from kit.testing.interleaved import Interleaved
from kit.testing.key_ring import MemoryKeyRing
from kit.testing.neighbours import (
    Neighbours,
    bearer,
    known_callers,
    neighbours,
    session_of_name,
    token_of,
)
from kit.testing.refusing import refusing, stored_facts
from kit.testing.running import running
from kit.testing.workspace_keys import MemoryWorkspaceKeys

__all__ = [
    "FrozenClock",
    "Interleaved",
    "MemoryBlobs",
    "MemoryCounter",
    "MemoryKeyRing",
    "MemoryWorkspaceKeys",
    "Neighbours",
    "RecordedFacts",
    "bearer",
    "eventually",
    "known_callers",
    "neighbours",
    "refusing",
    "running",
    "session_of_name",
    "stored_facts",
    "token_of",
]
