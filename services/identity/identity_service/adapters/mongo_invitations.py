import hashlib
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from contracts.ids import MemberId, WorkspaceId
from contracts.requests import Role
from identity_service.domain.invitation import LIVES_FOR, Invitation
from identity_service.domain.lent import Lent
from kit.codec import Codec
from kit.documents import Collection, Stored, Unique
from kit.ended_once import KEPT_FOR
from kit.mongo import Database, Taken
from kit.outbox import Outbox
from kit.retention import Expires


@dataclass(frozen=True, slots=True)
class InvitationState:
    email: str
    name: str
    role: str
    digest: str
    invited_by: str
    created_at: datetime
    expires_at: datetime
    lent_by: tuple[str, ...] | None = None
    lent_at_most: str | None = None


@dataclass(frozen=True, slots=True)
class ClosedState:
    """Invitations to one address that were made before are good for nothing. The address itself is
    in the id, as SHA-256.
    """

    closed_at: datetime


INVITATIONS, CLOSED = Codec(InvitationState), Codec(ClosedState)


class MongoInvitations:
    """One document an invitation, until it is used; digests are unique in the whole
    installation. And one for each address whose member was removed lately.
    """

    def __init__(self, database: Database, outbox: Outbox) -> None:
        self._invitations = Collection(
            database=database,
            name="invitations",
            outbox=outbox,
            codec=INVITATIONS,
            kept=Expires("expires_at", KEPT_FOR),
            unique=(Unique(("digest",), across_workspaces=True),),
            filtered_by=("email",),
        )
        self._closed = Collection(
            database=database,
            name="closed_invitations",
            outbox=outbox,
            codec=CLOSED,
            kept=Expires("closed_at", LIVES_FOR + KEPT_FOR),
        )

    @property
    def collections(self) -> Sequence[Collection[Any]]:
        return (self._invitations, self._closed)

    async def add(self, invitation: Invitation) -> None:
        state = InvitationState(
            email=invitation.email,
            name=invitation.name,
            role=invitation.role.value,
            digest=invitation.digest,
            invited_by=invitation.invited_by,
            created_at=invitation.created_at,
            expires_at=invitation.expires_at,
            lent_by=invitation.lent.by if invitation.lent else None,
            lent_at_most=invitation.lent.at_most.value if invitation.lent else None,
        )
        await self._invitations.within(invitation.workspace_id).add(invitation.id, state)

    async def find_by_digest(self, digest: str) -> Invitation | None:
        stored = await self._invitations.across_workspaces.find_by("digest", digest)
        return _invitation_of(stored) if stored else None

    async def page(
        self, workspace_id: WorkspaceId, limit: int, after: str | None
    ) -> list[Invitation]:
        found = await self._invitations.within(workspace_id).page(limit, after)
        return [_invitation_of(stored) for stored in found]

    async def count_beside(self, workspace_id: WorkspaceId, email: str) -> int:
        return await self._invitations.within(workspace_id).count(email={"$ne": email})

    async def revoke_to(self, workspace_id: WorkspaceId, emails: AbstractSet[str]) -> None:
        await self._invitations.within(workspace_id).delete_by(email={"$in": [*emails]})

    async def open_to(self, workspace_id: WorkspaceId, email: str) -> AbstractSet[str]:
        within = self._invitations.within(workspace_id)
        return {stored.id async for stored in within.each(email=email)}

    async def close_to(
        self, workspace_id: WorkspaceId, emails: AbstractSet[str], at: datetime
    ) -> None:
        within = self._closed.within(workspace_id)
        for email in sorted(emails):
            with suppress(Taken):  # somebody else says so at this moment
                await within.put(_id_of(workspace_id, email), ClosedState(at))
        await self.revoke_to(workspace_id, emails)

    async def closed_at(self, workspace_id: WorkspaceId, email: str) -> datetime | None:
        found = await self._closed.within(workspace_id).find(_id_of(workspace_id, email))
        return found.state.closed_at if found else None

    async def use_up(self, workspace_id: WorkspaceId, invitation_id: str) -> bool:
        return await self._invitations.within(workspace_id).delete(invitation_id)


def _id_of(workspace_id: WorkspaceId, email: str) -> str:
    return "ivc_" + hashlib.sha256(f"{workspace_id}\n{email}".encode()).hexdigest()


def _invitation_of(stored: Stored[InvitationState]) -> Invitation:
    state = stored.state
    return Invitation(
        id=stored.id,
        workspace_id=stored.workspace_id,
        email=state.email,
        name=state.name,
        role=Role(state.role),
        digest=state.digest,
        invited_by=MemberId(state.invited_by),
        created_at=state.created_at,
        expires_at=state.expires_at,
        lent=Lent.stored(state.lent_by, state.lent_at_most),
    )
