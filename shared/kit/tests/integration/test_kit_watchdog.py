"""F40: a process whose event loop is blocked says where, and ends; one that was frozen does not."""

import os
import signal
import subprocess
import sys
import time

import pytest

from kit.watchdog import EXIT_STATUS

pytestmark = [pytest.mark.integration, pytest.mark.timeout(60)]

BLOCKED = """
import asyncio, re, time
from kit.watchdog import watched

def busy():
    while True:
        pass

def sleeping():
    time.sleep(60)

def holding_the_interpreters_lock():
    re.match("(a+)+$", "a" * 60 + "b")

def nothing():
    pass

async def main():
    with watched({seconds}):
        await asyncio.sleep(0.1)
        print("watched", flush=True)
        {what}()
        await asyncio.sleep({rest})
    print("over", flush=True)

asyncio.run(main())
"""


def start(what, *, seconds=2, rest=0.1):
    code = BLOCKED.format(what=what, seconds=seconds, rest=rest)
    return subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


@pytest.mark.parametrize(
    ("what", "status"),
    [
        ("sleeping", EXIT_STATUS),
        ("busy", None),  # whichever witness comes first
        ("holding_the_interpreters_lock", -signal.SIGVTALRM),
    ],
)
def test_f40_a_blocked_loop_ends_the_process_with_the_stack_that_blocks_it(what, status):
    process = start(what)

    _, errors = process.communicate(timeout=40)

    assert process.returncode in ({EXIT_STATUS, -signal.SIGVTALRM} if status is None else {status})
    assert f" in {what}" in errors


def test_f40_a_process_that_was_frozen_goes_on_after_the_thaw():
    process = start("nothing", rest=3)
    assert process.stdout.readline() == "watched\n"

    for _ in range(2):
        os.kill(process.pid, signal.SIGSTOP)
        time.sleep(4)
        os.kill(process.pid, signal.SIGCONT)
        time.sleep(0.3)
    out, errors = process.communicate(timeout=30)

    assert (process.returncode, out, errors) == (0, "over\n", "")


def test_f40_zero_turns_it_off():
    process = start("(lambda: time.sleep(4))", seconds=0)

    out, _ = process.communicate(timeout=30)

    assert (process.returncode, out) == (0, "watched\nover\n")


def test_f40_a_loop_that_is_only_busy_now_and_then_is_left_alone():
    busy_for_a_second = "(lambda: time.sleep(1.2))"
    process = start(busy_for_a_second, rest=2)

    out, errors = process.communicate(timeout=30)

    assert (process.returncode, out, errors) == (0, "watched\nover\n", "")
