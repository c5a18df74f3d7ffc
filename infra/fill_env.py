#!/usr/bin/env python3
"""Write the secrets that docker-compose.yml asks for and .env lacks. What .env has stays."""

import base64
import re
import secrets
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def wanted(compose: str) -> "list[str]":
    """The variables that compose refuses to start without."""
    return sorted(set(re.findall(r"\$\{([A-Z_]+):\?\}", compose)))


def present(env: str) -> "set[str]":
    return set(re.findall(r"(?m)^([A-Z_]+)=.", env))


def fresh(name: str) -> str:
    """A secret of 256 bits that may stand in an address; `…_KEYS` name their key."""
    if name.endswith("_KEYS"):
        return "first:" + base64.b64encode(secrets.token_bytes(32)).decode()
    return secrets.token_hex(32)


NEW = "KEYS_PER_WORKSPACE=true\n"
"""Of an installation that begins: it has no release before to go back to (decision 44)."""


def main(compose: Path, env: Path) -> None:
    """Safe to repeat; the file is its owner's alone."""
    env.touch(mode=0o600)
    env.chmod(0o600)
    text = env.read_text()
    missing = [name for name in wanted(compose.read_text()) if name not in present(text)]
    if not present(text):
        text += NEW
    separator = "" if text.endswith("\n") or not text else "\n"
    env.write_text(text + separator + "".join(f"{name}={fresh(name)}\n" for name in missing))
    sys.stderr.write(f"{env}: {len(missing)} secrets added, what was there is kept.\n")


if __name__ == "__main__":
    if sys.argv[1:]:
        sys.exit(f"usage: fill_env.py (no arguments)\n\n{__doc__}")
    main(ROOT / "docker-compose.yml", ROOT / ".env")
