"""The release before documents had versions, installed beside this one from the history."""

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

COMMIT = "b35d436"
ROOT = Path(__file__).parents[2]


class NoOldRelease(Exception):
    """It cannot be installed here; the sentence says why."""


@dataclass(frozen=True)
class OldRelease:
    """A tree of that commit with an environment of its own, made by uv from that commit's lock."""

    root: Path

    @property
    def openactions(self):
        return self.root / ".venv" / "bin" / "openactions"

    @property
    def python(self):
        return self.root / ".venv" / "bin" / "python"


def install(folder):
    """Raises `NoOldRelease` where there is no history, or no way to the package index."""
    archive = folder / "old.tar"
    _run("git", "-C", str(ROOT), "archive", "--output", str(archive), COMMIT)
    root = folder / "old"
    root.mkdir()
    shutil.unpack_archive(archive, root, filter="data")
    _run("python3", str(root / "openactions"), "--help")
    return OldRelease(root)


def _run(*command):
    try:
        ended = subprocess.run(command, capture_output=True, text=True, check=False, timeout=600)
    except (FileNotFoundError, subprocess.TimeoutExpired) as error:
        raise NoOldRelease(str(error)) from None
    if ended.returncode != 0:
        raise NoOldRelease(f"`{' '.join(command[:2])}` ended so: {ended.stderr[-500:]}")
