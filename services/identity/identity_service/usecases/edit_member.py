from dataclasses import dataclass

from contracts.ids import MemberId
from contracts.principal import Principal
from identity_service.domain.member import Member, MemberEdit
from identity_service.ports import MemberStore
from identity_service.usecases.change_member import ChangeMember
from identity_service.usecases.switch_member import SwitchMember
from kit.documents import ChangedMeanwhile
from kit.errors import NothingHere


@dataclass(frozen=True, slots=True)
class EditMember:
    """Change a member and switch them on or off, in this order. Where a process dies in between,
    the same request makes up for it.
    """

    members: MemberStore
    change_member: ChangeMember
    switch_member: SwitchMember

    async def __call__(
        self,
        caller: Principal,
        member_id: MemberId,
        edit: MemberEdit,
        *,
        active: bool | None = None,
        expected_revision: int | None = None,
    ) -> Member:
        """What is None stays as it is; `expected_revision` is the one before both."""
        if active is None:
            return await self.change_member(caller, member_id, edit, expected_revision)
        seen = await self.members.find(caller.workspace_id, member_id)
        if seen is None:
            raise NothingHere
        is_news = seen.edited(edit) is not seen or seen.active is not active
        if is_news and expected_revision not in (None, seen.revision):
            raise ChangedMeanwhile
        changed = await self.change_member(caller, member_id, edit, expected_revision)
        expected = None if expected_revision is None else changed.revision
        return await self.switch_member(
            caller, member_id, active=active, expected_revision=expected
        )
