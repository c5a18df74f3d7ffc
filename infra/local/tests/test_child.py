"""A child is given the time that it needs to end, and children of one group end together."""

import asyncio
import sys

import pytest

from kit.testing import eventually
from openactions_local.child import Child, ChildFailed, all_ready
from openactions_local.supervise import Supervisor, service_child

DRAINS = """
import pathlib, signal, sys, time
mine, other = map(pathlib.Path, sys.argv[1:])
def drain(*_):
    mine.with_suffix('.signalled').touch()
    while not other.with_suffix('.signalled').exists():
        time.sleep(0.01)
    sys.exit(7)
signal.signal(signal.SIGTERM, drain)
mine.touch()
while True:
    time.sleep(60)
"""
"""It ends once the other one got the signal to end, too."""


@pytest.fixture
def draining(tmp_path):
    def make(name, other, **options):
        command = [sys.executable, "-c", DRAINS, str(tmp_path / name), str(tmp_path / other)]
        return Child(name, command, tmp_path / f"{name}.log", **options)

    return make


def status_of(child):
    return child._process.returncode


async def started(tmp_path, supervisor, *children):
    for child in children:
        supervisor.start(child)
        await child.ready((tmp_path / child.name).exists)


async def test_r4_a_child_that_drains_is_not_killed_before_its_time(tmp_path, draining):
    """The first to get the signal may end only after the other was killed."""
    slow = draining("one", "go", stop_seconds=60)
    stuck = draining("two", "never", stop_seconds=0.5)
    supervisor = Supervisor(print)
    await started(tmp_path, supervisor, slow, stuck)

    async def signalled():
        return (tmp_path / "one.signalled").exists()

    ending = asyncio.create_task(slow.stop())
    await eventually(signalled)
    await stuck.stop()
    (tmp_path / "go.signalled").touch()
    await ending

    assert (status_of(slow), status_of(stuck)) == (7, -9)


async def test_children_of_one_group_are_stopped_together(tmp_path, draining):
    """Each ends only after the other got the signal: stopped in turn, both would be killed."""
    children = [draining(*names, group="services") for names in (("a", "b"), ("b", "a"))]
    supervisor = Supervisor(print)
    await started(tmp_path, supervisor, *children)

    await supervisor.stop()

    assert [status_of(child) for child in children] == [7, 7]


@pytest.mark.parametrize(
    ("program", "ending"),
    [
        ("import sys; sys.exit(70)", "exit status 70"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGVTALRM)", "signal SIGVTALRM"),
    ],
)
async def test_a_child_that_ended_is_reported_with_status_and_log(tmp_path, program, ending):
    said = []
    supervisor = Supervisor(said.append)
    log = tmp_path / "one.log"
    supervisor.start(Child("one", [sys.executable, "-c", program], log))
    watching = asyncio.create_task(supervisor.watch())

    async def signalled():
        return bool(said)

    await eventually(signalled)
    watching.cancel()
    await supervisor.stop()

    assert said[0].startswith(f"one ended ({ending}); started again as pid ")
    assert said[0].endswith(f"Its log: {log}")


@pytest.mark.parametrize(
    ("environment", "longer_than"),
    [({}, 50 + 5), ({"POLICY_SHUTDOWN_GRACE_SECONDS": "300"}, 300 + 5)],
)
def test_r4_a_service_has_longer_to_stop_than_its_settings_let_it_drain(
    tmp_path, environment, longer_than
):
    child = service_child("policy", "policy", 1, environment, tmp_path)

    assert child.stop_seconds > longer_than


def failing(tmp_path, script):
    return Child("server", [sys.executable, "-c", script], tmp_path / "log")


async def test_t3_a_server_that_ends_while_it_starts_is_reported_with_how_it_ended(tmp_path):
    child = failing(tmp_path, "import os; os.kill(os.getpid(), 9)")
    child.start()

    with pytest.raises(ChildFailed) as failed:
        await child.ready(lambda: False)

    assert str(failed.value) == (
        f"server ended (signal SIGKILL) while it started. Its log, {tmp_path / 'log'}, is empty."
    )


async def test_a_service_that_ends_while_it_starts_is_an_error_with_its_last_lines(tmp_path):
    """Also where another one is still starting, which was asked for first."""
    slow = failing(tmp_path, "import time; time.sleep(60)")
    script = "print('no such database'); raise SystemExit(3)"
    ending = Child("policy", [sys.executable, "-c", script], tmp_path / "policy.log", starts=1)
    slow.start()
    ending.start()

    with pytest.raises(ChildFailed) as failed:
        await all_ready([(slow, lambda: False), (ending, lambda: False)])
    slow.kill()

    assert str(failed.value) == (
        "policy ended (exit status 3) while it started. Its log ends:\n  no such database"
    )


async def test_who_is_not_ready_yet_is_said_again_and_again(tmp_path):
    there, said = tmp_path / "there", []

    def say(line):
        said.append(line)
        if len(said) > 2:
            there.touch()

    slow, fast = failing(tmp_path, "import time; time.sleep(60)"), failing(tmp_path, "input()")
    slow.name = "slow"
    slow.start()
    await all_ready([(slow, there.exists), (fast, lambda: True)], say, every=0.05)
    slow.kill()

    assert said == ["Not ready after 0 s: slow"] * 3


async def test_a_child_that_lives_and_is_never_ready_is_given_up_after_its_time(tmp_path):
    child = failing(tmp_path, "import time; time.sleep(60)")
    child.start_seconds = 0.2
    child.start()

    with pytest.raises(ChildFailed, match=r"server was not ready within 0 s\. Its log"):
        await child.ready(lambda: False)
    child.kill()


def test_a_service_has_time_to_build_indexes_for_a_hundred_thousand_documents(tmp_path):
    child = service_child("policy", "policy", 1, {}, tmp_path)

    assert (child.start_seconds, child.starts) == (600, 1)


async def test_t3_a_server_that_dies_once_while_it_starts_is_started_again(tmp_path):
    there = tmp_path / "there"
    script = f"import pathlib, time; it = pathlib.Path({str(there)!r}); it.touch(exist_ok=False)"
    child = failing(tmp_path, f"{script}; raise SystemExit(3)")
    child.start()
    while child.running:  # noqa: ASYNC110 - there is no event for the end of a process
        await asyncio.sleep(0.02)

    with pytest.raises(ChildFailed) as failed:
        await child.ready(lambda: False)

    assert "server ended (exit status 1)" in str(failed.value)
    assert "FileExistsError" in str(failed.value)
