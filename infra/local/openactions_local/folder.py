"""The data folder: who may use it, what it holds, and the secrets that it keeps for us."""

import base64
import fcntl
import os
import secrets
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import TextIO

from kit.sizes import MIB
from openactions_local.child import for_us_alone
from openactions_local.errors import StartFailed

DEFAULT_FOLDER = Path(__file__).resolve().parents[3] / ".openactions"
"""In the clone, whatever folder one stands in."""


OPERATOR_TOKEN = "operator-token"  # noqa: S105 - a file's name


class FolderRefused(StartFailed):
    """The folder cannot be used; the sentence says why and what to do."""


def default_folder(here: Path, default: Path = DEFAULT_FOLDER) -> tuple[Path, str]:
    """Where data is kept without --data, and a line to print, if any.

    Releases until 0.1 kept it below the folder that one stood in: it is used where it is there, and
    the default is not.
    """
    former = here.resolve() / ".openactions"
    if former == default or not (former / "keys").is_dir():
        return default, ""
    if default.exists():
        return default, f"{former} holds another platform's data: --data {former} uses it."
    return former, (
        f"The data is in {former}, where an earlier release kept it. To have it found from every"
        f" folder, stop the platform and move it to {default}."
    )


class OwnLog(RotatingFileHandler):
    """Read by nobody else."""

    def _open(self) -> TextIOWrapper:
        return open(self.baseFilename, self.mode, encoding="utf-8", opener=for_us_alone)  # type: ignore[return-value]


class DataFolder:
    """`nats/`, `mongodb/`, `blobs/`, `logs/`, `keys/`; locked while a platform runs on it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock: TextIO | None = None

    def take(self) -> None:
        """Create the folder and lock it; refuse where that is impossible or it is in use."""
        try:
            for name in ("nats", "mongodb", "blobs", "logs", "keys"):
                (self.path / name).mkdir(parents=True, exist_ok=True, mode=0o700)
            (self.path / "logs").chmod(0o700)
            self._lock = (self.path / "running").open("a+")
        except OSError as error:
            raise FolderRefused(
                f"The data folder {self.path} cannot be written: {error.strerror}. "
                "Choose another with --data FOLDER."
            ) from None
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise FolderRefused(self._in_use()) from None

    def _in_use(self) -> str:
        running = (self.path / "running").read_text().strip()
        where = f" ({running})" if running else ""
        return (
            f"OpenActions is already running on {self.path}{where}. "
            "Stop it with Ctrl-C there, or choose another folder with --data FOLDER."
        )

    def requests_log(self) -> RotatingFileHandler:
        """Two files of 10 MiB at most: the latest lines and those before."""
        path = self.path / "logs" / "requests.log"
        return OwnLog(path, maxBytes=10 * MIB, backupCount=1, delay=True)

    def announce(self, url: str) -> None:
        """Record the address for a second start."""
        if self._lock is not None:
            self._lock.seek(0)
            self._lock.truncate()
            self._lock.write(f"pid {os.getpid()}, {url}")
            self._lock.flush()

    def release(self) -> None:
        if self._lock is not None:
            self._lock.truncate(0)
            self._lock.close()

    def root_keys(self, service: str) -> str:
        """The keys that seal a service's secrets at rest, made at its first start, readable by us
        alone.
        """
        key = base64.b64encode(secrets.token_bytes(32)).decode()
        return self._made_once(f"{service}.keys", f"local1:{key}")

    def operator_token(self) -> str:
        """With which commands on this machine are the operator's, made and kept as above."""
        return self._made_once(OPERATOR_TOKEN, secrets.token_hex(32))

    def known_operator_token(self) -> str | None:
        """None where no platform with one was started on this folder yet."""
        path = self.path / "keys" / OPERATOR_TOKEN
        return path.read_text().strip() if path.is_file() else None

    def address(self) -> str | None:
        """Of the platform that runs on this folder; it may have been killed since."""
        running = self.path / "running"
        said = running.read_text().partition(", ")[2].strip() if running.is_file() else ""
        return said or None

    def _made_once(self, name: str, fresh: str) -> str:
        path = self.path / "keys" / name
        if not path.exists():
            temporary = path.with_suffix(".new")
            descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "w") as file:
                file.write(fresh)
                file.flush()
                os.fsync(file.fileno())
            temporary.rename(path)
        return path.read_text().strip()
