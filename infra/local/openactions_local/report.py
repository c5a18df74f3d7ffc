"""Findings and operations as lines for a terminal. Text from a document is only ever text."""

from collections.abc import Iterator
from typing import Any

from rich.text import Text

from openactions_local.wording import counted, printable
from schema_service.domain.examined import Examined, OperationSummary
from schema_service.domain.needed_values import BASE_URL

VERDICTS = {"ready": "green", "ready_with_warnings": "yellow", "blocked": "red"}
SEVERITIES = {"error": "red", "warning": "yellow", "note": "cyan"}
MAX_WIDTH = 60
"""Of a column; what is longer stays whole and moves the rest of its own line."""


def report(source: str, examined: Examined) -> Iterator[Text]:
    """`file:line:column: severity code: message`, then the operations, then how many."""
    findings = examined.findings.items()
    operations = [OperationSummary.of(data) for data in examined.operations.items()]
    yield from _findings(source, findings, examined.more_findings)
    yield from _actions(operations)
    severities = [finding["severity"] for finding in findings]
    counts = [
        counted(len(operations), "action"),
        counted(severities.count("error"), "error"),
        counted(severities.count("warning"), "warning"),
    ]
    yield Text(", ".join(counts))


def _findings(source: str, findings: list[dict[str, Any]], more: int) -> Iterator[Text]:
    for finding in findings:
        place = ":".join(str(part) for part in (source, finding["line"], finding["column"]) if part)
        severity = finding["severity"]
        yield Text.assemble(
            f"{printable(place)}: ",
            (severity, SEVERITIES[severity]),
            f" {finding['code']}: {printable(finding['message'])}",
        )
        if finding["hint"]:
            yield Text(f"    {printable(finding['hint'])}", "dim")
        if finding["repair"]:
            yield Text(f"    --repair{_asked(finding['repair'])}", "dim")
    if more:
        yield Text(f"{printable(source)}: and {more} more")


def _asked(repair: dict[str, Any]) -> str:
    """With the options that a repair needs."""
    options = [
        " --base-url URL"
        if need == BASE_URL
        else f" --server-variable {need.partition('.')[2]}=VALUE"
        for need in repair.get("needs", ())
    ]
    return printable(f"{''.join(options)}: {repair['title']}")


def _actions(operations: list[OperationSummary]) -> Iterator[Text]:
    rows = [(each.name, each.method, printable(each.path), each.verdict) for each in operations]
    if not rows:
        return
    headings = ("action", "method", "path")
    cells = [headings, *(row[:3] for row in rows)]
    widths = [min(MAX_WIDTH, max(len(row[column]) for row in cells)) for column in range(3)]
    yield Text(_aligned(headings, widths) + "verdict", "bold")
    for *cell, verdict in rows:
        said = (verdict.replace("_", " "), VERDICTS[verdict])
        yield Text.assemble(_aligned(cell, widths), said)


def _aligned(cells: tuple[str, ...] | list[str], widths: list[int]) -> str:
    return "  " + "".join(f"{cell:<{width}}  " for cell, width in zip(cells, widths, strict=True))
