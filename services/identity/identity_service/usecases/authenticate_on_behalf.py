from dataclasses import dataclass

from contracts.ids import MemberId, WorkspaceId
from contracts.principal import (
    ON_BEHALF_SCOPES,
    SCOPES_OF_ROLE,
    CannotActFor,
    Scope,
    ScopeMissing,
    Via,
    WorkspaceClosing,
)
from contracts.requests import AuthenticatedCaller
from identity_service.domain.member import Member, MemberKind
from identity_service.domain.role_order import outranks
from identity_service.ports import MemberStore
from identity_service.usecases.authenticate_token import AuthenticateToken


@dataclass(frozen=True, slots=True)
class AuthenticateOnBehalf:
    """As whom the bearer of a token acts, and how far: what the member's role allows, the token
    too, and nothing but `ON_BEHALF_SCOPES`.

    Only a token whose scopes name `users:impersonate` acts for others, for people of its own
    workspace who are switched on and do not stand above the token's member.
    """

    authenticate_token: AuthenticateToken
    members: MemberStore

    async def __call__(self, token_digest: str, whom: str) -> AuthenticatedCaller:
        """`whom` is a member's id, e-mail address, or user name that is one; `CannotActFor` for
        all others.
        """
        bearer = await self.authenticate_token(token_digest)
        if bearer.closing_until is not None:
            raise WorkspaceClosing(bearer.closing_until)
        if Scope.USERS_IMPERSONATE not in bearer.scopes:
            raise ScopeMissing(Scope.USERS_IMPERSONATE, bearer.role, Via.TOKEN)
        member = await self._find(bearer.workspace_id, whom)
        if member is None or not _may_act(bearer, member):
            raise CannotActFor
        return AuthenticatedCaller(
            workspace_id=member.workspace_id,
            member_id=member.id,
            token_id=bearer.token_id,
            role=member.role,
            scopes=SCOPES_OF_ROLE[member.role] & bearer.scopes & ON_BEHALF_SCOPES,
            expires_at=bearer.expires_at,
            via=Via.ON_BEHALF_OF,
            acting_member_id=bearer.member_id,
            rests_on=bearer.rests_on,
        )

    async def _find(self, workspace_id: WorkspaceId, whom: str) -> Member | None:
        if "@" in whom:
            return await self.members.find_by_address(workspace_id, whom)
        return await self.members.find(workspace_id, MemberId(whom))


def _may_act(bearer: AuthenticatedCaller, member: Member) -> bool:
    is_person = member.kind is MemberKind.PERSON
    return is_person and member.active and not outranks(member.role, bearer.role)
