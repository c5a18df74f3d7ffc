"""`openactions validate`: findings the way a compiler prints them, without a server."""

import asyncio
import os
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Annotated, Any, BinaryIO

import orjson
import typer
from rich.console import Console

from contracts.errors import PlatformError
from contracts.ids import WorkspaceId
from egress import Egress, EgressSettings
from openactions_local.allowed import load_egress, settings_for_services
from openactions_local.options import AllowOrigin
from openactions_local.report import report
from openactions_local.wording import printable
from schema_service.adapters.egress_documents import EgressDocuments
from schema_service.adapters.egress_origins import EgressOrigins
from schema_service.adapters.process_examiner import examine_document, repair_document
from schema_service.domain import pointers
from schema_service.domain.bundling.bundle import bundled
from schema_service.domain.bundling.part import Outside, Part, outside
from schema_service.domain.document_text import document_text
from schema_service.domain.examined import Examined, as_data
from schema_service.domain.needed_values import NO_VALUES, NeededValues
from schema_service.domain.operator_rules import with_operator_rules
from schema_service.domain.reading.limits import MAX_BYTES
from schema_service.domain.repairing.made import Change
from schema_service.domain.repairing.repair import Repaired
from schema_service.domain.repairing.terms import Terms
from schema_service.usecases.apply_operator_rules import ApplyOperatorRules
from schema_service.usecases.fetch_document import FetchDocument

STDIN = "-"

Source = Annotated[str, typer.Argument(help="A file, an https URL, or - for standard input.")]
Json = Annotated[bool, typer.Option("--json", help="Everything as JSON.")]
Repair = Annotated[
    bool,
    typer.Option(
        "--repair",
        help="Apply every repair: to the file itself; else the repaired text is the output, and "
        "the findings go to standard error.",
    ),
]
Bundle = Annotated[
    bool,
    typer.Option("--bundle", help="With a URL: also fetch what it refers to at the same origin."),
]


BaseUrl = Annotated[
    str | None,
    typer.Option(
        metavar="URL",
        help="Where the API is, for a document that does not say so; --repair writes it there.",
    ),
]
ServerVariable = Annotated[
    list[str] | None,
    typer.Option(
        metavar="NAME=VALUE",
        help="The value of a server variable; may be repeated; --repair writes it as its default.",
    ),
]

MAX_STEPS = 5
"""Of the way to a member that was repaired, as a line has room for."""
REPAIRING_SECONDS = 60.0
"""Then what is left to try is named instead."""


@dataclass(frozen=True)
class Document:
    """`findings` are about how it came, rather than about its text."""

    raw: bytes
    url: str | None = None
    findings: Sequence[dict[str, Any]] = ()

    def examined(self, egress: EgressSettings, values: NeededValues = NO_VALUES) -> Examined:
        rules = EgressOrigins(egress)
        origins = None if values == NO_VALUES else rules
        examined = examine_document(self.raw, self.url, values=values, origins=origins)
        return with_operator_rules(examined.with_first(self.findings), rules)


def validate(  # noqa: PLR0913, PLR0917 - typer: a parameter an option
    source: Source,
    as_json: Json = False,  # noqa: FBT002 - typer's way to declare a flag
    repair: Repair = False,  # noqa: FBT002 - as above
    bundle: Bundle = False,  # noqa: FBT002 - as above
    allow_origin: AllowOrigin = None,
    base_url: BaseUrl = None,
    server_variable: ServerVariable = None,
) -> None:
    """Say exactly what is wrong with an OpenAPI document.

    Exits with 0 if it is valid, with 1 if anything is an error, with 2 if there is no document.

    Example: `./openactions validate --repair openapi.yaml`
    """
    egress = _egress(allow_origin or [])
    values = _values(base_url, server_variable or [], egress)
    document = _read(source, egress, bundle=bundle)
    text_is_output = repair and not _is_file(source)
    if repair:
        repaired = _repairs(document, egress, values)
        if not (as_json and text_is_output):  # standard error is JSON then, and nothing else
            _say_what_changed(repaired)
        document = _written(source, document, repaired)
        values = NO_VALUES  # what could be written stands in the text now
    examined = document.examined(egress, values)
    if as_json:
        stream = sys.stderr if text_is_output else sys.stdout
        stream.write(orjson.dumps(_as_data(examined), option=orjson.OPT_INDENT_2).decode() + "\n")
    else:
        console = Console(stderr=text_is_output, highlight=False, soft_wrap=True)
        for line in report(source, examined):
            console.print(line)
    if not examined.valid:
        raise typer.Exit(1)


def _values(base_url: str | None, variables: Sequence[str], egress: EgressSettings) -> NeededValues:
    pairs = dict(each.partition("=")[::2] for each in variables)
    if not all("=" in each and each[0] != "=" for each in variables):
        raise typer.BadParameter("--server-variable takes NAME=VALUE, such as tenant=acme.")
    try:
        values = NeededValues.checked(base_url, pairs)
        ApplyOperatorRules(EgressOrigins(egress)).check_base_url(values.base_url)
    except PlatformError as error:
        raise typer.BadParameter(printable(f"--base-url: {error.sentence} {error.hint}")) from None
    return values


def _egress(origins: Sequence[str]) -> EgressSettings:
    """As a platform that is started here with the same options has it."""
    settings, lines = settings_for_services(os.environ, origins)  # noqa: TID251 - only passed on
    for line in lines:
        sys.stderr.write(f"{line}\n")
    return load_egress({}, settings)


def _is_file(source: str) -> bool:
    return source != STDIN and "://" not in source


def _read(source: str, egress: EgressSettings, *, bundle: bool) -> Document:
    if "://" in source:
        return asyncio.run(_fetch(source, egress, bundle=bundle))
    if bundle:
        raise typer.BadParameter("--bundle needs a URL, against which references are resolved.")
    if source == STDIN:
        return Document(_at_most(sys.stdin.buffer))
    try:
        with Path(source).open("rb") as file:
            return Document(_at_most(file))
    except (OSError, ValueError) as error:  # ValueError: a name that no file can have
        reason = getattr(error, "strerror", None) or str(error)
        raise typer.BadParameter(printable(f"{source}: {reason}")) from None


def _at_most(file: BinaryIO) -> bytes:
    """One byte more than a document may have is enough to refuse it."""
    return file.read(MAX_BYTES + 1)


async def _fetch(url: str, settings: EgressSettings, *, bundle: bool) -> Document:
    try:
        async with Egress(settings) as egress:
            fetch = FetchDocument(EgressDocuments(egress, hosts=None), BundlerHere())
            async with fetch(WorkspaceId("cli"), url, bundle=bundle) as delivery:
                fetched = delivery.document
                return Document(fetched.raw or b"", fetched.url, delivery.findings)
    except PlatformError as error:
        raise typer.BadParameter(printable(f"{error.sentence} {error.hint}")) from None


class BundlerHere:
    """In this process, which does nothing else meanwhile."""

    async def outside(self, workspace_id: WorkspaceId, part: Part, root_url: str) -> Outside:  # noqa: ARG002 - of the port
        return outside(part, root_url)

    async def bundle(
        self,
        workspace_id: WorkspaceId,  # noqa: ARG002 - of the port
        root: Part,
        parts: Sequence[Part],
    ) -> bytes:
        return bundled(root, parts)


def _repairs(document: Document, egress: EgressSettings, values: NeededValues) -> Repaired:
    findings = document.examined(egress).findings.items()
    repairs = [finding["repair"] for finding in findings if finding["repair"]]
    terms = Terms(document.url, values, EgressOrigins(egress))
    return repair_document(document_text(document.raw), repairs, terms, REPAIRING_SECONDS)


def _say_what_changed(repaired: Repaired) -> None:
    for change, times in Counter(repaired.changes).items():
        often = f", {times} times" if times > 1 else ""
        said = f"Repaired: {change.title} ({_place(change)}{often})."
        sys.stderr.write(printable(said) + "\n")
    for skip in repaired.skips:
        sys.stderr.write(printable(f"Not repaired: {skip.title}. {skip.reason}") + "\n")


def _place(change: Change) -> str:
    """The line, and the last names on the way to the member."""
    steps = pointers.split(change.pointer)
    shown = steps if len(steps) <= MAX_STEPS else ["…", *steps[-MAX_STEPS:]]
    return ", ".join([f"line {change.line}", *filter(None, [" > ".join(shown)])])


def _written(source: str, document: Document, repaired: Repaired) -> Document:
    """A file in which nothing is repaired is not touched."""
    raw = repaired.text.encode()
    if not _is_file(source):
        sys.stdout.buffer.write(raw)
        sys.stdout.flush()
    elif repaired.applied:
        Path(source).write_bytes(raw)
    else:
        raw = document.raw
    unused = (as_data(each) for each in repaired.unused)
    return replace(document, raw=raw, findings=(*document.findings, *unused))


def _as_data(examined: Examined) -> dict[str, Any]:
    data = asdict(examined)
    del data["compiled"], data["servers"], data["origins"], data["other_origins"]
    return data | {
        "findings": examined.findings.items(),
        "operations": examined.operations.items(),
    }
