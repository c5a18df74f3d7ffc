"""The README's walk with one's own API, its lines as they stand there. Only ports, programs and the
token are put in.
"""

import os
import re
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep

import pytest

from openactions_local.servers import accepts, free_port
from tests.e2e.platform_process import ENVIRONMENT, OPENACTIONS, PlatformProcess

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(180)]
README = Path(__file__).parents[2] / "README.md"


def blocks():
    """The platform, the API, the walk."""
    [walk] = re.findall(r"(?ms)^## Your own API$(.*?)^## ", README.read_text())
    return re.findall(r"```sh\n(.*?)```", walk, re.DOTALL)


@contextmanager
def running(script, port):
    process = subprocess.Popen(["bash", "-c", f"exec {script}"])
    try:
        deadline = monotonic() + 30
        while not accepts(port):
            assert process.poll() is None
            assert monotonic() < deadline
            sleep(0.1)
        yield
    finally:
        process.terminate()
        process.wait(10)


def test_t20_whoever_has_only_the_readme_calls_an_api_of_their_own(tmp_path):
    port = str(free_port())
    up, api, walk = (block.replace("9000", port) for block in blocks())
    assert len(walk.splitlines()) <= 10
    [options] = re.findall(r"^\./openactions up (.+)$", up.strip())
    assert api.startswith(".venv/"), "which `./openactions up`, the first block, has made"
    api = api.replace(".venv/bin/python", sys.executable)
    form = [*options.split(), "--data", tmp_path]

    with PlatformProcess(form, up_within=120, compared=True) as platform, running(api, int(port)):
        assert f"http://127.0.0.1:{port}, http://localhost:{port}" in platform.output
        script = walk.replace("oat_…", platform.token).replace("./openactions", str(OPENACTIONS))
        walked = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", script],
            env=ENVIRONMENT | {"OPENACTIONS_URL": platform.url, "PATH": os.defpath},
            capture_output=True,
            text=True,
            timeout=90,
            check=False,
        )

    assert walked.returncode == 0, walked.stdout + walked.stderr
    assert '"message": "Hello Ada"' in walked.stdout
    assert '"message": "Hello Ada"' in README.read_text()
