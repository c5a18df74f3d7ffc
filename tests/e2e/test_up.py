"""`openactions up` as a newcomer meets it: starting, failing clearly, stopping, coming back."""

import signal
import socket  # noqa: TID251 - to take a port
from time import monotonic, sleep

import pytest

from openactions import OpenActions, ProblemError
from tests.e2e.platform_process import (
    PlatformProcess,
    command_of,
    descendants_of,
    is_alive,
    openactions,
)

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(180)]


def compared(*arguments, environment=None):
    """T18: every start of this file is asked, and its answers compared with the document."""
    return PlatformProcess([*arguments], environment or {}, compared=True)


def role_of(url, token):
    with OpenActions(url, token) as platform:
        return platform.get("/v1/workspace")["you"]["role"]


def test_it_stops_cleanly_and_finds_its_data_again(tmp_path):
    with compared("--data", tmp_path, "--port", "0") as first:
        token = first.token
        with OpenActions(first.url, token) as platform:
            gpt = platform.post("/v1/gpts", {"name": "Kept"})
        processes = descendants_of(first.process.pid)
        assert len(processes) >= 2
        assert first.stop(signal.SIGINT) == 0
    assert "Stopped." in first.output
    assert "Traceback" not in first.output
    ended_within(10, processes)

    with compared("--data", tmp_path, "--port", "0") as second:
        assert "oat_" not in second.output, "the owner token is shown once"
        with OpenActions(second.url, token) as platform:
            assert platform.get(f"/v1/gpts/{gpt['id']}")["name"] == "Kept"


def test_t7_t15_the_trace_id_of_an_answer_is_in_the_log_and_the_pages_are_there(tmp_path):
    with compared("--data", tmp_path, "--port", "0") as up:
        with OpenActions(up.url, up.token) as platform:
            assert "/assets/" in platform.get("/")
            assert "/v1/gpts" in platform.get("/openapi.json")["paths"]
            assert "<details" in platform.get("/docs")
            with pytest.raises(ProblemError) as refused:
                platform.get("/v1/gpts", limt=3)
        up.stop()

    requests = (tmp_path / "logs" / "requests.log").read_text().splitlines()
    [line] = [each for each in requests if refused.value.trace_id in each]
    assert "method=GET route=/v1/gpts status=422" in line
    assert "status=200" not in up.output


def ended_within(seconds, processes):
    """Workers see that their parent is gone, and end by themselves."""
    deadline = monotonic() + seconds
    while left := [pid for pid in processes if is_alive(pid)]:
        assert monotonic() < deadline, f"{left} outlived the platform"
        sleep(0.1)


def test_a_lost_owner_token_is_replaced_on_request(tmp_path):
    with compared("--data", tmp_path, "--port", "0") as first:
        old = first.token
        assert role_of(first.url, old) == "owner"
    with compared("--data", tmp_path, "--port", "0", "--new-owner-token") as second:
        new = second.token
        assert new != old
        assert role_of(second.url, new) == "owner"
        with OpenActions(second.url, old) as locked_out, pytest.raises(ProblemError) as refused:
            locked_out.get("/v1/workspace")
        assert refused.value.code == "identity.token_invalid"


def test_a_kill_leaves_no_process_behind(tmp_path):
    with compared("--data", tmp_path, "--port", "0") as up:
        assert role_of(up.url, up.token) == "owner"
        processes = descendants_of(up.process.pid)
        up.stop(signal.SIGKILL)
    ended_within(10, processes)


def test_a_second_start_on_the_same_folder_says_where_the_first_one_is(tmp_path):
    with compared("--data", tmp_path, "--port", "0") as up:
        second = openactions("up", "--data", tmp_path)

        assert second.returncode == 1
        assert "already running" in second.stdout
        assert up.own_url in second.stdout
        assert role_of(up.url, up.token) == "owner", "the first one goes on"
        assert "Traceback" not in second.stdout + second.stderr


def test_a_taken_port_is_said_in_a_sentence(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        refused = openactions("up", "--data", tmp_path, "--port", port)

    assert refused.returncode == 1
    assert f"Port {port} is taken" in refused.stdout
    assert "Traceback" not in refused.stdout + refused.stderr


def test_a_folder_that_cannot_be_written_is_said_in_a_sentence(tmp_path):
    file = tmp_path / "file"
    file.write_text("not a folder")

    refused = openactions("up", "--data", file / "below")

    assert refused.returncode == 1
    assert "cannot be written" in refused.stdout
    assert "--data" in refused.stdout
    assert "Traceback" not in refused.stdout + refused.stderr


def test_real_servers_are_used_where_they_are_named(tmp_path, nats_url, mongodb_url):
    named = {"NATS_URL": nats_url, "MONGODB_URL": mongodb_url}
    options = ("--data", tmp_path, "--port", "0", "--new-owner-token")
    with compared(*options, environment=named) as up:  # other tests may have had the first token
        assert "nats-server" not in up.output
        assert "SecantusDB" not in up.output
        started = [command_of(pid) for pid in descendants_of(up.process.pid)]
        assert not any("nats-server" in each or "secantus" in each for each in started)
        with OpenActions(up.url, up.token) as platform:
            assert platform.is_ready()
            assert list(platform.gpts()) == []
