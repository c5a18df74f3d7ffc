import asyncio
from dataclasses import dataclass

from identity_service.domain.errors import LinkUsedUp, LinkVoid
from identity_service.domain.lent import Lent
from identity_service.domain.member import Member
from identity_service.domain.oidc.errors import SignOnEnforced
from identity_service.domain.sign_in_link import SignInLink
from identity_service.domain.workspace import Workspace
from identity_service.ports import Clock, MemberStore, SignInLinkStore, WorkspaceStore
from identity_service.usecases.enforce_sign_on import EnforceSignOn


@dataclass(frozen=True, slots=True)
class OfferedSignIn:
    """Whom a link lets in, and where."""

    link: SignInLink
    member: Member
    workspace: Workspace


@dataclass(frozen=True, slots=True)
class ReadSignInLink:
    """What a link offers; looking at it does not use it up.

    `LinkVoid` where whoever made it is gone, is switched off, or stands below its member by now;
    `LinkUsedUp` where it offers nothing any more, or never did; `SignOnEnforced` where it does not
    let its member in; else as `Member.demand_sign_in`.
    """

    links: SignInLinkStore
    members: MemberStore
    workspaces: WorkspaceStore
    enforce_sign_on: EnforceSignOn
    clock: Clock

    async def __call__(self, digest: str) -> OfferedSignIn:
        link = await self.links.find_by_digest(digest)
        if link is None or not link.live(self.clock()):
            raise LinkUsedUp
        member, workspace = await asyncio.gather(
            self.members.find(link.workspace_id, link.member_id),
            self.workspaces.find(link.workspace_id),
        )
        if member is None or not member.active or workspace is None:
            raise LinkUsedUp
        await self.demand_makers(link.lent, member)
        member.demand_sign_in()
        if await self.enforce_sign_on.keeps_out(member):
            raise SignOnEnforced(member.workspace_id)
        return OfferedSignIn(link, member, workspace)

    async def demand_makers(self, lent: Lent | None, member: Member) -> None:
        """Asked again once its session began: whoever removed a maker since did not find it."""
        if lent is None:
            return
        find = self.members.find
        makers = await asyncio.gather(*(find(member.workspace_id, each) for each in lent.by))
        if not lent.suits(member, makers):
            raise LinkVoid
