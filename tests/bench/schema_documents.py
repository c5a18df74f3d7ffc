"""How long the schema service's answer takes for whole documents, and what memory.

    python tests/bench/schema_documents.py DOCUMENT... [--repeat 5] [--deep] [--alias]

Each document gets a process of its own. Printed are CPU milliseconds, the best of all repeats, of
reading, examining and making every operation's tool; the peak of resident memory above that of
the process before it read the document; and with --deep those of deep verification. With --alias
one document more repeats a long text by 10,000 aliases (256 MB, 2 s).

The budgets are those of issue 3: 50 ms for a document the size of a GPT's, 1.0 s and 250 MB for
GitHub's description (`api.github.com.json` of npm's @octokit/openapi), 15 s and 512 MB for
verifying that one in depth.
"""

import argparse
import gc
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from contracts.tool_forms.definition import Flavour, tool_for
from schema_service.domain.examination import Examination, examine
from schema_service.domain.reading.read_document import read_document

MIB = 1024
WARM_UP = b'{"openapi": "3.1.0", "paths": {"/a": {"get": {}}}}'
ALIASES = f'a: &a "{"x" * 100_000}"\nb: {"[" * 150}{"*a, " * 10_000}{"]" * 150}\n'
COLUMNS = ("kB", "read", "examine", "tools", "total", "MB", "operations", "findings", "deep", "MB")


def peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MIB


def timed(work: Callable[[], Any]) -> tuple[Any, float]:
    began = time.process_time()
    result = work()
    return result, (time.process_time() - began) * 1000


def tools(examination: Examination) -> int:
    callable_ones = (each.operation for each in examination.operations if each.operation)
    return sum(tool_for(each.name, each, Flavour.OPENAI).tokens for each in callable_ones)


def measure(path: Path, repeat: int, *, deep: bool) -> dict[str, float]:
    tools(examine(read_document(WARM_UP)))
    before, raw = peak_mb(), path.read_bytes()
    best: dict[str, float] = {}
    memory = 0.0
    for _ in range(repeat):
        gc.collect()
        reading, read_ms = timed(lambda: read_document(raw))
        examination, examine_ms = timed(lambda r=reading: examine(r))
        _, tools_ms = timed(lambda e=examination: tools(e))
        memory = memory or peak_mb() - before
        run = {"read": read_ms, "examine": examine_ms, "tools": tools_ms}
        run["total"] = sum(run.values())
        best = {name: min(best.get(name, value), value) for name, value in run.items()}
    best |= {"kB": len(raw) / MIB, "memory": memory, "operations": len(examination.operations)}
    best["findings"] = len(examination.findings) + examination.more_findings
    return best | (deeply(raw, before) if deep else {})


def deeply(raw: bytes, before: float) -> dict[str, float]:
    from schema_service.domain.verification.deep import verify  # noqa: PLC0415 - costs 60 MB

    _, milliseconds = timed(lambda: verify(raw))
    return {"deep": milliseconds, "deep_memory": peak_mb() - before}


def in_a_process_of_its_own(path: Path, options: list[str]) -> dict[str, float]:
    command = [sys.executable, __file__, str(path), *options, "--one"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    result: dict[str, float] = json.loads(done.stdout)
    return result


def line(name: str, found: dict[str, float]) -> str:
    times = "".join(f"{found[key]:9.1f}" for key in ("read", "examine", "tools", "total"))
    counts = f"{found['memory']:7.0f}{found['operations']:11.0f}{found['findings']:9.0f}"
    deep = f"{found['deep']:9.0f}{found['deep_memory']:7.0f}" if "deep" in found else ""
    return f"{name[-40:]:40}{found['kB']:9.1f}{times}{counts}{deep}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("documents", nargs="*", type=Path)
    parser.add_argument("--alias", action="store_true", help="also a text that aliases repeat")
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--deep", action="store_true", help="also verify in depth")
    parser.add_argument("--one", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.one:
        print(json.dumps(measure(asked.documents[0], asked.repeat, deep=asked.deep)))
        return
    widths = (9, 9, 9, 9, 9, 7, 11, 9, 9, 7)
    print(" " * 40 + "".join(f"{c:>{w}}" for c, w in zip(COLUMNS, widths, strict=True)))
    options = ["--repeat", str(asked.repeat), *(["--deep"] if asked.deep else [])]
    with tempfile.TemporaryDirectory(prefix="openactions-bench-") as folder:
        aliases = Path(folder, "10,000 aliases.yaml")
        aliases.write_text(ALIASES)
        for path in [*asked.documents, *([aliases] if asked.alias else [])]:
            print(line(path.name, in_a_process_of_its_own(path, options)), flush=True)


if __name__ == "__main__":
    main()
