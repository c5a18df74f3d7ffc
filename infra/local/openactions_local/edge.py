"""nginx in front of separate processes, with the same `infra/edge/nginx.conf` as in production."""

import os
import shutil
import signal
from collections.abc import Mapping, Sequence
from pathlib import Path

from openactions_local.child import Child
from openactions_local.errors import StartFailed

CONFIGURATION = Path(__file__).resolve().parents[2] / "edge" / "nginx.conf"


STOP_SECONDS = 75.0
"""As in `docker-compose.yml`: longer than `worker_shutdown_timeout`."""
INSTALL_NGINX = "Install it: apt install nginx, dnf install nginx, or brew install nginx."


ELSEWHERE = "/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin"
"""Where nginx may be beside the shell's own path, which often lacks `sbin`."""


class NoNginx(StartFailed):
    """Separate services have no common address without it."""


def nginx() -> str | None:
    """Where it is installed."""
    return shutil.which("nginx") or shutil.which("nginx", path=ELSEWHERE)


def check_nginx() -> str:
    """Its path; raises `NoNginx` where it is not installed."""
    program = nginx()
    if program is None:
        raise NoNginx(f"--separate needs nginx, which is not installed. {INSTALL_NGINX}")
    return program


def upstreams(ports: Mapping[str, Sequence[int]]) -> str:
    """`upstreams.conf` for services whose replicas listen on these ports; as in production but for
    names, for which there is no resolver here.
    """
    blocks = []
    for service, replicas in ports.items():
        servers = "".join(f" server 127.0.0.1:{port} max_fails=0;" for port in replicas)
        blocks.append(f"upstream {service} {{{servers} keepalive 32; keepalive_timeout 4s; }}\n")
    return "".join(blocks)


def edge_child(program: str, folder: Path, port: int, ports: Mapping[str, Sequence[int]]) -> Child:
    """Nginx in the foreground, its configuration and temporary files below `folder`."""
    for name in ("logs", "tmp"):
        (folder / name).mkdir(parents=True, exist_ok=True)
        (folder / name).chmod(0o700)
    shutil.copy(CONFIGURATION, folder / "nginx.conf")
    shutil.copytree(CONFIGURATION.parent / "public", folder / "public", dirs_exist_ok=True)
    (folder / "upstreams.conf").write_text(upstreams(ports))
    (folder / "listen.conf").write_text(f"listen 127.0.0.1:{port};\n")
    # As root, nginx would hand its workers to a user who may not write below our folder.
    directives = "daemon off; user root;" if os.geteuid() == 0 else "daemon off;"
    command = [program, "-p", f"{folder}/", "-c", "nginx.conf", "-g", directives]
    return Child(
        "edge (nginx)",
        command,
        folder / "logs" / "nginx.log",
        stop_seconds=STOP_SECONDS,
        stop_signal=signal.SIGQUIT,  # what is under way is answered first
    )
