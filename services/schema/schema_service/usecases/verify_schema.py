from dataclasses import dataclass, replace

from contracts.facts import SchemaStored, SchemaVerified
from schema_service.domain.capped_findings import CappedFindings, capped
from schema_service.domain.errors import ExaminationTooLong, ExaminersBusy, SchemaNotFound
from schema_service.domain.examined import as_data
from schema_service.domain.finding import Severity
from schema_service.domain.stored_schema import StoredSchema
from schema_service.domain.verification.rules import NOT_VERIFIED, VERIFIED
from schema_service.ports import SchemaStore, Verifier

MAX_TRIES = 3
TOO_COSTLY = "the whole takes too long or too much memory"


@dataclass(frozen=True, slots=True)
class VerifySchema:
    """The deep verification of a stored document, once; its findings join the others."""

    schemas: SchemaStore
    verifier: Verifier

    async def __call__(self, stored: SchemaStored) -> None:
        """Anew where it was compiled again meanwhile: its findings are then others."""
        for _ in range(MAX_TRIES):
            if await self._verify(stored):
                return
        raise ExaminersBusy

    async def _verify(self, stored: SchemaStored) -> bool:
        schema = await self.schemas.find(stored.workspace_id, stored.schema_id)
        if schema is None or schema.verified:
            return True
        try:
            raw = await self.schemas.text(schema.workspace_id, schema.id)
        except SchemaNotFound:  # removed between the two readings
            return True
        known = schema.findings.items()
        try:
            found = await self.verifier.verify(schema.workspace_id, raw, known)
            complete = True
        except ExaminationTooLong:
            found = capped(known, [as_data(NOT_VERIFIED.at("", reason=TOO_COSTLY))])
            complete = False
        verified = _with(schema, found, len(known))
        fact = SchemaVerified.because(
            stored,
            workspace_id=schema.workspace_id,
            schema_id=schema.id,
            valid=verified.valid,
            complete=complete,
        )
        return await self.schemas.replace_findings(schema, verified, fact)


def _with(schema: StoredSchema, found: CappedFindings, fast: int) -> StoredSchema:
    """Of errors at least one is among those that are kept. `fast` counts those known before."""
    kept = found.findings.items()
    invalid = any(each["severity"] == Severity.ERROR for each in kept)
    deep = len(kept) + found.more - fast
    return replace(
        schema,
        findings=found.findings,
        more_findings=schema.more_findings + found.more,
        more_deep=deep - sum(each["code"] in VERIFIED for each in kept),
        valid=schema.valid and not invalid,
        verified=True,
    )
