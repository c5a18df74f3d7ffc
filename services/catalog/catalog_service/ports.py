"""What the catalog needs of the world."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from catalog_service.domain.definition import NO_SERVER_VALUES, ServerValues
from catalog_service.domain.gpt import Gpt, Version
from contracts.fact import Fact
from contracts.ids import ActionId, GptId, MemberId, SchemaId, WorkspaceId
from contracts.requests import (
    ActionProblem,
    HostRefusal,
    MembersChecked,
    SchemaBrief,
    WorkspaceSettings,
)

Clock = Callable[[], datetime]
"""The time, in UTC."""


class GptStore(Protocol):
    """Facts commit with the change that they are about. What is foreign looks like what is not."""

    async def read(self, workspace_id: WorkspaceId, gpt_id: GptId) -> Gpt:
        """Or `GptNotFound`."""
        ...

    async def read_by_action(self, workspace_id: WorkspaceId, action_id: ActionId) -> Gpt:
        """The GPT whose draft or a kept version of which has the action, or `ActionNotFound`."""
        ...

    async def unfinished(self, after: str, limit: int) -> list[Gpt]:
        """GPTs that an earlier release wrote, in any workspace, in the order of their ids: without
        an owner, or still to be pinned.
        """
        ...

    async def page(
        self,
        workspace_id: WorkspaceId,
        limit: int,
        after: str | None,
        text: str = "",
        visible_to: MemberId | None = None,
        *,
        published: bool | None = None,
    ) -> list[Gpt]:
        """Up to `limit + 1`, newest first, with that text in a name or description, in either case.

        Those that this member sees, by a text that they see; None for all, by the draft's or the
        published ones. `published`: whether calls can use it; None for both.
        """
        ...

    async def using(self, workspace_id: WorkspaceId, schema_id: SchemaId, limit: int) -> list[Gpt]:
        """Up to so many whose draft or published version has an action of that schema version."""
        ...

    async def add(self, gpt: Gpt, *facts: Fact) -> None: ...

    async def change(self, seen: Gpt, changed: Gpt, *facts: Fact) -> None:
        """`Overtaken` where `seen` is no longer what is stored.

        `NotInForce` where it is stored, and a fact that voids could not be published.
        """
        ...

    async def remove(self, seen: Gpt, *facts: Fact) -> None:
        """As `change`; nobody finds it from then on."""
        ...

    async def ensure_in_force(self, workspace_id: WorkspaceId, gpt_id: GptId) -> None:
        """Publish what is still to be published of it; `NotInForce` as above."""
        ...

    async def removed_lately(self, workspace_id: WorkspaceId, gpt_id: GptId) -> bool:
        """True for one that was removed in the last day; `NotInForce` as above."""
        ...


class VersionStore(Protocol):
    """The versions that were in use once. The one that is, its GPT holds."""

    async def keep(self, workspace_id: WorkspaceId, version: Version) -> None:
        """Keeping what is kept already changes nothing."""
        ...

    async def find(
        self, workspace_id: WorkspaceId, gpt_id: GptId, number: int
    ) -> Version | None: ...

    async def page(
        self, workspace_id: WorkspaceId, gpt_id: GptId, limit: int, after: str | None
    ) -> list[Version]:
        """Up to `limit + 1`, newest first; `after` is the id of a version."""
        ...

    async def using(
        self, workspace_id: WorkspaceId, schema_id: SchemaId, limit: int, after: str | None
    ) -> list[Version]:
        """Up to so many that have an action of that schema version; `after` as above."""
        ...

    async def forget_before(self, workspace_id: WorkspaceId, gpt_id: GptId, number: int) -> None:
        """Delete versions with lower numbers."""
        ...

    async def forget(self, workspace_id: WorkspaceId, gpt_id: GptId) -> None: ...


class Schemas(Protocol):
    async def read(
        self,
        workspace_id: WorkspaceId,
        schema_id: SchemaId,
        names: Sequence[str],
        server: ServerValues = NO_SERVER_VALUES,
    ) -> SchemaBrief:
        """The operations named, ready or not, or the first 128 that are ready where none is.

        Unknown and foreign schemas are the same *not found*. Refused with schema's own code where
        `server` leads to what may not be called.
        """
        ...


class Members(Protocol):
    async def oldest_owner(self, workspace_id: WorkspaceId) -> MemberId | None:
        """Of the workspace; None where it is unknown."""
        ...

    async def check(
        self, workspace_id: WorkspaceId, member_ids: Sequence[MemberId]
    ) -> MembersChecked:
        """Which of them are no members of the workspace, and which have the role `user`."""
        ...


@dataclass(frozen=True, slots=True)
class SignInsChecked:
    problems: tuple[ActionProblem, ...] = ()
    """Actions whose calls could not sign in, with auth's reasons."""
    unset: frozenset[ActionId] = frozenset()
    """Actions for which nobody ever said how they sign in."""


class SignIns(Protocol):
    async def check(
        self, workspace_id: WorkspaceId, origins_of: Mapping[ActionId, Sequence[str]]
    ) -> SignInsChecked:
        """Whether these actions can sign in where they call."""
        ...


class Hosts(Protocol):
    async def refused(
        self, workspace_id: WorkspaceId, hosts: Sequence[str]
    ) -> Sequence[HostRefusal]:
        """Those that the workspace may not call, with policy's reasons."""
        ...

    async def switches(self, workspace_id: WorkspaceId) -> WorkspaceSettings:
        """Among them whether actions may be called, and no two of a GPT at the same host."""
        ...
