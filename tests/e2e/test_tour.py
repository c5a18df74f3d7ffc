"""The README's tour, line by line, embedded and with a process a service."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from openactions import OpenActions
from openactions_local.servers import free_port
from tests.e2e.platform_process import ENVIRONMENT, PlatformProcess, openactions

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


def test_t18_the_tour_on_a_platform_of_its_own_is_answered_as_the_document_says():
    walked = subprocess.run(
        [sys.executable, "-m", "tests.e2e.compared_tour"],
        cwd=README.parent,
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        timeout=150,
        check=False,
    )

    assert walked.returncode == 0, walked.stdout + walked.stderr
    assert_it_is_the_tour(walked.stdout)
    assert re.search(r"^[1-9]\d answers were compared\.", walked.stdout, re.MULTILINE)


@pytest.fixture(scope="module")
def platform(tmp_path_factory):
    demo_port = free_port()
    folder = tmp_path_factory.mktemp("data")
    with (
        PlatformProcess(
            ["--data", folder, "--port", "0", "--demo-port", demo_port],
            up_within=120,
            compared=True,
        ) as up,
        OpenActions(up.url, up.token) as owner,
    ):
        yield up, owner, ["demo", "--url", up.url, "--token", up.token, "--demo-port", demo_port]


def everything(owner):
    rules = owner.get("/v1/domains")
    gpts = [gpt["id"] for gpt in owner.get("/v1/gpts")["items"]]
    return rules["mode"], rules["domains"], gpts


def test_the_tour_runs_on_a_platform_that_is_up_already(platform):
    _, owner, command = platform
    owner.put("/v1/domains", {"mode": "list", "domains": []})

    walked = openactions(*command)

    assert walked.returncode == 0, walked.stdout + walked.stderr
    assert_it_is_the_tour(walked.stdout)


def test_t1_the_tour_leaves_what_others_made_and_nothing_of_its_own(platform):
    _, owner, command = platform
    owner.put("/v1/domains", {"mode": "list", "domains": ["api.foo.com", "example.net"]})
    owner.post("/v1/gpts", {"name": "Theirs"})
    before = everything(owner)

    walked = openactions(*command)

    assert walked.returncode == 0, walked.stdout + walked.stderr
    assert everything(owner) == before


@pytest.mark.parametrize(
    ("rules", "sentence"),
    [
        ({"mode": "all", "domains": []}, "allows all domains"),
        ({"mode": "list", "domains": ["example.com"]}, "allows example.com already"),
        ({"mode": "list", "domains": ["demo-api.example.com"]}, "allows example.com already"),
    ],
)
def test_t1_the_tour_refuses_in_a_sentence_where_it_would_change_what_others_made(
    platform, rules, sentence
):
    _, owner, command = platform
    owner.put("/v1/domains", rules)
    before = everything(owner)

    walked = openactions(*command)

    assert walked.returncode == 1
    assert sentence in " ".join(walked.stdout.split())
    assert "✓" not in walked.stdout
    assert everything(owner) == before


def test_t5_another_demo_port_than_the_platforms_is_reported_in_a_sentence(platform):
    _, owner, command = platform
    owner.put("/v1/domains", {"mode": "list", "domains": []})
    before, port = everything(owner), free_port()

    walked = openactions(*command[:-1], port)

    assert walked.returncode == 1
    said = " ".join(walked.stdout.split())
    assert f"may not call http://demo-api.example.com:{port}" in said
    assert everything(owner) == before


def test_t18_the_tour_behind_the_edge_is_answered_as_the_document_says(tmp_path):
    demo_port = free_port()
    form = ["--data", tmp_path, "--port", "0", "--demo-port", demo_port, "--separate"]
    with PlatformProcess(form, compared=True) as up:
        walked = openactions("demo", "--url", up.url, "--token", up.token, "--demo-port", demo_port)

    assert walked.returncode == 0, walked.stdout + walked.stderr
    assert_it_is_the_tour(walked.stdout)
