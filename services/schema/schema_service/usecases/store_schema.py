import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from contracts.facts import SchemaStored
from contracts.ids import SchemaId, WorkspaceId
from kit.mongo import Taken
from schema_service.domain.errors import DocumentUnreadable
from schema_service.domain.stored_schema import StoredSchema
from schema_service.ports import Examiner, SchemaStore


@dataclass(frozen=True, slots=True)
class StoreSchema:
    """Read and keep a document. The same text again is answered with the schema it became."""

    examiner: Examiner
    schemas: SchemaStore
    new_id: Callable[[], SchemaId]
    clock: Callable[[], datetime]

    async def __call__(
        self, workspace_id: WorkspaceId, raw: bytes, media_type: str, source_url: str | None = None
    ) -> StoredSchema:
        digest = hashlib.sha256(raw + b"\0" + (source_url or "").encode()).hexdigest()
        known = await self.schemas.find_by_digest(workspace_id, digest)
        if known is not None:
            return known
        examined = await self.examiner.examine(raw, source_url)
        if not examined.readable:
            raise DocumentUnreadable(examined.findings)
        schema = StoredSchema(
            id=self.new_id(),
            workspace_id=workspace_id,
            digest=digest,
            title=examined.title,
            version=examined.version,
            dialect=examined.dialect,
            source_url=source_url,
            media_type=media_type,
            valid=examined.valid,
            findings=tuple(examined.findings),
            more_findings=examined.more_findings,
            operations=tuple(examined.operations),
            created_at=self.clock(),
        )
        fact = SchemaStored(
            workspace_id=workspace_id,
            schema_id=schema.id,
            valid=schema.valid,
            operations=len(schema.operations),
        )
        try:
            await self.schemas.add(schema, raw, examined.compiled, fact)
        except Taken:  # the same text arrived twice at once
            return await self.schemas.find_by_digest(workspace_id, digest) or schema
        return schema
