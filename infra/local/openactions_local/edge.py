"""nginx in front of separate processes, with the same `infra/edge/nginx.conf` as in production."""

import os
import shutil
from pathlib import Path

from openactions_local.child import Child

CONFIGURATION = Path(__file__).resolve().parents[2] / "edge" / "nginx.conf"


def nginx() -> str | None:
    """Debian's nginx, where it is installed."""
    return shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin")


def edge_child(program: str, folder: Path, port: int, ports: dict[str, int]) -> Child:
    """Nginx in the foreground, its configuration and temporary files below `folder`."""
    for name in ("logs", "tmp"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    shutil.copy(CONFIGURATION, folder / "nginx.conf")
    upstreams = "".join(
        f"upstream {service} {{ server 127.0.0.1:{at}; keepalive 32; }}\n"
        for service, at in ports.items()
    )
    (folder / "upstreams.conf").write_text(upstreams)
    (folder / "listen.conf").write_text(f"listen 127.0.0.1:{port};\n")
    # As root, nginx would hand its workers to a user who may not write below our folder.
    directives = "daemon off; user root;" if os.geteuid() == 0 else "daemon off;"
    command = [program, "-p", f"{folder}/", "-c", "nginx.conf", "-g", directives]
    return Child("edge (nginx)", command, folder / "logs" / "nginx.log")
