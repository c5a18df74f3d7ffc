"""`openactions validate`: findings the way a compiler prints them, without a server."""

import asyncio
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import orjson
import typer
from rich.console import Console
from rich.table import Table

from contracts.errors import PlatformError
from contracts.ids import WorkspaceId
from egress import Egress, EgressSettings
from schema_service.adapters.egress_documents import EgressDocuments
from schema_service.adapters.process_examiner import examine_document, repair_document
from schema_service.domain.examined import Examined

VERDICTS = {"ready": "green", "ready_with_warnings": "yellow", "blocked": "red"}
SEVERITIES = {"error": "red", "warning": "yellow", "note": "cyan"}
STDIN = "-"

Source = Annotated[str, typer.Argument(help="A file, an https URL, or - for standard input.")]
Json = Annotated[bool, typer.Option("--json", help="Everything as JSON.")]
Repair = Annotated[
    bool,
    typer.Option(help="Apply every repair: to the file itself, else to standard output."),
]


def validate(source: Source, as_json: Json = False, repair: Repair = False) -> None:  # noqa: FBT002 - flags
    """Say exactly what is wrong with an OpenAPI document; exit with 1 if anything is an error."""
    egress = EgressSettings()
    raw, url = _read(source, egress)
    examined = examine_document(raw, url, egress)
    if repair:
        raw = _repaired(source, raw, examined)
        examined = examine_document(raw, url, egress)
    if as_json:
        sys.stdout.buffer.write(orjson.dumps(_as_data(examined), option=orjson.OPT_INDENT_2))
        sys.stdout.write("\n")
    else:
        _print(source, examined, Console(stderr=repair and not Path(source).exists()))
    if not examined.valid:
        raise typer.Exit(1)


def _read(source: str, egress: EgressSettings) -> tuple[bytes, str | None]:
    if source == STDIN:
        return sys.stdin.buffer.read(), None
    if "://" in source:
        return asyncio.run(_fetch(source, egress))
    try:
        return Path(source).read_bytes(), None
    except OSError as error:
        raise typer.BadParameter(f"{source}: {error.strerror}") from None


async def _fetch(url: str, settings: EgressSettings) -> tuple[bytes, str]:
    try:
        async with Egress(settings) as egress:
            fetched = await EgressDocuments(egress).fetch(WorkspaceId("cli"), url)
    except PlatformError as error:
        raise typer.BadParameter(f"{error.sentence} {error.hint}") from None
    return fetched.raw or b"", fetched.url


def _repaired(source: str, raw: bytes, examined: Examined) -> bytes:
    repairs = [finding["repair"] for finding in examined.findings if finding["repair"]]
    text = raw.decode(errors="replace").removeprefix("\N{BYTE ORDER MARK}")
    repaired = repair_document(text, repairs).text
    if source != STDIN and Path(source).exists():
        Path(source).write_text(repaired)
    else:
        sys.stdout.write(repaired)
    return repaired.encode()


def _as_data(examined: Examined) -> dict[str, Any]:
    data = asdict(examined)
    del data["compiled"]
    return data


def _print(source: str, examined: Examined, console: Console) -> None:
    for line in _finding_lines(source, examined):
        console.print(line, highlight=False, soft_wrap=True)
    if examined.operations:
        console.print(_actions(examined))
    errors = sum(finding["severity"] == "error" for finding in examined.findings)
    warnings = sum(finding["severity"] == "warning" for finding in examined.findings)
    actions = len(examined.operations)
    console.print(f"{actions} actions, {errors} errors, {warnings} warnings", highlight=False)


def _finding_lines(source: str, examined: Examined) -> Iterator[str]:
    for finding in examined.findings:
        place = ":".join(str(p) for p in (source, finding["line"], finding["column"]) if p)
        colour = SEVERITIES[finding["severity"]]
        severity = f"[{colour}]{finding['severity']}[/]"
        yield f"{place}: {severity} {finding['code']}: {_plain(finding['message'])}"
        if finding["hint"]:
            yield f"    [dim]{_plain(finding['hint'])}[/]"
        if finding["repair"]:
            yield f"    [dim]--repair: {_plain(finding['repair']['title'])}[/]"
    if examined.more_findings:
        yield f"{source}: and {examined.more_findings} more"


def _plain(text: str) -> str:
    """Text from a document is no markup."""
    return text.replace("[", "\\[")


def _actions(examined: Examined) -> Table:
    table = Table("action", "method", "path", "verdict", box=None, padding=(0, 2))
    for operation in examined.operations:
        verdict = f"[{VERDICTS[operation.verdict]}]{operation.verdict.replace('_', ' ')}[/]"
        table.add_row(operation.name, operation.method, _plain(operation.path), verdict)
    return table
