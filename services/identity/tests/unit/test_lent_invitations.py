"""An invitation that is made with what somebody planted ends with whoever planted it."""

from dataclasses import replace

import pytest

from contracts.ids import MemberId
from contracts.requests import Role
from identity_service.adapters.mongo_invitations import INVITATIONS
from identity_service.domain.errors import LentTooOften
from identity_service.domain.invitation import PATH
from identity_service.domain.lent import MAX_MAKERS, Lent
from identity_service.domain.member import Member
from identity_service.domain.member_errors import InvitationVoid
from identity_service.usecases.create_invitation import WantedInvitation
from kit.caller import digest_of
from kit.errors import SessionEnded, Unauthenticated
from services.identity.tests.company import OWNER
from services.identity.tests.page_platform import pages
from services.identity.tests.session_platform import OURS
from services.identity.tests.unit.test_lent_rights import ADMIN, BOB, ROBOT, Workspace

WANTED = WantedInvitation("adam@example.com", "Adam", Role.ADMIN)


class Inviting(Workspace):
    async def invited(self, caller, wanted=WANTED):
        _, path = await self.shown.create_invitation(caller, wanted)
        return digest_of(path.removeprefix(PATH))

    async def accept(self, digest):
        return await self.shown.api.state.app.accept_invitation(digest, "Firefox", None)

    async def planted(self, way):
        """Bob, by what the admin made for him."""
        if way == "token":
            return await self.by_token(BOB, await self.token_for(BOB))
        session, _ = await self.follow(await self.link_for(BOB))
        return await self.by_session(session)


@pytest.fixture
async def ours():
    async with pages() as shown:
        for member in (ADMIN, BOB, ROBOT):
            await shown.platform.members.add(member)
        workspace = Inviting(shown)
        await workspace.token_for(OWNER, await workspace.by_token(OWNER))
        await workspace.role(BOB, Role.ADMIN)
        yield workspace


@pytest.mark.parametrize("way", ["token", "session"])
@pytest.mark.parametrize("what", ["removed", "switched off", "below"])
async def test_an_invitation_made_with_a_plant_is_void_once_its_maker_may_not_make_it(
    ours, way, what
):
    digest = await ours.invited(await ours.planted(way))
    own = await ours.invited(await ours.by_token(OWNER), replace(WANTED, email="eve@example.com"))
    assert await ours.shown.api.state.app.read_invitation(digest)

    if what == "removed":
        await ours.remove(ADMIN)
    elif what == "switched off":
        await ours.switch(ADMIN, active=False)
    else:
        await ours.role(ADMIN, Role.BUILDER)

    for refused in (ours.shown.api.state.app.read_invitation, ours.accept):
        with pytest.raises(InvitationVoid, match="or made the token or the link with which they"):
            await refused(digest)
    assert (await ours.accept(own)).member.email == "eve@example.com"


async def test_nor_does_a_token_that_was_made_with_the_plant_invite_longer(ours):
    planted = await ours.planted("token")
    grandchild = await ours.by_token(BOB, await ours.token_for(BOB, planted))
    digest = await ours.invited(grandchild)

    await ours.remove(ADMIN)

    with pytest.raises(InvitationVoid):
        await ours.accept(digest)


@pytest.mark.parametrize(("way", "ended"), [("token", Unauthenticated), ("session", SessionEnded)])
async def test_what_has_ended_invites_nobody(ours, way, ended):
    planted = await ours.planted(way)
    await ours.remove(ADMIN)

    with pytest.raises(ended):
        await ours.invited(planted)


async def test_whom_one_invites_oneself_joins_whoever_else_goes(ours):
    digest = await ours.invited(await ours.by_token(replace(BOB, role=Role.ADMIN)))
    await ours.remove(ADMIN)

    assert (await ours.accept(digest)).member.role is Role.ADMIN


@pytest.mark.parametrize("more", ["token", "link", "invitation"])
async def test_what_rests_on_as_many_as_may_be_makes_nothing_for_others(ours, more):
    """Each of them is looked at whenever it is used."""
    names = [MemberId(f"mem_{number:02}") for number in range(MAX_MAKERS + 1)]
    people = [Member(each, OURS, each, Role.ADMIN) for each in names]
    for each in people:
        await ours.members.add(each)
    caller = await ours.by_token(people[0])
    for each in people[1:]:
        caller = await ours.by_token(each, await ours.token_for(each, caller))
    assert len((await ours.tokens.read(OURS, caller.credential_id)).lent.by) == MAX_MAKERS

    ways = {
        "token": lambda: ours.token_for(BOB, caller),
        "link": lambda: ours.link_for(BOB, caller),
        "invitation": lambda: ours.invited(caller),
    }
    with pytest.raises(LentTooOften, match="20 members") as refused:
        await ways[more]()

    assert "a token of a service account" in refused.value.hint.lower()
    assert await ours.token_for(people[-1], caller)  # for oneself: it rests on no more than before
    robots = await ours.by_token(ROBOT, await ours.token_for(ROBOT, await ours.by_token(ADMIN)))
    await ours.role(BOB, Role.USER)
    assert await ours.token_for(BOB, robots)


async def test_an_invitation_of_an_earlier_release_rests_on_whoever_invited(ours):
    at = ours.platform.clock()
    old = {"email": "e", "name": "n", "role": "user", "digest": "d", "invited_by": BOB.id}
    read = INVITATIONS.read({**old, "created_at": at, "expires_at": at})
    assert Lent.stored(read.lent_by, read.lent_at_most) is None

    digest = await ours.invited(await ours.planted("token"))
    kept = await ours.shown.invitations.find_by_digest(digest)
    await ours.shown.invitations.add(replace(kept, lent=None))
    await ours.remove(ADMIN)
    assert (await ours.accept(digest)).member.email == WANTED.email
