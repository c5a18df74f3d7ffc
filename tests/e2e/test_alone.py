"""Each service starts alone: its own settings, its own process, nobody else."""

import subprocess
import sys
from time import monotonic, sleep

import pytest

from openactions import OpenActions
from openactions_local.folder import DataFolder
from openactions_local.owners import SERVICES
from openactions_local.servers import free_port
from openactions_local.services import OWNED_SEGMENTS, Platform

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(90)]


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_starts_alone_and_stops_on_sigterm(service, nats_url, mongodb_url, tmp_path):
    folder = DataFolder(tmp_path)
    folder.take()
    platform = Platform(
        mongodb_url, nats_url, folder.root_keys, "", blobs_url=(tmp_path / "blobs").as_uri()
    )
    folder.release()
    port = free_port()
    environment = platform.environment(service) | {f"{service.upper()}_PORT": str(port)}
    process = subprocess.Popen(
        [sys.executable, "-m", f"{service}_service"],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        with OpenActions(f"http://127.0.0.1:{port}") as alone:
            deadline = monotonic() + 40
            while not alone.is_ready():
                assert process.poll() is None, process.stdout.read()
                assert monotonic() < deadline
                sleep(0.1)
            assert alone.get("/openapi.json")["info"]["title"] == f"OpenActions {service}"
    finally:
        process.terminate()
        output, _ = process.communicate(timeout=30)
    assert process.returncode == 0, output


@pytest.mark.parametrize("service", OWNED_SEGMENTS)
def test_a_service_without_settings_says_what_to_set(service):
    ended = subprocess.run(
        [sys.executable, "-m", f"{service}_service"],
        env={},
        capture_output=True,
        text=True,
        timeout=40,
        check=False,
    )

    assert ended.returncode == 1
    assert f"{service.upper()}_MONGODB_URL: Field required" in ended.stderr
    assert "Traceback" not in ended.stderr
