import asyncio
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from contracts.facts import SchemaStored
from contracts.ids import SchemaId, WorkspaceId
from kit.mongo import Taken
from schema_service.domain.compiling.version import COMPILER
from schema_service.domain.errors import DocumentUnreadable, SchemaNotFound
from schema_service.domain.examined import Examined
from schema_service.domain.stored_schema import StoredSchema
from schema_service.ports import Examiner, SchemaStore
from schema_service.usecases.apply_operator_rules import ApplyOperatorRules
from schema_service.usecases.fetch_document import Delivery


@dataclass(frozen=True, slots=True)
class NewDocument:
    """`previous_id` makes it the next version of a document; `etag` is its source's name for it."""

    raw: bytes
    media_type: str
    source_url: str | None = None
    etag: str | None = None
    previous_id: SchemaId | None = None
    bundled: bool = False
    findings: tuple[dict[str, Any], ...] = ()
    """About how it came, before those about its text."""

    @classmethod
    def of(cls, delivery: Delivery, source_url: str, previous_id: SchemaId | None) -> "NewDocument":
        fetched = delivery.document
        return cls(
            fetched.raw or b"",
            fetched.media_type,
            source_url,
            fetched.etag,
            previous_id,
            delivery.bundled,
            delivery.findings,
        )

    def digest(self) -> str:
        """SHA-256 (hex) of the text and of what else decides how it is read or fetched again.

        That is its URL, against which relative servers resolve, and whether it is bundled.
        """
        digest = hashlib.sha256(self.raw)
        digest.update(f"\0{self.source_url or ''}".encode())
        digest.update(b"\0bundled" if self.bundled else b"")
        return digest.hexdigest()


@dataclass(frozen=True, slots=True)
class StoreSchema:
    """Read and keep a document. The same text again is answered with the schema it became.

    As a next version it is the same only where it follows the same version, or is that version's
    own text: an older text that comes back is a version of its own, so is one of another line.
    """

    examiner: Examiner
    schemas: SchemaStore
    apply_operator_rules: ApplyOperatorRules
    new_id: Callable[[], SchemaId]
    clock: Callable[[], datetime]

    async def __call__(self, workspace_id: WorkspaceId, document: NewDocument) -> StoredSchema:
        """As the operator's settings now let it be called; they are no part of what is stored."""
        return await self.apply_operator_rules(await self._kept(workspace_id, document))

    async def _kept(self, workspace_id: WorkspaceId, document: NewDocument) -> StoredSchema:
        digest = await asyncio.to_thread(document.digest)  # 16 MB take as long as 100 small calls
        previous = await self._previous(workspace_id, document.previous_id)
        if previous is not None and previous.digest == digest:
            return previous
        known = await self.schemas.find_same(workspace_id, digest, document.previous_id)
        if known is not None:
            return known
        examined = await self.examiner.examine(
            workspace_id, document.raw, document.source_url, compiled=True
        )
        examined = examined.with_first(document.findings)
        if not examined.readable:
            raise DocumentUnreadable(examined.findings.items())
        schema = self._version(workspace_id, document, digest, examined, previous)
        fact = SchemaStored(
            workspace_id=workspace_id,
            schema_id=schema.id,
            valid=schema.valid,
            operations=len(schema.operations.items()),
        )
        try:
            await self.schemas.add(schema, document.raw, examined.compiled, fact)
        except Taken:  # the same text arrived twice at once
            same = await self.schemas.find_same(workspace_id, digest, document.previous_id)
            if same is None:
                raise
            return same
        return schema

    async def _previous(
        self, workspace_id: WorkspaceId, previous_id: SchemaId | None
    ) -> StoredSchema | None:
        if previous_id is None:
            return None
        previous = await self.schemas.find(workspace_id, previous_id)
        if previous is None:
            raise SchemaNotFound
        return previous

    def _version(
        self,
        workspace_id: WorkspaceId,
        document: NewDocument,
        digest: str,
        examined: Examined,
        previous: StoredSchema | None,
    ) -> StoredSchema:
        id_ = self.new_id()
        return StoredSchema(
            id=id_,
            workspace_id=workspace_id,
            digest=digest,
            title=examined.title,
            version=examined.version,
            dialect=examined.dialect,
            source_url=document.source_url,
            media_type=document.media_type,
            size=len(document.raw),
            valid=examined.valid,
            findings=examined.findings,
            more_findings=examined.more_findings,
            operations=examined.operations,
            servers=examined.servers,
            origins=examined.origins,
            other_origins=examined.other_origins,
            compiler=COMPILER,
            created_at=self.clock(),
            line_id=previous.line_id if previous else id_,
            previous_id=document.previous_id,
            etag=document.etag,
            bundled=document.bundled,
        )
