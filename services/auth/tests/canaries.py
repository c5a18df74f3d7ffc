"""Secrets that are planted to be looked for afterwards, in whatever guise they might turn up."""

import base64
import json
from dataclasses import dataclass, field
from urllib.parse import quote
from uuid import uuid4


def guises(canary: str) -> set[str]:
    """As it is, in hex, percent-encoded, escaped, and in base64 at each of its three alignments."""
    raw = canary.encode()
    shifted = [base64.b64encode(b"x" * shift + raw).decode()[4:-4] for shift in range(3)]
    return {canary, raw.hex(), quote(canary, safe=""), json.dumps(canary)[1:-1], *shifted}


@dataclass
class Canaries:
    planted: list[str] = field(default_factory=list)

    def plant(self) -> str:
        self.planted.append(f"canary-{uuid4().hex}+/{uuid4().hex}")
        return self.planted[-1]

    def found_in(self, haystack: str) -> list[str]:
        return [
            canary for canary in self.planted if any(guise in haystack for guise in guises(canary))
        ]
