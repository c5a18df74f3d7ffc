"""The operator's settings applied to a document's servers, whenever it is read.

They may change, so nothing of what they decide is stored.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any, TypeVar

from contracts.errors import PlatformError
from egress.origin import allowing_entry
from schema_service.domain.examination import MAX_FINDINGS, Verdict
from schema_service.domain.examined import Examined, as_data
from schema_service.domain.finding import Edit, Finding, Rule, Severity
from schema_service.domain.json_list import JsonList
from schema_service.domain.stored_schema import SchemaSummary, StoredSchema

RefusalOf = Callable[[str], PlatformError | None]
"""Why an origin may not be called; None where it may."""

SERVER_NOT_HTTPS = Rule(
    "schema.server_not_https",
    Severity.ERROR,
    "Server URL {url} is not https, and its origin is not among the operator's allowed origins",
    "Use https. The operator can allow an API of your own: EGRESS_ALLOWED_ORIGINS, or"
    " `openactions up --allow-origin {entry}`.",
)
SERVER_REFUSED = Rule(
    "schema.server_refused",
    Severity.ERROR,
    "Server URL {url} may not be called: {reason}",
    "{hint}",
)
_RANKS = {severity.value: rank for rank, severity in enumerate(Severity)}

D = TypeVar("D", Examined, StoredSchema)


def all_open(origins: tuple[str, ...] | None, refusal_of: RefusalOf) -> bool:
    """Whether they are known and each may be called: then a document is as it is stored."""
    return origins is not None and not any(map(refusal_of, origins))


def listed(schema: SchemaSummary, refusal_of: RefusalOf) -> SchemaSummary:
    """What lists show of a schema, with its validity under the operator's settings."""
    if schema.origins is None or all_open(schema.origins, refusal_of):
        return schema
    return replace(schema, valid=False)


def with_operator_rules(document: D, refusal_of: RefusalOf) -> D:
    """With operations blocked, and a finding for each server, where a server may not be called.

    `origins` of the result are empty, so that the rules are not applied again. It is never stored.
    """
    operations, blocked = _operations(document.operations, refusal_of)
    found = [*_findings(document.servers, refusal_of)]
    findings, more = _together(document.findings, found)
    return replace(
        document,
        valid=document.valid and not found and not blocked,
        operations=operations,
        findings=findings,
        more_findings=document.more_findings + more,
        servers=JsonList(),
        origins=(),
    )


def _operations(operations: JsonList, refusal_of: RefusalOf) -> tuple[JsonList, bool]:
    items, blocked = operations.items(), False
    for item in items:
        origin = item.get("origin")
        if origin is not None and refusal_of(origin):
            item["origin"], item["verdict"] = None, Verdict.BLOCKED
            blocked = True
    return (JsonList.of(items), True) if blocked else (operations, False)


def _findings(servers: JsonList, refusal_of: RefusalOf) -> Iterator[dict[str, Any]]:
    for server in servers.items():
        refusal = refusal_of(server["origin"])
        if refusal is not None:
            yield as_data(_finding(server, refusal))


def _finding(server: Mapping[str, Any], refusal: PlatformError) -> Finding:
    if server["origin"].startswith("https://"):
        found = SERVER_REFUSED.at(
            server["pointer"], url=server["url"], reason=refusal.sentence, hint=refusal.hint
        )
    else:
        entry = allowing_entry(server["origin"])
        found = SERVER_NOT_HTTPS.at(server["pointer"], url=server["url"], entry=entry)
        if server["edits"]:
            found = found.repaired_by("Use https", *map(Edit.of, server["edits"]))
    return found.placed(server["line"], server["column"])


def _together(findings: JsonList, found: list[dict[str, Any]]) -> tuple[JsonList, int]:
    """In the order of the text, the `MAX_FINDINGS` most severe, and how many were left out."""
    if not found:
        return findings, 0
    every = [*findings.items(), *found]
    chosen = sorted(every, key=lambda finding: _RANKS.get(finding["severity"], 0))[:MAX_FINDINGS]
    chosen.sort(key=lambda finding: (finding["line"] or 0, finding["column"] or 0))
    return JsonList.of(chosen), len(every) - len(chosen)
