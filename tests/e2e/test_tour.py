"""The README's tour, line by line, embedded and with a process a service."""

import re
from pathlib import Path

import pytest

from openactions_local.servers import free_port
from tests.e2e.platform_process import PlatformProcess, openactions

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(180)]
README = Path(__file__).parents[2] / "README.md"


def promised_lines():
    [tour] = re.findall(r"```text\n(✓.*?)```", README.read_text(), re.DOTALL)
    return [re.escape(line).replace("…", r"\S+") for line in tour.splitlines()]


def assert_it_is_the_tour(output):
    said = [line.rstrip() for line in output.splitlines() if line.startswith("✓")]
    promised = promised_lines()
    assert len(promised) > 10
    for line, pattern in zip(said, promised, strict=True):
        assert re.fullmatch(pattern, line), f"{line!r} is not {pattern!r}"


@pytest.mark.parametrize("form", [[], ["--separate"]], ids=["embedded", "separate"])
def test_the_tour_of_the_readme_runs_as_it_is_written(form):
    walked = openactions("demo", "--demo-port", free_port(), *form, timeout=150)

    assert walked.returncode == 0, walked.stdout + walked.stderr
    assert_it_is_the_tour(walked.stdout)


def test_the_tour_runs_on_a_platform_that_is_up_already(tmp_path):
    demo_port = free_port()
    with PlatformProcess(
        ["--data", tmp_path, "--port", "0", "--demo-port", demo_port], compared=True
    ) as up:
        walked = openactions("demo", "--url", up.url, "--token", up.token, "--demo-port", demo_port)

    assert walked.returncode == 0, walked.stdout + walked.stderr
    assert_it_is_the_tour(walked.stdout)
