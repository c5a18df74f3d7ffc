from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from contracts.ids import MemberId
from identity_service.domain.lent import Lent
from identity_service.domain.sign_in_link import SignInLink
from kit.codec import Codec
from kit.documents import Collection, Stored, Unique
from kit.ended_once import KEPT_FOR
from kit.mongo import Database
from kit.outbox import Outbox
from kit.retention import Expires


@dataclass(frozen=True, slots=True)
class SignInLinkState:
    member_id: str
    digest: str
    expires_at: datetime
    lent_by: tuple[str, ...] | None = None
    lent_at_most: str | None = None


SIGN_IN_LINKS = Codec(SignInLinkState)


class MongoSignInLinks:
    """One document a link, until it is followed; digests are unique in the whole installation."""

    def __init__(self, database: Database, outbox: Outbox) -> None:
        self._links = Collection(
            database=database,
            name="sign_in_links",
            outbox=outbox,
            codec=SIGN_IN_LINKS,
            kept=Expires("expires_at", KEPT_FOR),
            unique=(Unique(("digest",), across_workspaces=True),),
            listed_by=("member_id",),
        )

    @property
    def collections(self) -> Sequence[Collection[Any]]:
        return (self._links,)

    async def add(self, link: SignInLink) -> None:
        lent = link.lent
        state = SignInLinkState(
            link.member_id,
            link.digest,
            link.expires_at,
            lent_by=lent.by if lent else None,
            lent_at_most=lent.at_most.value if lent else None,
        )
        await self._links.within(link.workspace_id).add(link.id, state)

    async def find_by_digest(self, digest: str) -> SignInLink | None:
        stored = await self._links.across_workspaces.find_by("digest", digest)
        if stored is None:
            return None
        state: SignInLinkState = stored.state
        return SignInLink(
            id=stored.id,
            workspace_id=stored.workspace_id,
            member_id=MemberId(state.member_id),
            digest=state.digest,
            expires_at=state.expires_at,
            lent=Lent.stored(state.lent_by, state.lent_at_most),
        )

    async def keep_newest(self, own: SignInLink, most: int) -> None:
        """Ids go by the clocks of replicas, of which the own one may be behind."""
        within = self._links.within(own.workspace_id)
        known = [stored.id async for stored in within.each(member_id=own.member_id)]
        for older in sorted(known, key=lambda id_: (id_ == own.id, id_))[:-most]:
            await within.delete(older)

    async def use_up(self, link: SignInLink) -> bool:
        seen: Stored[Any] = Stored(link.id, link.workspace_id, 1, {})
        return await self._links.within(link.workspace_id).delete_seen(seen)
