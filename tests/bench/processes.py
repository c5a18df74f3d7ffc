"""What processes use of the machine, as Linux counts it."""

from collections.abc import Mapping
from pathlib import Path

PROC = Path("/proc")


def cpu_seconds(pid: int) -> float:
    """Time on a core, user and system, of a process, all its threads and all its descendants.

    From each thread's `schedstat`, in nanoseconds: `stat` counts in hundredths of a second.
    """
    spent = 0
    for thread in (PROC / str(pid) / "task").iterdir():
        spent += int((thread / "schedstat").read_text().split()[0])
    return spent / 1e9 + sum(cpu_seconds(child) for child in _children(pid))


def resident_mb(pid: int) -> float:
    """Resident memory of one process, shared pages included."""
    status = (PROC / str(pid) / "status").read_text()
    line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


def proportional_mb(pid: int) -> float:
    """Memory of a process and all its descendants, pages that they share counted once."""
    rollup = (PROC / str(pid) / "smaps_rollup").read_text()
    line = next(line for line in rollup.splitlines() if line.startswith("Pss:"))
    return int(line.split()[1]) / 1024 + sum(proportional_mb(child) for child in _children(pid))


def _children(pid: int) -> list[int]:
    tasks = (PROC / str(pid) / "task").iterdir()
    return [int(child) for task in tasks for child in (task / "children").read_text().split()]


class CpuMeter:
    """CPU seconds of each named process since the last `start`."""

    def __init__(self, pids: Mapping[str, int]) -> None:
        self._pids = pids
        self._before: dict[str, float] = {}

    def start(self) -> None:
        self._before = {name: cpu_seconds(pid) for name, pid in self._pids.items()}

    def spent(self) -> dict[str, float]:
        return {name: cpu_seconds(pid) - self._before[name] for name, pid in self._pids.items()}
