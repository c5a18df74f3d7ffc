from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from contracts.ids import MemberId, WorkspaceId
from identity_service.domain.oidc.sign_in_settings import Identity
from kit.codec import Codec
from kit.documents import Collection, Stored, Unique
from kit.mongo import Database, Taken
from kit.outbox import Outbox
from kit.retention import Forever

MAX_FOUND = 100


@dataclass(frozen=True, slots=True)
class IdentityState:
    member_id: str
    issuer: str
    subject: str
    bound: str | None = None
    """Member and issuer; None in what releases stored that did not make sure that it is one."""


IDENTITIES = Codec(IdentityState, without_none=True)


class MongoIdentities:
    """One document for each account of a company by which a member signs in."""

    def __init__(self, database: Database, outbox: Outbox) -> None:
        self._identities = Collection(
            database=database,
            name="identities",
            outbox=outbox,
            codec=IDENTITIES,
            kept=Forever("one for each account that signed in, removed members' included"),
            unique=(Unique(("issuer", "subject")), Unique(("bound",))),
            listed_by=("member_id",),
            found_by=("subject",),
        )

    @property
    def collections(self) -> Sequence[Collection[Any]]:
        return (self._identities,)

    async def find(self, workspace_id: WorkspaceId, issuer: str, subject: str) -> Identity | None:
        within = self._identities.within(workspace_id)
        stored = await within.find_by(issuer=issuer, subject=subject)
        return _identity_of(stored) if stored else None

    async def of_member(self, workspace_id: WorkspaceId, member_id: MemberId) -> list[Identity]:
        found = self._identities.within(workspace_id).each(member_id=member_id)
        return [_identity_of(stored) async for stored in found]

    async def everywhere(self, issuer: str, subject: str) -> list[Identity]:
        found = self._identities.across_workspaces.all_by(MAX_FOUND, subject=subject, issuer=issuer)
        return [_identity_of(stored) for stored in await found]

    async def add(self, identity: Identity) -> bool:
        bound = f"{identity.member_id} {identity.issuer}"
        state = IdentityState(identity.member_id, identity.issuer, identity.subject, bound)
        try:
            await self._identities.within(identity.workspace_id).add(identity.id, state)
        except Taken:
            return False
        return True

    async def remove(self, identity: Identity) -> None:
        await self._identities.within(identity.workspace_id).delete(identity.id)


def _identity_of(stored: Stored[IdentityState]) -> Identity:
    state = stored.state
    return Identity(
        stored.id, stored.workspace_id, MemberId(state.member_id), state.issuer, state.subject
    )
