"""FastMCP as a child process, installed on first use into an environment of its own."""

import json
import subprocess
import sys
from pathlib import Path
from shutil import which
from typing import Any

from openactions_local.child import Child
from openactions_local.servers import LOOPBACK
from tests.bench import upstream

HERE = Path(__file__).parent
VENV = HERE.parents[1] / ".venv" / "bench"
LOCK = HERE / "requirements.lock"
HEADERS = {
    "content-type": "application/json",
    "accept": "application/json, text/event-stream",
    "mcp-protocol-version": "2025-06-18",
}


def install() -> None:
    """FastMCP's own requirements may be at odds with ours, so it gets `.venv/bench`."""
    stamp = VENV / "installed"
    wanted = LOCK.read_text()
    if stamp.exists() and stamp.read_text() == wanted:
        return
    uv = which("uv", path=str(Path(sys.executable).parent)) or which("uv") or "uv"
    subprocess.run([uv, "venv", "--quiet", "--clear", "--python", sys.executable, VENV], check=True)
    pip = [uv, "pip", "install", "--quiet", "--python", VENV / "bin" / "python"]
    subprocess.run([*pip, "--require-hashes", "-r", LOCK], check=True)
    stamp.write_text(wanted)


def fastmcp_child(folder: Path, port: int, upstream_port: int) -> Child:
    folder.mkdir(parents=True)
    base_url = f"http://{LOOPBACK}:{upstream_port}"
    document = folder / "openapi.json"
    document.write_text(json.dumps(upstream.document(base_url)))
    program = [str(VENV / "bin" / "python"), str(HERE / "fastmcp_server.py")]
    return Child("FastMCP", [*program, str(document), base_url, str(port)], folder / "fastmcp.log")


def tool_call(tool: str, arguments: dict[str, Any]) -> bytes:
    """One `tools/call`, as a lean client sends it."""
    call = {"name": tool, "arguments": arguments}
    return json.dumps({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": call}).encode()
