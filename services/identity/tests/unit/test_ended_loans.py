"""What somebody made for another person ends with them, or waits while they are switched off, also
where something comes between.
"""

from dataclasses import replace
from types import SimpleNamespace

import pytest

from contracts.facts import MemberChanged
from contracts.ids import TokenId
from identity_service.domain.lent import READ_AT_ONCE
from identity_service.entrypoints.events import let_nobody_in_who_may_not
from identity_service.usecases.end_access_of_member import EndAccessOfMember
from identity_service.usecases.place_member import PlaceMember
from identity_service.usecases.revoke_tokens_of_member import RevokeTokensOfMember
from kit.errors import NotInForce, SessionEnded, Unauthenticated
from services.identity.tests.company import OWNER
from services.identity.tests.page_platform import pages
from services.identity.tests.session_platform import OURS
from services.identity.tests.unit.test_lent_rights import ADMIN, BOB, Workspace


@pytest.fixture
async def ours():
    async with pages() as shown:
        for member in (ADMIN, BOB):
            await shown.platform.members.add(member)
        workspace = Workspace(shown)
        await workspace.token_for(OWNER, await workspace.by_token(OWNER))
        yield workspace


@pytest.mark.parametrize("by", ["an owner", "the directory"])
async def test_a_token_for_another_person_waits_while_its_maker_is_switched_off(ours, by):
    digest, own = await ours.token_for(BOB), await ours.token_for(BOB, await ours.by_token(BOB))
    grandchild = await ours.token_for(BOB, await ours.by_token(BOB, digest))
    assert (await ours.authenticate(grandchild)).rests_on == (ADMIN.id,)

    if by == "an owner":
        await ours.switch(ADMIN, active=False)
    else:
        place = PlaceMember(*ours.directory, ours.keep, ours.platform.end_all)
        await place(await ours.by_token(OWNER), ADMIN.id, lambda each: replace(each, active=False))

    for each in (digest, grandchild):
        with pytest.raises(Unauthenticated):
            await ours.authenticate(each)
    assert (await ours.authenticate(own)).rests_on == ()
    await ours.switch(ADMIN, active=True)
    assert (await ours.authenticate(grandchild)).member_id == BOB.id


class LateRevocations:
    """Facts that cannot be published: what they are about has changed all the same."""

    def __init__(self, store):
        self.store, self.order = store, []

    def __getattr__(self, name):
        return getattr(self.store, name)

    async def revoke(self, token, fact):
        await self.store.revoke(token, fact)
        self.order.append(token.member_id)
        raise NotInForce


@pytest.mark.parametrize("who", ["whoever removes", "whoever listens"])
async def test_late_facts_of_some_leave_nothing_else_alive(ours, who):
    digests = [await ours.token_for(BOB) for _ in range(2)]
    await ours.token_for(ADMIN)
    session, _ = await ours.follow(await ours.link_for(BOB))
    late = LateRevocations(ours.tokens)
    end_access = EndAccessOfMember(RevokeTokensOfMember(late), ours.platform.end_all)
    looked_at = []

    async def since_changed(*whom):
        looked_at.append(whom)

    if who == "whoever removes":
        remove = replace(ours._remove, end_access_of_member=end_access)
        work = remove(await ours.by_token(OWNER), ADMIN.id)
    else:
        removed = MemberChanged(workspace_id=OURS, member_id=ADMIN.id, role=None, revision=2)
        unwanted = SimpleNamespace(since_changed=since_changed)
        app = SimpleNamespace(end_access_of_member=end_access, end_unwanted_sessions=unwanted)
        work = let_nobody_in_who_may_not(removed, app)
    with pytest.raises(NotInForce):
        await work

    for digest in digests:
        assert await ours.tokens.find_by_digest(digest) is None
    assert late.order == [BOB.id, BOB.id, ADMIN.id]
    with pytest.raises(SessionEnded):
        await ours.by_session(session)
    assert len(looked_at) == (who == "whoever listens")


@pytest.mark.parametrize("removed", [True, False])
async def test_what_they_made_ends_also_where_their_removal_is_late(ours, removed):
    """But not where they stay: what was late then was something of before."""
    digest = await ours.token_for(BOB)
    remove = ours.members.remove

    async def late(seen, fact):
        if removed:
            await remove(seen, fact)
        raise NotInForce

    ours.members.remove = late
    with pytest.raises(NotInForce):
        await ours.remove(ADMIN)

    assert (await ours.tokens.find_by_digest(digest) is None) is removed


@pytest.mark.parametrize("by", ["an owner", "the directory"])
async def test_what_began_by_their_link_while_they_were_off_does_not_come_back_with_them(ours, by):
    """As a release before, or a crash, left it."""
    session, _ = await ours.follow(await ours.link_for(BOB))
    seen = await ours.members.find(OURS, ADMIN.id)
    await ours.members.replace(seen, seen.switched(active=False))

    if by == "an owner":
        await ours.switch(ADMIN, active=True)
    else:
        place = PlaceMember(*ours.directory, ours.keep, ours.platform.end_all)
        await place(await ours.by_token(OWNER), ADMIN.id, lambda each: replace(each, active=True))

    with pytest.raises(SessionEnded):
        await ours.by_session(session)


async def test_of_very_many_loans_each_is_ended_also_where_facts_are_late(ours):
    session, _ = await ours.follow(await ours.link_for(BOB))
    digest = await ours.token_for(BOB)
    one = await ours.tokens.find_by_digest(digest)
    for number in range(2 * READ_AT_ONCE):
        id_ = TokenId(f"tok_lent_{number}")
        await ours.tokens.add(replace(one, id=id_, digest=f"lent {number}"))
    late = LateRevocations(ours.tokens)
    end_access = EndAccessOfMember(RevokeTokensOfMember(late), ours.platform.end_all)

    with pytest.raises(NotInForce):
        await end_access(OURS, ADMIN.id)

    assert len(late.order) == 2 * READ_AT_ONCE + 1
    assert await ours.tokens.lent_by(OURS, ADMIN.id) == []
    with pytest.raises(SessionEnded):
        await ours.platform.authenticate_session(session.digest)


async def test_a_maker_on_whom_no_owner_rests_may_go_also_where_no_owners_token_is_valid(ours):
    for each in await ours.tokens.of_member(OURS, OWNER.id):
        await ours.tokens.add(replace(each, expires_at=ours.platform.clock()))
    digest = await ours.token_for(BOB)

    await ours.remove(ADMIN)

    with pytest.raises(Unauthenticated):
        await ours.authenticate(digest)
