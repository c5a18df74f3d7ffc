"""What `tests.bench.invoke` prints: every case, then the budgets of this house beside it."""

from collections.abc import Callable
from dataclasses import dataclass
from statistics import median

from tests.bench.platform_up import BROKER, DATABASE
from tests.bench.summary import middle, table

SERVICES_ASIDE = ("identity", "catalog", "schema", "auth", "policy")
"""What the warm path does not ask: what they spend is their own housekeeping."""
OURS = ("execution", BROKER, *SERVICES_ASIDE)
"""Our processes but for the stand-in database, which no production has."""


@dataclass(frozen=True, slots=True)
class Measured:
    """One case of one repetition; CPU in microseconds a call, by process."""

    calls_per_second: float
    p50_ms: float
    p99_ms: float
    cpu: dict[str, float]

    @property
    def ours(self) -> float:
        return sum(self.cpu[name] for name in OURS)

    @property
    def aside(self) -> float:
        return sum(self.cpu[name] for name in SERVICES_ASIDE)


Case = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Repetitions:
    """Each case's and each process' values, one a repetition."""

    measured: dict[Case, list[Measured]]
    idle_mb: dict[str, list[float]]


def report(results: Repetitions) -> str:
    return "\n\n".join([_cases(results), _budgets(results), _memory(results)])


def _cases(results: Repetitions) -> str:
    heads = ["case", "in flight", "calls/s", "p50 ms", "p99 ms"]
    heads += ["execution", "nats", "other services", "database", "FastMCP"]
    rows = []
    for (case, in_flight), measured in sorted(results.measured.items(), key=lambda m: m[0][1]):
        cpu = [[m.cpu["execution"] for m in measured], [m.cpu[BROKER] for m in measured]]
        cpu += [[m.aside for m in measured], [m.cpu[DATABASE] for m in measured]]
        cpu += [[m.cpu["FastMCP"] for m in measured]]
        row = [case, str(in_flight), middle(m.calls_per_second for m in measured)]
        row += [middle((m.p50_ms for m in measured), 2), middle((m.p99_ms for m in measured), 2)]
        rows.append(row + [middle(values) for values in cpu])
    return "CPU in µs a call; medians (smallest-largest).\n\n" + table(heads, rows)


def _budgets(results: Repetitions) -> str:
    """Ratios are taken within a repetition, then their median."""

    def over(case: Case, peer: Case, value: Callable[[Measured, Measured], float]) -> list[float]:
        pairs = zip(results.measured[case], results.measured[peer], strict=True)
        return [value(ours, theirs) for ours, theirs in pairs]

    def row(what: str, case: str, peer: str, budget: str, values: list[float], digits: int) -> list:
        return [what, case, peer, middle(values, digits), budget]

    rows = []
    for case in ("read", "change"):
        ours, theirs = (case, 32), (f"FastMCP {case}", 32)
        rows.append(
            row("calls/s", case, "FastMCP", "≥ 12 times", over(ours, theirs, _throughput), 1)
        )
        rows.append(
            row("CPU a call", case, "FastMCP", "≥ 8 times less", over(ours, theirs, _less), 1)
        )
        rows.append(
            row(
                *("CPU a call with the stand-in database", case, "FastMCP", ""),
                *(over(ours, theirs, _less_with_database), 1),
            )
        )
        rows.append(
            row(
                *("CPU µs a call, 32 in flight", case, "-", "≤ 250"),
                *([m.ours for m in results.measured[ours]], 0),
            )
        )
        alone, direct = (case, 1), ("direct", 1)
        p50 = over(alone, direct, lambda m, base: m.p50_ms - base.p50_ms)
        p99 = over(alone, direct, lambda m, base: m.p99_ms - base.p99_ms)
        rows.append(row("added p50 ms, 1 in flight", case, "direct", "≤ 1.0", p50, 2))
        rows.append(row("added p99 ms, 1 in flight", case, "direct", "≤ 3", p99, 2))
    return table(["what", "case", "against", "measured", "budget"], rows)


def _throughput(ours: Measured, theirs: Measured) -> float:
    return ours.calls_per_second / theirs.calls_per_second


def _less(ours: Measured, theirs: Measured) -> float:
    return theirs.cpu["FastMCP"] / ours.ours


def _less_with_database(ours: Measured, theirs: Measured) -> float:
    return theirs.cpu["FastMCP"] / (ours.ours + ours.cpu[DATABASE])


def _memory(results: Repetitions) -> str:
    rows = [
        [name, middle(values), "" if name in (BROKER, DATABASE) else "≤ 90"]
        for name, values in results.idle_mb.items()
    ]
    largest = max(
        median(v) for name, v in results.idle_mb.items() if name not in (BROKER, DATABASE)
    )
    return (
        table(["idle process", "MB resident", "budget"], rows) + f"\n\nLargest: {largest:.0f} MB."
    )
