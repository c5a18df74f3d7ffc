from dataclasses import dataclass

from contracts.ids import WorkspaceId
from schema_service.domain.examined import Examined
from schema_service.ports import Examiner


@dataclass(frozen=True, slots=True)
class ValidateDocument:
    """The whole answer about a text; nothing is kept, and nothing is an error."""

    examiner: Examiner

    async def __call__(
        self, workspace_id: WorkspaceId, raw: bytes, source_url: str | None
    ) -> Examined:
        return await self.examiner.examine(workspace_id, raw, source_url)
