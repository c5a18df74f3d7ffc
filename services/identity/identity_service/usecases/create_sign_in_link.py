from dataclasses import dataclass

from contracts.ids import WorkspaceId, new_id
from contracts.requests import Role
from identity_service.domain.sign_in_link import LIVES_FOR, PATH, SignInLink
from identity_service.ports import Clock, DrawSecret, MemberStore, SignInLinkStore
from kit.errors import NothingHere


@dataclass(frozen=True, slots=True)
class CreateSignInLink:
    """A link by which whoever has been an owner of the workspace for longest signs in."""

    links: SignInLinkStore
    members: MemberStore
    draw: DrawSecret
    clock: Clock

    async def __call__(self, workspace_id: WorkspaceId) -> tuple[SignInLink, str]:
        """The link, and its path, which only this answer ever holds."""
        owners = await self.members.with_role(workspace_id, Role.OWNER)
        active = (owner for owner in owners if owner.active)
        owner = min(active, key=lambda owner: owner.id, default=None)
        if owner is None:
            raise NothingHere
        drawn = self.draw()
        link = SignInLink(
            id=new_id("sil"),
            workspace_id=workspace_id,
            member_id=owner.id,
            digest=drawn.digest,
            expires_at=self.clock() + LIVES_FOR,
        )
        await self.links.add(link)
        return link, PATH + drawn.text
