"""How much of calls, bytes and waits one replica has, and how a workspace is refused more."""

from dataclasses import dataclass

from execution_service.domain.errors import TooManyCalls
from kit.shares import FairShares, Resource
from kit.turns import Turns

CALLS = Resource(
    "calls",
    "This workspace has {used:,} calls under way, which is its share of this replica.",
    hint="Wait until some of them have ended, or make fewer at once.",
    full=TooManyCalls,
)

WAITS = Resource(
    "waits",
    "This workspace has {used:,} reads waiting for records, which is its share of this replica.",
    hint="Read without `Prefer: wait`.",
    retry_after_seconds=5.0,  # a wait takes up to 10 s
)

ACCEPTED = Resource(
    "accepted_calls",
    "This replica runs {used:,} accepted calls of this workspace, which is its share.",
    hint="Wait until some of them have ended.",
)


@dataclass(frozen=True, slots=True)
class Capacity:
    """What one replica has, shared fairly by workspaces.

    A call counts from before its body is read until it is answered.
    """

    calls: FairShares
    bytes: FairShares
    """Bodies of requests, and what egress holds of requests and answers."""
    turns: Turns
    """Calls that start in one iteration of the event loop."""
    waits: FairShares
    """Reads that wait for a record."""
    accepted: FairShares
    """Calls that go on after their requests: each is in memory from when it is accepted, or
    claimed, until it ended or is left to others."""
