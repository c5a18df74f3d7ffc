"""Compiled operations as schema sends them."""

from contracts.ids import SchemaId, WorkspaceId
from contracts.requests import ReadOperations
from kit.bus import Bus


async def read_operation(
    bus: Bus, workspace_id: WorkspaceId, schema_id: SchemaId, name: str
) -> str:
    """The JSON text of a list with that one operation.

    Slice by slice: an operation may be larger than a message. From the beginning where it was
    compiled again between two slices.
    """
    slices: list[str] = []
    offset: int | None = 0
    compiler: int | None = None
    while offset is not None:
        answer = await bus.ask(
            ReadOperations(
                workspace_id=workspace_id, schema_id=schema_id, names=(name,), offset=offset
            )
        )
        if compiler not in (None, answer.compiler):
            slices, offset, compiler = [], 0, None
            continue
        compiler = answer.compiler
        slices.append(answer.text)
        offset = answer.next_offset
    return "".join(slices)
