"""How much of calls, bytes and waits one replica has, and how a workspace is refused more."""

from dataclasses import dataclass

from execution_service.domain.errors import TooManyCalls
from kit.shares import FairShares, Resource
from kit.turns import Turns

CALLS = Resource(
    "calls",
    "This workspace has {used} under way, which is its share of this replica.",
    noun="call",
    hint="Wait until some of them have ended, or make fewer at once.",
    full=TooManyCalls,
)

WAITS = Resource(
    "waits",
    "This workspace has {used} waiting for records, which is its share of this replica.",
    noun="read",
    hint="Read without `Prefer: wait`.",
    retry_after_seconds=5.0,  # a wait takes up to 10 s
)

ACCEPTED = Resource(
    "accepted_calls",
    "This replica runs {used} of this workspace, which is its share.",
    noun="accepted call",
    hint="Wait until some of them have ended.",
)


A_DICT, A_LIST, AN_ELEMENT = 200, 90, 140
"""Bytes, with what an element's name and value take."""


def memory_of(text: bytes) -> int:
    """What JSON takes as text and read into objects, rather more than less. Short arguments of
    many levels take thirty times their text.
    """
    return (
        2 * len(text)
        + A_DICT * text.count(b"{")
        + A_LIST * text.count(b"[")
        + AN_ELEMENT * text.count(b",")
    )


@dataclass(frozen=True, slots=True)
class Capacity:
    """What one replica has, shared fairly by workspaces.

    A call counts from before its body is read until it is answered.
    """

    calls: FairShares
    bytes: FairShares
    """What calls hold: bodies and arguments, what egress holds of requests and answers, what is
    kept of an answer, and the response until its reader took it.
    """
    turns: Turns
    """Calls that start in one iteration of the event loop."""
    waits: FairShares
    """Reads that wait for a record."""
    accepted: FairShares
    """Calls that go on after their requests: each is in memory from when it is accepted, or
    claimed, until it ended or is left to others."""
