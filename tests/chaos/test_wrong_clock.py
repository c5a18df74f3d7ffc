"""F39: one service's wall clock is wrong by an hour or ten years; the others do not mind."""

import shutil
import sys
from contextlib import ExitStack, contextmanager
from pathlib import Path
from time import monotonic, sleep

import httpx
import pytest

from openactions_local.child import Child
from openactions_local.servers import free_port
from openactions_local.services import Platform
from tests.chaos.test_rolling_restart import auth_keys

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(120)]

WITHIN_SECONDS = 40
SHIFTS = {"+1h": 3600, "-1h": -3600, "+10y": 10 * 365 * 86_400}


def libfaketime():
    program = shutil.which("faketime") or pytest.skip("faketime is not installed; CI installs it")
    found = sorted(Path(program).parents[1].glob("lib/*/faketime/libfaketime.so.1"))
    return str(found[0])


@contextmanager
def policy_whose_clock_is_off(shift, folder, mongodb_url, nats_url):
    """The service as a process, told another time of day; its address."""
    port = free_port()
    told = Platform(mongodb_url, nats_url, auth_keys(), "").environment("policy")
    environment = {
        **told,
        "POLICY_PORT": str(port),
        "LD_PRELOAD": libfaketime(),
        "FAKETIME": shift,
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    }
    command = [sys.executable, "-m", "policy_service"]
    child = Child("policy", command, folder / "policy.log", environment)
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


def skew_in(text):
    lines = [line for line in text.splitlines() if line.startswith("openactions_clock_skew_sec")]
    return float(lines[0].rpartition(" ")[2]) if lines else None


@pytest.mark.parametrize("shift", SHIFTS)
def test_f39_a_service_whose_clock_is_wrong_is_ready_in_sync_and_says_how_wrong(
    shift, tmp_path, mongodb_url, nats_url
):
    with (
        policy_whose_clock_is_off(shift, tmp_path, mongodb_url, nats_url) as (url, child),
        httpx.Client(base_url=url, timeout=5) as client,
    ):
        wait_for(lambda: text_of(client, "/readyz"), f"never ready:\n{child.last_lines(30)}")
        skew = wait_for(lambda: skew_in(text_of(client, "/metrics")), "no skew is measured")

        assert skew == pytest.approx(SHIFTS[shift], rel=0.01)
        assert "clock_skewed" in child.last_lines(200)
