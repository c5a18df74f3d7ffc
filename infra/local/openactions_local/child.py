"""A child process: started, waited for until it is ready, stopped, and killed with its parent."""

import asyncio
import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic

from openactions_local.errors import StartFailed

_PR_SET_PDEATHSIG = 1
START_SECONDS = 120.0
"""A server takes a second, and on a busy machine, or after a crash, many times that."""
STOP_SECONDS = 15.0
POLL_SECONDS = 0.03
SAY_SECONDS = 10.0
"""How often it is said who is not ready yet."""

Answers = Callable[[], bool]
Say = Callable[[str], None]


class ChildFailed(StartFailed):
    """A server did not come up; the sentence ends with the last lines of its log."""


def program(name: str) -> str:
    """The path of a program that a wheel installed beside this Python."""
    path = Path(sys.executable).parent / name
    if not path.exists():
        raise ChildFailed(f"{name} is not installed beside {sys.executable}.")
    return str(path)


def for_us_alone(path: str, flags: int) -> int:
    """Logs name people and addresses; those of an earlier release become so, too."""
    descriptor = os.open(path, flags, 0o600)
    os.fchmod(descriptor, 0o600)
    return descriptor


def _die_with_parent() -> None:
    """Even a kill -9 of us must not leave servers holding the data folder (Linux: prctl(2))."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


@dataclass
class Child:
    """One process; it writes to `log_path`, in a session of its own so that Ctrl-C spares it."""

    name: str
    command: Sequence[str]
    log_path: Path
    environment: dict[str, str] | None = None
    stop_seconds: float = STOP_SECONDS
    """Seconds between the signal to stop and SIGKILL."""
    stop_signal: signal.Signals = signal.SIGTERM
    group: str = ""
    """Children of one group are stopped together."""
    start_seconds: float = START_SECONDS
    """After how long it is given up that it becomes ready."""
    starts: int = 2
    """How often it is started at most, where it ends before it is ready."""
    _process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    @property
    def pid(self) -> int:
        assert self._process is not None  # noqa: S101 - asked only of what was started
        return self._process.pid

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def ending(self) -> str:
        """How it ended: `exit status 70`, `signal SIGKILL`."""
        status = None if self._process is None else self._process.poll()
        if status is not None and status < 0:
            return f"signal {signal.Signals(-status).name}"
        return f"exit status {status}"

    def start(self) -> None:
        self._kill_group()
        with open(self.log_path, "ab", opener=for_us_alone) as output:
            self._process = subprocess.Popen(  # noqa: S603 - our own programs, no shell
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                env=self.environment,
                preexec_fn=_die_with_parent,  # noqa: PLW1509 - before any thread is started
            )

    async def ready(self, answers: Answers) -> None:
        """Return once `answers` says so; raises `ChildFailed` as `all_ready` does."""
        await all_ready([(self, answers)])

    def go_on_starting(self, seconds: float, starts: int) -> int:
        """Check on a start that has lasted so long, and was begun so often; returns how often it
        has been now.
        """
        if not self.running:
            if starts >= self.starts:
                raise ChildFailed(self._failure(f"ended ({self.ending}) while it started"))
            self.start()
            return starts + 1
        if seconds > self.start_seconds:
            raise ChildFailed(self._failure(f"was not ready within {self.start_seconds:.0f} s"))
        return starts

    def _failure(self, what: str) -> str:
        lines = self.last_lines()
        log = f"Its log ends:\n{lines}" if lines else f"Its log, {self.log_path}, is empty."
        return f"{self.name} {what}. {log}"

    def last_lines(self, count: int = 12) -> str:
        lines = self.log_path.read_text(errors="replace").splitlines()
        return "\n".join(f"  {line}" for line in lines[-count:])

    def kill(self) -> None:
        """SIGKILL, to it and to its own children."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._kill_group()

    async def stop(self) -> None:
        if self._process is None or not self.running:
            return
        self._process.send_signal(self.stop_signal)
        try:
            await asyncio.to_thread(self._process.wait, self.stop_seconds)
        except subprocess.TimeoutExpired:
            self.kill()
        self._kill_group()

    def _kill_group(self) -> None:
        """Kill what it started, such as the workers of an nginx that was killed: they would
        go on answering at its port.
        """
        if self._process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)


async def all_ready(
    children: Iterable[tuple[Child, Answers]], say: Say | None = None, every: float = SAY_SECONDS
) -> None:
    """Return once each child's `answers` says so; until then `say` gets a line at times that names
    those that are not ready.

    A child that ends is started again as often as it allows. Raises `ChildFailed` for the first
    that ends for good or takes too long: how it ended, and the last lines of its log.
    """
    waiting = {id(child): (child, answers) for child, answers in children}
    starts = dict.fromkeys(waiting, 1)
    began = said = monotonic()
    while waiting:
        ready = await asyncio.to_thread(_that_answer, waiting)
        for key in ready:
            del waiting[key]
        now = monotonic()
        for key, (child, _) in waiting.items():
            starts[key] = child.go_on_starting(now - began, starts[key])
        if say is not None and now - said >= every and waiting:
            said = now
            names = ", ".join(child.name for child, _ in waiting.values())
            say(f"Not ready after {now - began:.0f} s: {names}")
        if waiting:
            await asyncio.sleep(POLL_SECONDS)


def _that_answer(waiting: Mapping[int, tuple[Child, Answers]]) -> list[int]:
    return [key for key, (_, answers) in waiting.items() if answers()]
