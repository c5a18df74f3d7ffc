"""What `openactions up` shows on a narrow screen."""

import io
import sys
from dataclasses import replace

from rich.console import Console

from openactions_local.child import Child
from openactions_local.platform import Running
from openactions_local.supervise import Supervisor
from openactions_local.table import show

TOKEN = f"oat_{'x' * 43}"


def shown(token, width, supervisor=None, **more):
    console = Console(file=io.StringIO(), width=width, highlight=False)
    up = Running("http://127.0.0.1:8080", token, {}, 1.0, supervisor or Supervisor(print), [])
    show(replace(up, **more), console)
    return console.file.getvalue().splitlines()


def test_the_owners_token_stands_alone_on_its_line_however_narrow_the_screen():
    for width in (30, 80):
        assert TOKEN in shown(TOKEN, width)


def test_a_sign_in_link_stands_alone_on_its_line_however_narrow_the_screen():
    link = f"http://127.0.0.1:8080/v1/session/link/osl_{'x' * 43}"
    for width in (30, 80):
        assert link in shown(None, width, sign_in_link=link)
    assert any("./openactions sign-in" in line for line in shown(None, 80, sign_in_link=link))


def test_without_a_new_token_it_is_shown_how_to_get_one():
    assert any("--new-owner-token" in line for line in shown(None, 80))


async def test_each_replica_has_its_process_and_its_address_on_one_line(tmp_path):
    supervisor = Supervisor(print)
    child = Child(
        "execution-1", [sys.executable, "-c", "import time; time.sleep(60)"], tmp_path / "log"
    )
    supervisor.start(child)
    health = {"execution-1": {"ready": "ok"}}
    addresses = {"execution-1": "127.0.0.1:65535"}

    lines = shown(None, 60, supervisor, health=health, addresses=addresses)
    await supervisor.stop()

    [row] = [line.split() for line in lines if "execution-1" in line]
    assert row[:5] == ["execution-1", "ready", "pid", str(child.pid), "127.0.0.1:65535"]


def test_t4_a_service_is_shown_with_the_paths_of_its_own_routes():
    lines = shown(None, 200, health={"auth": {"nats": "ok"}}, paths={"auth": ["credentials"]})

    [row] = [line.split() for line in lines if line.split()[:1] == ["auth"]]
    assert row == ["auth", "ready", "/v1/credentials"]


def test_n8_the_address_for_directories_is_among_identitys_paths():
    lines = shown(None, 200, health={"identity": {"nats": "ok"}}, paths={"identity": ["tokens"]})

    [row] = [line.split() for line in lines if line.split()[:1] == ["identity"]]
    assert row == ["identity", "ready", "/v1/tokens", "/scim/v2"]


def test_t5_the_demos_origin_and_its_port_are_shown():
    lines = shown(None, 100, demo_port=9123)

    assert any("http://demo-api.example.com:9123 may be called on loopback" in it for it in lines)
    assert any("./openactions demo --demo-port 9123" in line for line in lines)


def test_t17_the_operators_own_origins_are_shown():
    lines = shown(None, 100, allowed_origins=["http://127.0.0.1:9000", "http://localhost:9000"])

    assert any("http://127.0.0.1:9000, http://localhost:9000" in line for line in lines)
