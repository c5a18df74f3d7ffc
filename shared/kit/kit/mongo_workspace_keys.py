"""Sealed keys of workspaces, in the database of the service that they are for."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from contracts.ids import WorkspaceId
from kit.codec import Codec
from kit.documents import Collection, Overtaken
from kit.mongo import Database, Taken
from kit.outbox import Outbox
from kit.retention import Forever


@dataclass(frozen=True, slots=True)
class WorkspaceKeyState:
    root_id: str
    wrapped: str
    """The workspace's key, sealed by that root (`kit.workspace_keys.RootKey`)."""


class MongoWorkspaceKeys:
    """One document a workspace and root key; `kit.workspace_deletion` destroys them."""

    def __init__(self, database: Database, outbox: Outbox) -> None:
        self._keys = Collection(
            database=database,
            name="workspace_keys",
            outbox=outbox,
            codec=Codec(WorkspaceKeyState),
            kept=Forever("one a workspace and root key, destroyed with the workspace"),
        )

    @property
    def collections(self) -> Sequence[Collection[Any]]:
        return (self._keys,)

    async def find(self, workspace_id: WorkspaceId, root_id: str) -> str | None:
        stored = await self._keys.within(workspace_id).find(_id(workspace_id, root_id))
        return stored.state.wrapped if stored else None

    async def add(self, workspace_id: WorkspaceId, root_id: str, wrapped: str) -> None:
        state = WorkspaceKeyState(root_id, wrapped)
        try:
            await self._keys.within(workspace_id).add(_id(workspace_id, root_id), state)
        except Taken:
            raise Overtaken from None


def _id(workspace_id: WorkspaceId, root_id: str) -> str:
    return f"{workspace_id}/{root_id}"
