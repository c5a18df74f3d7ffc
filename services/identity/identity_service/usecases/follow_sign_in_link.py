from dataclasses import dataclass

from identity_service.domain.drawn_secret import DrawnSecret
from identity_service.domain.errors import LinkUsedUp, LinkVoid
from identity_service.domain.lent import Lent
from identity_service.domain.member import Member
from identity_service.domain.session import ByToken, Session
from identity_service.ports import SignInLinkStore
from identity_service.usecases.read_sign_in_link import ReadSignInLink
from identity_service.usecases.sign_in import SignIn


@dataclass(frozen=True, slots=True)
class FollowSignInLink:
    """Use a link up and sign its member in. Of any number who try at once, one gets in.

    A process that dies in between leaves a link that is used up, and nobody signed in.
    """

    links: SignInLinkStore
    read_sign_in_link: ReadSignInLink
    sign_in: SignIn

    async def __call__(
        self, digest: str, browser: str, replaced_digest: str | None
    ) -> tuple[Session, DrawnSecret]:
        offered = await self.read_sign_in_link(digest)
        if not await self.links.use_up(offered.link):
            raise LinkUsedUp
        return await self.begin(offered.member, offered.link.lent, browser, replaced_digest)

    async def begin(
        self,
        member: Member,
        lent: Lent | None,
        browser: str,
        replaced_digest: str | None,
        by_token: ByToken | None = None,
    ) -> tuple[Session, DrawnSecret]:
        """A session that rests on others; `LinkVoid` where they may not let them in by then."""
        session, drawn = await self.sign_in(
            member, browser, replaced_digest, lent=lent, by_token=by_token
        )
        try:
            await self.read_sign_in_link.demand_makers(lent, member)
        except LinkVoid:
            await self.sign_in.end_without_waiting(session)
            raise
        return session, drawn
