"""T8: Ctrl-C, which reaches every process of the terminal's group, and SIGTERM: a clean stop
whenever they come.
"""

import os
import signal
import subprocess
from contextlib import contextmanager
from time import monotonic, sleep

import pytest

from tests.e2e.platform_process import ENVIRONMENT, OPENACTIONS, is_alive

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(180)]
UP = "Stop          Ctrl-C"
STARTING = "FACTS is created"
"""The servers run, and the services are about to start."""


@contextmanager
def started(folder):
    """In a group of its own, as a shell starts it."""
    log = folder / "log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [OPENACTIONS, "up", "--data", folder / "data", "--port", "0"],
            stdout=output,
            stderr=subprocess.STDOUT,
            env=ENVIRONMENT,
            start_new_session=True,
        )
    try:
        yield process, log
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()


def wait_for(text, log):
    deadline = monotonic() + 60
    while text not in log.read_text():
        assert monotonic() < deadline, log.read_text()
        sleep(0.02)


def group_of(process):
    found = subprocess.run(["ps", "-eo", "pgid=,pid="], capture_output=True, text=True, check=True)
    rows = (map(int, line.split()) for line in found.stdout.splitlines())
    return [pid for group, pid in rows if group == process.pid]


@pytest.mark.parametrize(
    "moment", [STARTING, UP], ids=["while it starts", "at the moment it is up"]
)
def test_t8_ctrl_c_stops_it_cleanly(tmp_path, moment):
    with started(tmp_path) as (process, log):
        wait_for(moment, log)
        os.killpg(process.pid, signal.SIGINT)
        sleep(0.2)
        os.killpg(process.pid, signal.SIGINT)  # impatience

        assert ended(process, log) == 0, log.read_text()
        said = log.read_text()
        assert "Stopped." in said
        assert not {"Traceback", "KeyboardInterrupt"} & {*said.split()}
        ended_within(10, process)


def test_t8_sigterm_while_it_starts_stops_it_cleanly(tmp_path):
    with started(tmp_path) as (process, log):
        wait_for(STARTING, log)
        process.terminate()

        assert ended(process, log) == 0, log.read_text()
        assert "Traceback" not in log.read_text()
        ended_within(10, process)


def test_t8_ctrl_c_before_anything_runs_ends_without_a_traceback(tmp_path):
    with started(tmp_path) as (process, log):
        sleep(0.3)
        os.killpg(process.pid, signal.SIGINT)

        assert ended(process, log) in {0, 130}, log.read_text()
        assert "Traceback" not in log.read_text()


def ended(process, log):
    """Its exit status."""
    try:
        return process.wait(60)
    except subprocess.TimeoutExpired:
        pytest.fail(log.read_text())


def ended_within(seconds, process):
    deadline = monotonic() + seconds
    while left := [pid for pid in group_of(process) if is_alive(pid)]:
        assert monotonic() < deadline, f"{left} outlived the platform"
        sleep(0.1)
