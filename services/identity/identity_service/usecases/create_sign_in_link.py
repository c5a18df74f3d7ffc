from dataclasses import dataclass

from contracts.ids import WorkspaceId, new_id
from contracts.requests import Role
from identity_service.domain.lent import Lent
from identity_service.domain.member import Member, MemberKind
from identity_service.domain.sign_in_link import LIVES_FOR, MAX_OF_A_MEMBER, PATH, SignInLink
from identity_service.ports import Clock, DrawSecret, MemberStore, SignInLinkStore
from identity_service.usecases.enforce_sign_on import EnforceSignOn
from kit.errors import NothingHere


@dataclass(frozen=True, slots=True)
class CreateSignInLink:
    """A link by which whoever has been an owner of the workspace for longest signs in; where
    sign-on is enforced, the owner who is kept for emergencies.
    """

    links: SignInLinkStore
    members: MemberStore
    enforce_sign_on: EnforceSignOn
    draw: DrawSecret
    clock: Clock

    async def __call__(self, workspace_id: WorkspaceId) -> tuple[SignInLink, str]:
        """The link, and its path, which only this answer ever holds."""
        owners = await self.members.with_role(workspace_id, Role.OWNER)
        settings = await self.enforce_sign_on.settings.find(workspace_id)
        wanted = None
        if settings is not None and settings.enforced:
            wanted = await self.enforce_sign_on.emergency_owner(settings)
        people = (
            each
            for each in owners
            if each.kind is MemberKind.PERSON and each.active and wanted in (None, each.id)
        )
        owner = min(people, key=lambda owner: owner.id, default=None)
        if owner is None:
            raise NothingHere
        return await self.of(owner)

    async def of(self, member: Member, lent: Lent | None = None) -> tuple[SignInLink, str]:
        """The same for a member who may sign in; `lent` where another member made it."""
        drawn = self.draw()
        link = SignInLink(
            id=new_id("sil"),
            workspace_id=member.workspace_id,
            member_id=member.id,
            digest=drawn.digest,
            expires_at=self.clock() + LIVES_FOR,
            lent=lent,
        )
        await self.links.add(link)
        await self.links.keep_newest(link, MAX_OF_A_MEMBER)
        return link, PATH + drawn.text
