from collections.abc import Sequence
from typing import Any

from auth_service.adapters.credential_states import CREDENTIALS, read, written
from auth_service.domain.action_credentials import ActionCredentials
from contracts.facts import CredentialChanged
from contracts.ids import ActionId, WorkspaceId
from kit.documents import Collection, Overtaken, Stored
from kit.mongo import Database, Taken
from kit.outbox import Outbox
from kit.retention import Forever
from kit.sealed_records import SealedMember, SealedRecords

SECRETS = ("api_key", "client_secret")
"""Members of a record that are encrypted."""


class MongoCredentials:
    """One document an action, under the action's own id. Secrets come here sealed already."""

    def __init__(self, database: Database, outbox: Outbox) -> None:
        self._credentials = Collection(
            database=database,
            name="credentials",
            outbox=outbox,
            codec=CREDENTIALS,
            kept=Forever("at most one an action, destroyed with it"),
        )

    @property
    def collections(self) -> Sequence[Collection[Any]]:
        return (self._credentials,)

    @property
    def sealed(self) -> Sequence[SealedRecords]:
        """All that is encrypted here, for changing keys."""
        return tuple(
            SealedMember(self._credentials, member, each_of=each_of)
            for member in SECRETS
            for each_of in ("", "others")
        )

    async def find(self, workspace_id: WorkspaceId, action_id: ActionId) -> ActionCredentials:
        stored = await self._credentials.within(workspace_id).find(action_id)
        if stored is None:
            return ActionCredentials(workspace_id, action_id)
        return read(stored)

    async def replace(
        self, seen: ActionCredentials, changed: ActionCredentials, fact: CredentialChanged
    ) -> None:
        within = self._credentials.within(changed.workspace_id)
        if seen.revision:
            where = _kept_as_seen(seen, changed)
            await within.change(_version(seen), written(changed), fact, where=where)
            return
        try:
            await within.add(changed.action_id, written(changed), fact)
        except Taken:
            raise Overtaken from None

    async def destroy(self, seen: ActionCredentials, fact: CredentialChanged) -> None:
        await self._credentials.within(seen.workspace_id).remove(_version(seen), fact)

    async def rule_out(self, workspace_id: WorkspaceId, action_id: ActionId) -> None:
        try:
            await self._credentials.within(workspace_id).mark_removed(action_id)
        except Taken:
            raise Overtaken from None

    async def ensure_in_force(self, workspace_id: WorkspaceId, action_id: ActionId) -> None:
        await self._credentials.within(workspace_id).ensure_in_force(action_id)

    async def page(
        self, workspace_id: WorkspaceId, limit: int, after: str | None
    ) -> list[ActionCredentials]:
        found = await self._credentials.within(workspace_id).page(limit, after)
        return [read(stored) for stored in found]


def _kept_as_seen(seen: ActionCredentials, changed: ActionCredentials) -> dict[str, Any]:
    """What a change of keys, which makes no revision, must not have sealed anew meanwhile: else
    what this change keeps would be under the old key again.
    """
    state, kept = written(seen), {seal.envelope for seal in changed.seals}
    where: dict[str, Any] = {}
    for member in SECRETS:
        first = getattr(state, member)
        if first is not None and first.envelope in kept:
            where[f"{member}.envelope"] = first.envelope
        secrets = [getattr(each, member) for each in state.others]
        others = [each.envelope for each in secrets if each and each.envelope in kept]
        if others:
            where[f"others.{member}.envelope"] = {"$all": others}
    return where


def _version(seen: ActionCredentials) -> Stored[Any]:
    return Stored(seen.action_id, seen.workspace_id, seen.revision, {})
