from collections.abc import Awaitable, Iterator
from dataclasses import dataclass

from contracts.ids import MemberId, WorkspaceId
from identity_service.usecases.end_sessions_of_member import EndSessionsOfMember
from identity_service.usecases.revoke_tokens_of_member import RevokeTokensOfMember
from kit.in_force import each_in_force


@dataclass(frozen=True, slots=True)
class EndAccessOfMember:
    """End what lets in a member who was removed, and what they made for others.

    First what still lets somebody in: tokens that they made, then sessions; their own tokens have
    been refused since they are no member. Where some are not in force (`NotInForce`), all others
    are ended.
    """

    revoke_tokens_of_member: RevokeTokensOfMember
    end_sessions_of_member: EndSessionsOfMember

    async def __call__(self, workspace_id: WorkspaceId, member_id: MemberId) -> None:
        whom = workspace_id, member_id

        def steps() -> Iterator[Awaitable[None]]:
            yield self.revoke_tokens_of_member.lent_by(*whom)
            yield self.end_sessions_of_member.with_lent(*whom)
            yield self.revoke_tokens_of_member(*whom)

        await each_in_force(steps())
