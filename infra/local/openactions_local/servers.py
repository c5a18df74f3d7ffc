"""The embedded broker and database: which programs, with which switches, and why."""

import json
import random
import socket  # noqa: TID251 - to find out which ports are free, never to dial out
import subprocess
import sys
from pathlib import Path

from openactions_local.child import Child, program
from openactions_local.errors import StartFailed

LOOPBACK = "127.0.0.1"


PORTS = range(20_000, 32_768)
"""Below those that systems give to outgoing connections (Linux: from 32,768, others: 49,152)."""
PORT_TRIES = 100


def free_port() -> int:
    """A port of `PORTS`: no outgoing connection takes it before the server binds it."""
    for port in random.sample(PORTS, PORT_TRIES):
        if port_is_free(port):
            return port
    raise StartFailed(
        f"None of {PORT_TRIES} ports tried between {PORTS.start} and {PORTS.stop - 1} is free."
    )


def port_is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
        return True


def accepts(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(0.2)
        return probe.connect_ex((LOOPBACK, port)) == 0


def nats_server(folder: Path, port: int) -> Child:
    """One node with JetStream on disk; `sync_interval: always`: acknowledged means kept."""
    folder.mkdir(parents=True, exist_ok=True)
    settings = {
        "listen": f"{LOOPBACK}:{port}",
        "server_name": "embedded",
        "jetstream": {"store_dir": str(folder), "sync_interval": "always"},
        "write_deadline": "5s",
    }
    settings_path = folder / "nats.conf"
    settings_path.write_text(json.dumps(settings, indent=2))  # JSON is NATS configuration too
    return Child(
        "nats-server", [program("nats-server"), "-c", str(settings_path)], folder / "nats.log"
    )


def mongodb_server(folder: Path, port: int) -> Child:
    """SecantusDB, which has MongoDB's protocol. Without `--sync-on-commit` a kill -9 loses writes.

    It gets an empty settings file, so that it reads no other. (Its clean-up
    by TTL index cannot be turned off there: the command line does not pass that setting on.)
    A new folder gets its tables first, so that no kill finds one half made (`empty_database`).
    """
    folder.mkdir(parents=True, exist_ok=True)
    data = folder / "data"
    if not data.exists():
        make = [sys.executable, "-m", "openactions_local.empty_database", str(data)]
        subprocess.run(make, check=True)  # noqa: S603 - this Python, a module of ours
    settings_path = folder / "secantusd.toml"
    settings_path.write_text("")
    command = [
        program("secantusd-py"),
        *("--config", str(settings_path)),
        *("--host", LOOPBACK, "--port", str(port)),
        *("--storage-path", str(data), "--cache-size", "256M"),
        *("--log-level", "WARNING", "--sync-on-commit"),
    ]
    return Child("mongodb (SecantusDB)", command, folder / "mongodb.log")
