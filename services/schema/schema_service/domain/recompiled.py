"""A stored schema, compiled again: what a compiler finds is new, what others found stays."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from schema_service.domain.bundling.rules import PART_MISSING
from schema_service.domain.capped_findings import capped
from schema_service.domain.examined import Examined
from schema_service.domain.finding import Severity
from schema_service.domain.stored_schema import StoredSchema
from schema_service.domain.verification.rules import VERIFIED


def recompiled(schema: StoredSchema, examined: Examined, compiler: int) -> StoredSchema:
    """Text, title, names and history are as they were; findings of the import and of the deep
    verification stay among the new ones.
    """
    stored, fast = schema.findings.items(), examined.findings.items()
    first, others = _of(stored, {PART_MISSING.code}), _merged(fast, _of(stored, VERIFIED))
    invalid = any(finding["severity"] == Severity.ERROR for finding in (*first, *others))
    kept = capped(others, first)
    left_out = len(_of(others, VERIFIED)) - len(_of(kept.findings.items(), VERIFIED))
    return replace(
        schema,
        valid=examined.valid and not invalid,
        findings=kept.findings,
        more_findings=examined.more_findings + schema.more_deep + kept.more,
        more_deep=schema.more_deep + left_out,
        operations=examined.operations,
        servers=examined.servers,
        origins=examined.origins,
        other_origins=examined.other_origins,
        compiler=compiler,
    )


def _of(findings: list[dict[str, Any]], codes: Iterable[str]) -> list[dict[str, Any]]:
    return [finding for finding in findings if finding["code"] in codes]


def _merged(fast: list[dict[str, Any]], deep: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """As `verification.merging`: of two findings at one place the fast answer's stays."""
    places = {finding["pointer"] for finding in fast}
    together = [*fast, *(finding for finding in deep if finding["pointer"] not in places)]
    return sorted(together, key=lambda finding: (finding["line"] or 0, finding["column"] or 0))
