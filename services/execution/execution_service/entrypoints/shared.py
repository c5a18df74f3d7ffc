"""What calls share in a replica, and in which words it is refused."""

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
)


@dataclass(frozen=True, slots=True)
class Shared:
    """By workspace. A call has its share from before its body is read until it is answered."""

    calls: FairShares
    bytes: FairShares
    """Bodies of requests, and what egress holds of requests and answers."""
    turns: Turns
    waits: FairShares
    """Reads that wait for a record."""
