"""moto's server, which plays AWS, as a child process in an environment of its own."""

import json
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from shutil import which

from openactions_local.servers import LOOPBACK, free_port

HERE = Path(__file__).parent
VENV = HERE.parents[1] / ".venv" / "peers"
LOCK = HERE / "requirements.lock"
PYTHON = VENV / "bin" / "python"


def install():
    """On first use, and again when the lock changes."""
    stamp = VENV / "installed"
    wanted = LOCK.read_text()
    if stamp.exists() and stamp.read_text() == wanted:
        return
    uv = which("uv", path=str(Path(sys.executable).parent)) or which("uv") or "uv"
    subprocess.run([uv, "venv", "--quiet", "--clear", "--python", sys.executable, VENV], check=True)
    pip = [uv, "pip", "install", "--quiet", "--python", PYTHON]
    subprocess.run([*pip, "--require-hashes", "-r", LOCK], check=True)
    stamp.write_text(wanted)


@contextmanager
def moto():
    """Its port on loopback, and a function that calls the service as boto3's clients do."""
    install()
    port = free_port()
    server = [PYTHON, HERE / "moto_server.py", LOOPBACK, str(port)]
    with subprocess.Popen(server, stdout=subprocess.PIPE, text=True) as child:
        try:
            assert child.stdout.readline() == "listening\n"
            yield port
        finally:
            child.terminate()


def asked_by_boto(port, method, *, service="kms", **arguments):
    """What a method of boto3's client for that service answers."""
    return _run("boto_client.py", [f"http://{LOOPBACK}:{port}", service, method, arguments])


def signed_by_botocore(url, headers, body, credentials, region):
    """All headers of a POST to KMS, signed at this moment."""
    install()
    return _run("botocore_signer.py", [url, headers, body.decode(), credentials, region])


def _run(program, asked):
    command = [PYTHON, HERE / program, json.dumps(asked)]
    ended = subprocess.run(command, capture_output=True, text=True, check=True)
    return json.loads(ended.stdout)
