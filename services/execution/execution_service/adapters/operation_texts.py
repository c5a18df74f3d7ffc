"""Compiled operations as schema sends them."""

from dataclasses import dataclass

from contracts.ids import SchemaId, WorkspaceId
from contracts.requests import ReadOperations
from kit.bus import Bus
from kit.handover import Handover


@dataclass(frozen=True, slots=True)
class OperationTexts:
    bus: Bus
    handover: Handover

    async def read(self, workspace_id: WorkspaceId, schema_id: SchemaId, name: str) -> str:
        """The JSON text of a list with that one operation: in the answer, or, where it is longer
        than a message, handed over beside it.

        A replica of the previous release answers in slices; where the operation was compiled again
        between two of them, from the beginning.
        """
        slices: list[str] = []
        offset: int | None = 0
        compiler: int | None = None
        while offset is not None:
            answer = await self.bus.ask(
                ReadOperations(
                    workspace_id=workspace_id,
                    schema_id=schema_id,
                    names=(name,),
                    offset=offset,
                    recipient=self.handover.public_key,
                )
            )
            if answer.handed_over is not None:
                purpose = ReadOperations.subject
                return (
                    await self.handover.take(workspace_id, purpose, answer.handed_over)
                ).decode()
            if compiler not in (None, answer.compiler):
                slices, offset, compiler = [], 0, None
                continue
            compiler = answer.compiler
            slices.append(answer.text)
            offset = answer.next_offset
        return "".join(slices)
