"""The platform as a user starts it: a process, its output, its end."""

import os
import re
import signal
import subprocess
import sys
import threading
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic, sleep

from tests.e2e.compared_answers import ComparedAnswers

OPENACTIONS = Path(sys.executable).parent / "openactions"
UP_WITHIN_SECONDS = 120
"""It ends by itself where it cannot start; how long it takes is the machine's load."""
STOP_WITHIN_SECONDS = 120
CLEAN = {name: value for name, value in os.environ.items() if not name.endswith("_URL")}  # noqa: TID251 - what a child inherits
ENVIRONMENT = CLEAN | {"COLUMNS": "160", "PYTHONWARNINGS": "default", "NO_COLOR": "1"}


def openactions(*arguments, timeout=90):
    """Run the command to its end."""
    return subprocess.run(
        [OPENACTIONS, *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=timeout,
        env=ENVIRONMENT,
        check=False,
    )


@dataclass
class PlatformProcess:
    """`openactions up …`, with its output read as it comes."""

    arguments: list
    environment: dict[str, str] = field(default_factory=dict)
    up_within: float = UP_WITHIN_SECONDS
    program: Path = OPENACTIONS
    """Another release's, where a test wants that."""
    compared: bool = False
    """Whether `url` is a proxy's that compares answers with the OpenAPI document (T18)."""
    lines: list[str] = field(default_factory=list)
    _restarts_seen: dict[str, int] = field(default_factory=dict)

    def __enter__(self):
        self.process = subprocess.Popen(
            [self.program, "up", *map(str, self.arguments)],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=ENVIRONMENT | self.environment,
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        self.wait_for("Stop          Ctrl-C", self.up_within)
        self._answers = ComparedAnswers(self.own_url).start() if self.compared else None
        return self

    def __exit__(self, failure, *_):
        self.stop()
        if self._answers is not None:
            self._answers.stop()
            if failure is None:
                self._answers.check()

    def _read(self):
        for line in self.process.stdout:
            self.lines.append(line.rstrip())

    @property
    def output(self):
        return "\n".join(self.lines)

    def wait_for(self, text, within=UP_WITHIN_SECONDS):
        deadline = monotonic() + within
        while text not in self.output:
            assert self.process.poll() is None, f"it ended:\n{self.output}"
            assert monotonic() < deadline, f"no {text!r} within {within} s:\n{self.output}"
            sleep(0.05)

    @property
    def url(self):
        return self._answers.url if self._answers is not None else self.own_url

    @property
    def own_url(self):
        """As it is shown, without the proxy."""
        return re.search(r"URL +(http://\S+)", self.output)[1]

    @property
    def token(self):
        return re.search(r"oat_[\w-]{43}", self.output)[0]

    def pid_of(self, name):
        """From the table's row, or its latest restart."""
        row = rf"^ *{re.escape(name)} .*pid (\d+)"
        return int(re.findall(row, self.output, re.MULTILINE)[-1])

    def processes_of(self, service):
        """The names of a service's processes: its own, or `policy-1` and so on for replicas."""
        row = rf"^ *({re.escape(service)}(?:-\d)?) .*pid \d+"
        return sorted(set(re.findall(row, self.output, re.MULTILINE)))

    def processes(self):
        """The names of all of them."""
        return re.findall(r"^ *(\S[^\n]*?)  .*pid \d+", self.output, re.MULTILINE)

    def restarts(self, name):
        return self.output.count(f"{name} ended (")

    def wait_for_restart(self, name, within=60):
        """After a kill: until the platform says that it started the process again."""
        seen = self._restarts_seen.get(name, 0) + 1
        self._restarts_seen[name] = seen
        deadline = monotonic() + within
        while self.restarts(name) < seen:
            assert monotonic() < deadline, f"{name} was not started again:\n{self.output}"
            sleep(0.05)

    def stop(self, number=signal.SIGINT):
        """How the process ended: its exit status."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        try:
            status = self.process.wait(STOP_WITHIN_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise
        self._reader.join(5)
        self.process.stdout.close()
        return status


def children_of(pid):
    """Pids of living children, by /proc."""
    tasks = Path(f"/proc/{pid}/task")
    return [int(child) for task in tasks.glob("*/children") for child in task.read_text().split()]


def descendants_of(pid):
    return [each for child in children_of(pid) for each in (child, *descendants_of(child))]


def command_of(pid):
    return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()


def is_alive(pid):
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"
