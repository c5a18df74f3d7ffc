"""A test fails where code of ours connects past egress and the operator's own servers."""

import os
import subprocess
import sys

import pytest

from openactions_local.testing.way_out import NoWayOut, WayOut

LIBRARIES = frozenset({"nats", "pymongo"})
TESTS_OF_A_SERVICE = """
import socket, types
import pytest

def module(name):
    made = types.ModuleType(name)
    code = "def dial(connect, address):\\n    connect(address)"
    exec(code, made.__dict__)
    return made

def dialled(name, address):
    with socket.socket() as probe:
        probe.settimeout(1)
        try:
            module(name).dial(probe.connect, address)
        except (OSError, RuntimeError):
            pass  # swallowed, as a service's own retry might

def test_service():
    dialled("policy_service.adapters.notes", ("127.0.0.1", 9))

def test_after_a_test_that_failed():
    pass

@pytest.fixture(scope="module")
def shared():
    dialled("kit.shared_by_tests", ("127.0.0.1", 9))

def test_with_a_shared_fixture(shared):
    pass

def test_egress():
    dialled("egress.transport", ("127.0.0.1", 9))

def test_driver():
    dialled("pymongo.pool", ("127.0.0.1", 9))
"""


def found_by(event, arguments, *modules):
    """What was found, with the callers given nearest first."""
    watch = WayOut(LIBRARIES)
    try:
        watch.check(event, arguments, iter(modules))
    except NoWayOut:
        assert len(watch.found) == 1
        return watch.found[0]
    assert watch.found == []
    return None


CONNECT = ("socket.connect", (None, ("93.184.216.34", 443)))
RESOLVE = ("socket.getaddrinfo", ("example.com", 443, 0, 0, 0))
LOOPBACK = ("socket.connect", (None, ("127.0.0.1", 27017)))


@pytest.mark.parametrize("asked", [CONNECT, RESOLVE, LOOPBACK])
@pytest.mark.parametrize(
    "asker", ["policy_service.adapters.notes", "kit.service", "contracts.origin"]
)
def test_code_of_ours_neither_connects_nor_resolves(asked, asker):
    for callers in ((asker,), ("socket", "httpcore", asker, "tests.unit.test_policy")):
        assert found_by(*asked, *callers).startswith(f"{asker}: {asked[0]}")


@pytest.mark.parametrize("asked", [CONNECT, RESOLVE, LOOPBACK])
def test_egress_and_the_libraries_of_operator_endpoints_do(asked):
    for callers in (
        ("asyncio.selector_events", "aiohttp.connector", "egress.transport", "auth_service.main"),
        ("asyncio.base_events", "nats.aio.client", "kit.bus"),
        ("pymongo.pool", "threading"),
    ):
        assert found_by(*asked, *callers) is None


def test_a_library_that_no_endpoint_lists_does_not():
    assert found_by(*CONNECT, "smtplib", "kit.logs")


def test_what_nobody_asks_for_by_name_reaches_this_machine_alone():
    assert found_by(*LOOPBACK, "asyncio.tasks") is None
    assert found_by("socket.connect", (None, ("::1", 80, 0, 0)), "asyncio.tasks") is None
    assert found_by(*CONNECT, "asyncio.tasks").startswith("a task or thread")


def test_sockets_of_this_machine_alone_are_nobodys_way_out():
    assert found_by("socket.connect", (None, "/tmp/worker"), "schema_service.adapters.x") is None


@pytest.mark.integration
def test_a_connect_past_egress_fails_the_test_though_its_error_is_swallowed(tmp_path):
    (tmp_path / "test_sample.py").write_text(TESTS_OF_A_SERVICE)
    command = [sys.executable, "-m", "pytest", "-p", "openactions_local.pytest_plugin", "-q"]
    options = ["-p", "no:randomly", "-p", "no:cacheprovider", "--rootdir", tmp_path, "-rA"]

    ended = subprocess.run(
        [*command, *options, tmp_path],
        env=dict(os.environ),  # noqa: TID251 - as this test's own
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    assert "ERROR test_sample.py::test_service" in ended.stdout, ended.stdout
    assert "policy_service.adapters.notes: socket.connect 127.0.0.1" in ended.stdout
    for name in ("test_after_a_test_that_failed", "test_with_a_shared_fixture", "test_egress"):
        assert f"ERROR test_sample.py::{name}" not in ended.stdout
    assert ended.stdout.count("\nERROR test_sample.py::") == 2, ended.stdout
    assert "kit.shared_by_tests: socket.connect 127.0.0.1" in ended.stdout, "at the session's end"
    _, _, end_of_session = ended.stdout.partition("found between tests")
    assert "assert not ['kit.shared_by_tests: " in end_of_session, "and nothing of a test's own"
