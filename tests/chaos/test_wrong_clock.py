"""F39: one service's wall clock is wrong by an hour or ten years; the others do not mind."""

import shutil
import sys
from contextlib import ExitStack, contextmanager
from pathlib import Path
from time import monotonic, sleep

import httpx
import pytest

from kit.clock import ALARMING
from openactions_local.child import Child
from openactions_local.servers import free_port
from openactions_local.services import Platform
from tests.chaos.test_rolling_restart import root_keys

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(120)]

WITHIN_SECONDS = 40
SHIFTS = {"+1h": 3600, "-1h": -3600, "+10y": 10 * 365 * 86_400}


def libfaketime():
    program = shutil.which("faketime") or pytest.skip("faketime is not installed; CI installs it")
    found = sorted(Path(program).parents[1].glob("lib/*/faketime/libfaketime.so.1"))
    return str(found[0])


def with_another_time(shift):
    return {
        "LD_PRELOAD": libfaketime(),
        "FAKETIME": shift,
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    }


@contextmanager
def policy(number, folder, environment, clock):
    """A replica of the service as a process; its address."""
    port = free_port()
    command = [sys.executable, "-m", "policy_service"]
    environment = {**environment, "POLICY_PORT": str(port), **clock}
    child = Child(f"policy-{number}", command, folder / f"policy-{number}.log", environment)
    with ExitStack() as running:
        running.callback(child.kill)
        child.start()
        yield f"http://127.0.0.1:{port}", child
        assert child.running, child.last_lines(40)


def wait_for(seen, what):
    deadline = monotonic() + WITHIN_SECONDS
    while not (found := seen()):
        assert monotonic() < deadline, what
        sleep(0.1)
    return found


def text_of(client, path):
    try:
        answered = client.get(path)
    except httpx.HTTPError:
        return ""
    return answered.text if answered.status_code == 200 else ""


def skews_in(text):
    """One, once it is measured."""
    lines = [line for line in text.splitlines() if line.startswith("openactions_clock_skew_sec")]
    return [float(line.rpartition(" ")[2]) for line in lines]


@pytest.mark.parametrize("shift", SHIFTS)
def test_f39_a_service_whose_clock_is_wrong_is_ready_in_sync_and_says_how_wrong(
    shift, replicas, tmp_path, mongodb_url, nats_url
):
    """Of two replicas, the other one's clock is right."""
    settings = Platform(mongodb_url, nats_url, root_keys, "").environment("policy")
    with ExitStack() as running:
        wrong, *right = [
            running.enter_context(policy(number, tmp_path, settings, clock))
            for number, clock in enumerate([with_another_time(shift), {}][:replicas], 1)
        ]

        skew, log = skew_and_log_of(*wrong)
        assert skew == pytest.approx(SHIFTS[shift], rel=0.01)
        assert "clock_skewed" in log
        for replica in right:
            skew, log = skew_and_log_of(*replica)
            assert abs(skew) < ALARMING.total_seconds()
            assert "clock_skewed" not in log


def skew_and_log_of(url, child):
    """Once the replica is ready and has measured its clock."""
    with httpx.Client(base_url=url, timeout=5) as client:
        wait_for(lambda: text_of(client, "/readyz"), f"never ready:\n{child.last_lines(30)}")
        [skew] = wait_for(lambda: skews_in(text_of(client, "/metrics")), "no skew is measured")
    return skew, child.last_lines(200)
