from dataclasses import dataclass

from contracts.ids import WorkspaceId
from schema_service.ports import Examiner


@dataclass(frozen=True, slots=True)
class FormatDocument:
    """The same document, laid out anew; what cannot be read comes back as it is."""

    examiner: Examiner

    async def __call__(self, workspace_id: WorkspaceId, raw: bytes) -> bytes:
        return await self.examiner.format(workspace_id, raw)
