"""wrk, one thread, a fixed number of calls."""

import json
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from shutil import which

SCRIPT = Path(__file__).with_name("load.lua")
MAX_SECONDS = 20


@dataclass(frozen=True, slots=True)
class Load:
    """One request, to be sent again and again."""

    method: str
    url: str
    expected: str
    """What every good answer contains."""
    body: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sent:
    calls: int
    seconds: float
    p50_ms: float
    p99_ms: float
    faults: Mapping[str, int]
    """Answers that were none, or not what was expected, by kind."""

    @property
    def calls_per_second(self) -> float:
        return self.calls / self.seconds


def send(load: Load, in_flight: int, calls: int) -> Sent:
    """Returns once `calls` were answered. Raises where any answer was not as expected."""
    with tempfile.NamedTemporaryFile() as body:
        body.write(load.body or b"")
        body.flush()
        finished = subprocess.run(
            [
                which("wrk") or "wrk",
                *("-t1", f"-c{in_flight}", f"-d{MAX_SECONDS}s", f"--timeout={MAX_SECONDS}s"),
                *("-s", str(SCRIPT), load.url, "--", load.method, str(calls)),
                *(load.expected, body.name if load.body else "-"),
                *(f"{name}: {value}" for name, value in load.headers.items()),
            ],
            capture_output=True,
            text=True,
            check=True,
        )
    sent = Sent(**json.loads(finished.stdout.splitlines()[-1]))
    if any(sent.faults.values()):
        raise RuntimeError(f"Of {sent.calls} calls to {load.url} failed: {sent.faults}")
    return sent
