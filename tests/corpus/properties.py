"""What must hold for every document, whatever it says (`services/schema/README.md`).

Each function yields sentences about what does not hold; a document that is as it must be yields
none.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import jsonschema_rs

from contracts.json_schema import names_in
from contracts.operation import Operation
from contracts.tool_forms.definition import Flavour, tool_for
from egress import EgressSettings
from schema_service.adapters.egress_origins import EgressOrigins
from schema_service.domain.examined import Examined, OperationSummary, examine_text
from schema_service.domain.finding import Edit, Repair
from schema_service.domain.needed_values import BASE_URL, NO_VALUES, NeededValues
from schema_service.domain.operator_rules import with_operator_rules
from schema_service.domain.reading.read_document import read_document
from schema_service.domain.repairing.rounds import repair_all
from schema_service.domain.repairing.terms import Terms
from tests.corpus.calls import Calls
from tests.corpus.needs import concerns

GIVEN = "https://given.acme.dev/v1"
NOTHING_ALLOWED = EgressOrigins(EgressSettings())


@dataclass
class Tally:
    """How much was looked at, for the report."""

    verdicts: Counter[str] = field(default_factory=Counter)
    calls: Counter[str] = field(default_factory=Counter)


def examined(raw: bytes, source_url: str | None = None) -> Examined:
    """As `POST /v1/schemas/validate` answers where the operator allowed no origin."""
    found = examine_text(raw, source_url=source_url, compiled=True)
    return with_operator_rules(found, NOTHING_ALLOWED)


def violations(raw: bytes, tally: Tally | None = None) -> Iterator[str]:
    found = examined(raw)
    tally = tally or Tally()
    operations = [OperationSummary.of(item) for item in found.operations.items()]
    tally.verdicts.update(each.verdict for each in operations)
    yield from blocked_without_reason(found, read_document(raw).document or {})
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


def blocked_without_reason(found: Examined, document: Mapping[str, Any]) -> Iterator[str]:
    """*Blocked* has an error at the place that blocks it, and such a document is not valid."""
    findings = found.findings.items()
    errors = [each for each in findings if each["severity"] == "error"]
    yield from (f"no words: {each}" for each in errors if not (each["message"] and each["hint"]))
    if found.valid and errors:
        yield f"valid in spite of {errors[:3]}"
    places = {each["pointer"] for each in errors}
    for item in found.operations.items():
        if item["verdict"] != "blocked":
            continue
        if found.valid:
            yield f"valid, but {item['pointer']} is blocked"
        is_said = any(concerns(document, place, item["pointer"]) for place in places)
        if not found.more_findings and not is_said:
            yield f"no error says why {item['pointer']} is blocked"


def uncallable(operation: Operation, tally: Tally) -> Iterator[str]:
    calls = Calls(operation)
    yield from calls.refusals()
    tally.calls.update(calls.counted)


def malformed_tools(operation: Operation) -> Iterator[str]:
    for flavour in Flavour:
        definition = tool_for(operation.name, operation, flavour, strict=True).definition
        inner = definition.get("function", definition)
        schema = inner.get("parameters") or inner.get("input_schema") or inner["inputSchema"]
        if set(names_in(schema)) != set(schema.get("$defs", ())):
            yield f"{operation.name}: {flavour} refers to definitions that it does not have"
        jsonschema_rs.meta.validate(schema)


def harmful_repairs(raw: bytes) -> Iterator[str]:
    """Repairs hide no error of what stays blocked, name no host that the text does not, say what
    they change, and those that need a base URL have operations called there.
    """
    found = examined(raw)
    offered = [each["repair"] for each in found.findings.items() if each["repair"]]
    repairs = [Repair.of(each["title"], map(Edit.of, each["edits"])) for each in offered]
    text = raw.decode(errors="replace")
    yield from (f"a repair without a title: {each}" for each in offered if not each["title"])
    if not found.readable or not repairs:
        return
    yield from _harm(found, text, repairs, NO_VALUES)
    if any(BASE_URL in each.needs for each in repairs):
        yield from _harm(found, text, repairs, NeededValues(GIVEN))


def _harm(
    found: Examined, text: str, repairs: Sequence[Repair], values: NeededValues
) -> Iterator[str]:
    outcome = repair_all(text, repairs, Terms(values=values, rules=NOTHING_ALLOWED))
    again = examined(outcome.text.encode())
    document = read_document(outcome.text).document or {}
    said = f"after {outcome.applied}:"
    yield from (f"{said} {each}" for each in blocked_without_reason(again, document))
    before, after = (_verdicts(each) for each in (found, again))
    if len(after) < len(before):
        yield f"{said} {len(before) - len(after)} operations are gone"
    lost = [at for at, verdict in before.items() if verdict != "blocked" == after.get(at)]
    yield from (f"{said} {each} is blocked" for each in lost)
    named = f"{text.casefold()} {values.base_url or ''}"
    known = {urlsplit(operation.server).hostname for operation in compiled(found).values()}
    for operation in compiled(again).values():
        host = urlsplit(operation.server).hostname or ""
        if host not in known and host not in named:
            yield f"{said} {operation.name} is called at {host}"
    needing = {each.title for each in repairs if each.needs}
    if values is NO_VALUES and needing & {*outcome.applied} - {
        each.title for each in repairs if not each.needs
    }:
        yield f"{said} made without the value that it needs"
    if values is not NO_VALUES and not outcome.applied:
        yield f"with {GIVEN} nothing is repaired: {outcome.skips}"


def _verdicts(found: Examined) -> dict[str, str]:
    return {item["pointer"]: item["verdict"] for item in found.operations.items()}
