"""What must hold for every document, whatever it says (`services/schema/README.md`).

Each function yields sentences about what does not hold; a document that is as it must be yields
none.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import jsonschema_rs
import orjson

from contracts.json_schema import names_in
from contracts.operation import Operation
from contracts.tool_forms.definition import Flavour, tool_for
from egress import EgressSettings
from execution_service.domain.admission import Admitted, admit
from execution_service.domain.compiled_operation import CompiledOperation
from execution_service.domain.outbound_request import build_request
from schema_service.adapters.egress_origins import EgressOrigins
from schema_service.domain.compiling.json_schema.patterns import PATTERN_OPTIONS
from schema_service.domain.examined import Examined, OperationSummary, examine_text
from schema_service.domain.finding import Edit, Repair
from schema_service.domain.operator_rules import with_operator_rules
from schema_service.domain.repairing.rounds import repair_all
from tests.corpus.fitting import NoneFits, fitting

NOTHING_ALLOWED = EgressOrigins(EgressSettings())
WHOLE_DOCUMENT = ("", "/info", "/servers", "/host", "/basePath", "/schemes", "/components")
WHOLE_DOCUMENT += (
    "/parameters",
    "/definitions",
    "/securityDefinitions",
    "/responses",
    "/requestBodies",
)
"""Where a finding may concern every operation."""


@dataclass
class Tally:
    """How much was looked at, for the report."""

    verdicts: Counter[str] = field(default_factory=Counter)
    calls: Counter[str] = field(default_factory=Counter)


def examined(raw: bytes) -> Examined:
    """As `POST /v1/schemas/validate` answers where the operator allowed no origin."""
    found = examine_text(raw, source_url=None, compiled=True)
    return with_operator_rules(found, NOTHING_ALLOWED)


def violations(raw: bytes, tally: Tally | None = None) -> Iterator[str]:
    found = examined(raw)
    tally = tally or Tally()
    operations = [OperationSummary.of(item) for item in found.operations.items()]
    tally.verdicts.update(each.verdict for each in operations)
    yield from blocked_without_reason(found)
    for operation in compiled(found).values():
        yield from uncallable(operation, tally)
        yield from malformed_tools(operation)


def compiled(found: Examined) -> dict[str, Operation]:
    """Those that have a server, also one that only this operator's settings refuse."""
    texts = {}
    for pack in found.compiled:
        texts |= pack.unpacked(frozenset(pack.names))
    every = {name: Operation.model_validate_json(text) for name, text in texts.items()}
    return {name: operation for name, operation in every.items() if operation.server}


def blocked_without_reason(found: Examined) -> Iterator[str]:
    """*Blocked* has an error at the place that blocks it, and such a document is not valid."""
    findings = found.findings.items()
    errors = [each["pointer"] for each in findings if each["severity"] == "error"]
    if found.valid and errors:
        yield f"valid in spite of errors at {errors[:3]}"
    for item in found.operations.items():
        if item["verdict"] != "blocked":
            continue
        if found.valid:
            yield f"valid, but {item['pointer']} is blocked"
        if not found.more_findings and not any(_concerns(at, item["pointer"]) for at in errors):
            yield f"no error says why {item['pointer']} is blocked"


def _concerns(place: str, operation: str) -> bool:
    path = operation.rpartition("/")[0]
    near = place.startswith((operation, path)) or operation.startswith(place)
    top = place[: place.find("/", 1)] if place.count("/") > 1 else place
    return near or top in WHOLE_DOCUMENT


def uncallable(operation: Operation, tally: Tally) -> Iterator[str]:
    """*Ready* reaches the wire with the fewest arguments, with all, and with what a strict tool
    demands, where null means *left out*.
    """
    prepared = CompiledOperation.of(operation)
    cases: dict[str, tuple[Mapping[str, Any], bool, bool]] = {
        "minimal": (operation.arguments, False, False),
        "full": (operation.arguments, True, False),
    }
    tool = tool_for(operation.name, operation, Flavour.OPENAI, strict=True)
    if tool.strict:
        schema = tool.definition["function"]["parameters"]
        cases["strict"] = (schema, True, False)
        cases["strict with nulls"] = (schema, True, True)
    for name, (schema, full, nulls) in cases.items():
        try:
            arguments = fitting(schema, full=full, nulls=nulls)
        except (NoneFits, RecursionError):
            tally.calls["no arguments known"] += 1
            continue
        if not jsonschema_rs.is_valid(schema, arguments, pattern_options=PATTERN_OPTIONS):
            tally.calls["no fitting arguments known"] += 1
            continue
        tally.calls[name] += 1
        yield from (f"{operation.name}, {name}: {each}" for each in _refusals(prepared, arguments))


def _refusals(prepared: CompiledOperation, arguments: Any) -> Iterator[str]:
    admitted = admit(prepared, arguments, tolerant=True)
    if not isinstance(admitted, Admitted):
        yield f"{orjson.dumps(arguments)[:300]!r} {admitted.faults[0]}"
        return
    try:
        build_request(prepared, admitted)
    except Exception as refusal:  # noqa: BLE001 - any refusal is one too many
        yield f"{orjson.dumps(arguments)[:300]!r} {refusal!r}"


def malformed_tools(operation: Operation) -> Iterator[str]:
    for flavour in Flavour:
        definition = tool_for(operation.name, operation, flavour, strict=True).definition
        inner = definition.get("function", definition)
        schema = inner.get("parameters") or inner.get("input_schema") or inner["inputSchema"]
        if set(names_in(schema)) != set(schema.get("$defs", ())):
            yield f"{operation.name}: {flavour} refers to definitions that it does not have"
        jsonschema_rs.meta.validate(schema)


def harmful_repairs(raw: bytes) -> Iterator[str]:
    """Repairs hide no error of what stays blocked, and name no host that the text does not."""
    found = examined(raw)
    offered = [each["repair"] for each in found.findings.items() if each["repair"]]
    repairs = [Repair.of(each["title"], map(Edit.of, each["edits"])) for each in offered]
    text = raw.decode(errors="replace")
    if not found.readable or not repairs:
        return
    outcome = repair_all(text, repairs)
    again = examined(outcome.text.encode())
    yield from (f"after {outcome.applied}: {each}" for each in blocked_without_reason(again))
    before, after = (_verdicts(each) for each in (found, again))
    if len(after) < len(before):
        yield f"after {outcome.applied}: {len(before) - len(after)} operations are gone"
    for operation in compiled(again).values():
        host = urlsplit(operation.server).hostname or ""
        if host not in text.casefold():
            yield f"after {outcome.applied}: {operation.name} is called at {host}"


def _verdicts(found: Examined) -> dict[str, str]:
    return {item["pointer"]: item["verdict"] for item in found.operations.items()}
