"""Callers that change something over and over, and what the audit trail says of their calls."""

import threading
from dataclasses import dataclass, field
from time import monotonic, sleep
from uuid import uuid4

from openactions import OpenActions, ProblemError, Unreachable
from tests.e2e.platform_process import PlatformProcess

PAUSE_SECONDS = 0.1
"""Between two calls of a caller."""


@dataclass
class Load:
    """Callers that change something over and over, and keep what they were answered."""

    up: PlatformProcess
    gpt_id: str
    callers: int = 12
    answered: dict[str, str] = field(default_factory=dict)
    """Outcomes by call."""
    added: list[str] = field(default_factory=list)
    """The name of each pet whose call succeeded; no two calls name the same."""
    refused: int = 0
    _over: threading.Event = field(default_factory=threading.Event)

    def __enter__(self):
        self._callers = [threading.Thread(target=self._call_for_ever) for _ in range(self.callers)]
        for caller in self._callers:
            caller.start()
        return self

    def __exit__(self, *_):
        self._over.set()
        for caller in self._callers:
            caller.join()

    def _call_for_ever(self):
        with OpenActions(self.up.url, self.up.token) as platform:
            while not self._over.wait(PAUSE_SECONDS):
                pet = {"name": f"Mia {uuid4()}", "species": "cat"}
                try:
                    answer = platform.invoke(self.gpt_id, "addPet", pet)
                except (ProblemError, Unreachable):
                    self.refused += 1
                    continue
                self.answered[answer["id"]] = answer["outcome"]
                if answer["outcome"] == "succeeded":
                    self.added.append(pet["name"])

    def wait_for_answers(self, more, within=90):
        wanted, deadline = len(self.answered) + more, monotonic() + within
        while len(self.answered) < wanted:
            assert monotonic() < deadline, f"{len(self.answered)} answers, {self.refused} refusals"
            sleep(0.1)


def eventually_lost(up, load, within=30):
    """Records of answered calls that differ from what their callers were answered."""
    deadline = monotonic() + within
    while True:
        recorded = {}
        for call, outcome in records(up):
            recorded.setdefault(call, []).append(outcome)
        lost = {
            call: recorded.get(call, [])
            for call, outcome in load.answered.items()
            if recorded.get(call) != [outcome]
        }
        if not lost or monotonic() > deadline:
            return lost
        sleep(1)


def records(up):
    """The call and the outcome of every record, read page by page."""
    found, query = [], {}
    with OpenActions(up.url, up.token) as platform:
        while True:
            page = platform.get("/v1/invocations", limit=100, **query)
            found += [(record["id"], record["outcome"]) for record in page["items"]]
            if page["next_cursor"] is None:
                return found
            query = {"cursor": page["next_cursor"]}
