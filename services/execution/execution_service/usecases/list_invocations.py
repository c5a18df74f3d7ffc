from dataclasses import dataclass

from contracts.ids import WorkspaceId
from execution_service.domain.invocation import InvocationRecord
from execution_service.ports import InvocationRecords


@dataclass(frozen=True, slots=True)
class ListInvocations:
    records: InvocationRecords

    async def __call__(
        self, workspace_id: WorkspaceId, limit: int, after: str | None
    ) -> list[InvocationRecord]:
        return await self.records.page(workspace_id, limit, after)
