"""An owner is removed, or switched off, by an owner who has only what the first one made for them:
what they read helps where they do it.
"""

import pytest

from contracts.ids import MemberId
from contracts.requests import Role
from identity_service.domain.errors import LastOwnerToken, OwnersRestOnMember
from identity_service.domain.member import Member, MemberKind
from identity_service.usecases.add_member import AddMember, NewMember
from services.identity.tests.company import OWNER
from services.identity.tests.page_platform import pages
from services.identity.tests.session_platform import OURS
from services.identity.tests.unit.test_lent_rights import Workspace

JANE = Member(MemberId("mem_jane"), OURS, "Jane", Role.OWNER, email="jane@example.com")
EVERY_OTHER_WAY = ["another by the owner", "another by Jane", "a session by her own link"]


class TwoOwners(Workspace):
    async def jane(self):
        """Jane, who calls with the only token that she has: the owner made it."""
        owner = await self.by_token(OWNER, await self.token_for(OWNER, await self.by_token(OWNER)))
        return await self.by_token(JANE, await self.token_for(JANE, owner))

    async def session_by_own_link(self, jane):
        session, _ = await self.follow(await self.link_for(JANE, jane))
        return await self.by_session(session)

    async def remove_owner(self, caller):
        await self._remove(caller, OWNER.id)

    async def found(self):
        return await self.members.find(OURS, OWNER.id)


@pytest.fixture
async def ours():
    async with pages() as shown:
        await shown.platform.members.add(JANE)
        yield TwoOwners(shown)


@pytest.mark.parametrize("way", EVERY_OTHER_WAY)
async def test_what_was_made_with_a_loan_does_not_let_its_maker_go(ours, way):
    jane = await ours.jane()
    if way == "another by the owner":
        await ours.token_for(JANE, await ours.by_token(OWNER))
    elif way == "another by Jane":
        await ours.token_for(JANE, jane)
    else:
        await ours.token_for(JANE, await ours.session_by_own_link(jane))

    with pytest.raises(OwnersRestOnMember) as refused:
        await ours.remove_owner(jane)

    assert refused.value.code == "identity.owners_rest_on_member"
    assert "made by this member" in refused.value.sentence
    assert await ours.found()


async def test_the_hint_helps_with_a_service_account(ours):
    jane = await ours.jane()
    with pytest.raises(OwnersRestOnMember, match=r".*") as refused:
        await ours.remove_owner(jane)
    assert "service account with the role `owner`" in refused.value.hint
    assert "create one for each owner who stays" in refused.value.hint

    wanted = NewMember("Keeper", Role.OWNER, kind=MemberKind.SERVICE)
    keeper = await AddMember(ours.members, 10)(jane, wanted)
    by_keeper = await ours.by_token(keeper, await ours.token_for(keeper, jane))
    janes = await ours.token_for(JANE, by_keeper)
    await ours.remove_owner(await ours.by_token(JANE, janes))

    assert await ours.found() is None
    assert (await ours.authenticate(janes)).role is Role.OWNER


async def test_the_hint_helps_with_the_companys_account(ours):
    jane = await ours.jane()
    with pytest.raises(OwnersRestOnMember) as refused:
        await ours.remove_owner(jane)
    assert "company's account" in refused.value.hint

    session, _ = await ours.platform.sign_in(JANE, "Firefox")
    janes = await ours.token_for(JANE, await ours.by_session(session))
    await ours.remove_owner(await ours.by_token(JANE, janes))

    assert await ours.found() is None
    assert (await ours.authenticate(janes)).role is Role.OWNER


async def test_where_nothing_was_lent_another_token_is_what_lacks(ours):
    """The hint is of use to whoever goes, too: what they make for others would not stay."""
    owner = await ours.by_token(OWNER, await ours.token_for(OWNER, await ours.by_token(OWNER)))

    with pytest.raises(LastOwnerToken) as refused:
        await ours.remove_owner(owner)
    assert type(refused.value) is LastOwnerToken
    assert "a service account with the role `owner` stays" in refused.value.hint

    keeper = Member(MemberId("mem_keeper"), OURS, "Keeper", Role.OWNER, kind=MemberKind.SERVICE)
    await ours.members.add(keeper)
    await ours.token_for(keeper, owner)
    await ours.remove_owner(owner)
