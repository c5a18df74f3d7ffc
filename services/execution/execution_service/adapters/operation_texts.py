"""Compiled operations as schema sends them."""

from dataclasses import dataclass

from contracts.ids import SchemaId, WorkspaceId
from contracts.requests import ReadOperations
from execution_service.domain.errors import OperationChanging
from kit.bus import Bus
from kit.handover import Handover

MAX_READINGS = 3
"""From the beginning: replicas of two compiler versions may answer in turn during an upgrade."""


@dataclass(frozen=True, slots=True)
class OperationTexts:
    bus: Bus
    handover: Handover

    async def read(
        self, workspace_id: WorkspaceId, schema_id: SchemaId, name: str, *, placed: bool = True
    ) -> str:
        """The JSON text of a list with that one operation: in the answer, or, where it is longer
        than a message, handed over beside it. `placed` says that it is called at a server that a
        binding chose. What is blocked is refused by schema, with its finding.

        A replica of the previous release answers in slices. Where the operation was compiled again
        between two of them, they are read from the beginning, `MAX_READINGS` times in all;
        `OperationChanging` after that.
        """
        asked = ReadOperations(
            workspace_id=workspace_id,
            schema_id=schema_id,
            names=(name,),
            recipient=self.handover.public_key,
            placed=placed,
        )
        for _ in range(MAX_READINGS):
            text = await self._reading(asked)
            if text is not None:
                return text
        raise OperationChanging

    async def _reading(self, asked: ReadOperations) -> str | None:
        """None where two slices are of different compilations."""
        slices: list[str] = []
        offset: int | None = 0
        compiler: int | None = None
        while offset is not None:
            answer = await self.bus.ask(asked.model_copy(update={"offset": offset}))
            if answer.handed_over is not None:
                content = await self.handover.take(
                    asked.workspace_id, ReadOperations.subject, answer.handed_over
                )
                return content.decode()
            if compiler not in (None, answer.compiler):
                return None
            compiler = answer.compiler
            slices.append(answer.text)
            offset = answer.next_offset
        return "".join(slices)
