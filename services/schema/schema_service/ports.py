"""What the schema service needs of the world."""

from collections.abc import Sequence
from typing import Protocol

from contracts.facts import SchemaStored
from contracts.ids import SchemaId, WorkspaceId
from schema_service.domain.examined import Examined
from schema_service.domain.stored_schema import StoredSchema


class Examiner(Protocol):
    async def examine(self, raw: bytes, source_url: str | None) -> Examined:
        """Never blocks the event loop for long; `ExaminationTooLong` beyond time or memory."""
        ...


class SchemaStore(Protocol):
    async def add(
        self, schema: StoredSchema, raw: bytes, compiled: dict[str, bytes], fact: SchemaStored
    ) -> None:
        """Text and operations first, then schema and fact together: no half schema is seen."""
        ...

    async def find(self, workspace_id: WorkspaceId, schema_id: SchemaId) -> StoredSchema | None: ...

    async def find_by_digest(
        self, workspace_id: WorkspaceId, digest: str
    ) -> StoredSchema | None: ...

    async def page(
        self, workspace_id: WorkspaceId, limit: int, after: str | None
    ) -> list[StoredSchema]:
        """Up to `limit + 1`, newest first."""
        ...

    async def text(self, workspace_id: WorkspaceId, schema_id: SchemaId) -> bytes: ...

    async def compiled(
        self, workspace_id: WorkspaceId, schema_id: SchemaId, names: Sequence[str]
    ) -> dict[str, bytes]:
        """The JSON texts of those of the named operations that exist."""
        ...
