"""Medians with their spread, and tables of them."""

from collections.abc import Iterable, Sequence
from math import ceil
from statistics import median

Row = Sequence[str]


def middle(values: Iterable[float], digits: int = 0) -> str:
    """The median, and in brackets the smallest and the largest."""
    ordered = sorted(values)
    low, mid, high = (f"{v:,.{digits}f}" for v in (ordered[0], median(ordered), ordered[-1]))
    return f"{mid} ({low}-{high})"


def percentile(values: Iterable[float], percent: float) -> float:
    """The smallest value that at least `percent` of all values do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, ceil(len(ordered) * percent / 100) - 1)]


def table(heads: Row, rows: Iterable[Row]) -> str:
    """In Markdown, its columns aligned."""
    lines = [list(heads), *(list(row) for row in rows)]
    widths = [max(len(line[at]) for line in lines) for at in range(len(heads))]
    rule = ["-" * width for width in widths]
    return "\n".join(
        "| "
        + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        + " |"
        for line in [lines[0], rule, *lines[1:]]
    )
