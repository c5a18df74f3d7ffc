"""However the steps of changes mix, on whatever replicas, an owner can get in afterwards."""

import asyncio
import random
from datetime import timedelta

import pytest

from contracts.errors import PlatformError
from contracts.ids import MemberId, TokenId, WorkspaceId
from contracts.principal import SCOPES_OF_ROLE, Principal, Via
from contracts.requests import Role
from identity_service.domain.api_token import ApiToken
from identity_service.domain.bootstrap import CLAIM_LASTS, Bootstrap
from identity_service.domain.member import Member, MemberEdit
from identity_service.usecases.announce_owner_token import AnnounceOwnerToken
from identity_service.usecases.change_member import ChangeMember
from identity_service.usecases.end_access_of_member import EndAccessOfMember
from identity_service.usecases.end_session import EndSession
from identity_service.usecases.end_sessions_of_member import EndSessionsOfMember
from identity_service.usecases.keep_an_owner import KeepAnOwner
from identity_service.usecases.remove_member import RemoveMember
from identity_service.usecases.revoke_token import RevokeToken
from identity_service.usecases.revoke_tokens_of_member import RevokeTokensOfMember
from identity_service.usecases.switch_member import SwitchMember
from kit.caller import digest_of
from kit.testing import FrozenClock
from services.identity.tests.fakes import (
    CountedTokens,
    MemoryBootstraps,
    MemoryMembers,
    MemorySessions,
    MemoryTokens,
)

OURS = WorkspaceId("ws_ours")
MOST_STEPS = 12
"""More than a change that nobody disturbs asks of the stores."""


class Stepwise:
    """A store as one replica reaches it: `before_each` runs before each question and change."""

    def __init__(self, store, before_each):
        self._store, self._before_each = store, before_each

    def __getattr__(self, name):
        call = getattr(self._store, name)

        async def step(*arguments):
            await self._before_each()
            return await call(*arguments)

        return step


async def nothing():
    pass


class Replica:
    def __init__(self, ours, before_each=nothing):
        members = Stepwise(ours.members, before_each)
        tokens = Stepwise(ours.tokens, before_each)
        keep = KeepAnOwner(members, tokens, ours.clock)
        self.change_member = ChangeMember(members, keep)
        sessions = MemorySessions()
        ends = EndSessionsOfMember(sessions, EndSession(sessions))
        self.remove = RemoveMember(
            members, keep, EndAccessOfMember(RevokeTokensOfMember(tokens), ends)
        )
        self.switch = SwitchMember(members, keep, ends)
        self.revoke = RevokeToken(tokens, members, keep, ends)


class Workspace:
    def __init__(self):
        self.members, self.tokens, self.clock = MemoryMembers(), MemoryTokens(), FrozenClock()

    async def add(self, name, role=Role.OWNER, **more):
        id_, token_id = MemberId(f"mem_{name}"), TokenId(f"tok_{name}")
        await self.members.add(Member(id_, OURS, name, role))
        token = (token_id, OURS, id_, name, f"digest of {name}", "", None, self.clock())
        await self.tokens.add(ApiToken(*token, **more))
        return Principal(OURS, id_, role, Via.TOKEN, SCOPES_OF_ROLE[role], None, token_id)

    async def ways_in(self):
        """Tokens of owners who are switched on, as is whoever made them."""
        owners = await self.members.with_role(OURS, Role.OWNER)
        able = {owner.id for owner in owners if owner.active}
        found = [each for each in await self.tokens.page(OURS, 100, None) if each.member_id in able]
        makers = [each.lent.by if each.lent else () for each in found]
        works = [await self.members.all_active(OURS, by) for by in makers]
        return [each.id for each, works in zip(found, works, strict=True) if works]


@pytest.fixture
async def ours():
    return Workspace()


async def code_of(work):
    try:
        await work
    except PlatformError as error:
        return error.code
    return None


def revokes(who, whose):
    return lambda replica: replica.revoke(who, whose.credential_id)


def demotes(who, whom):
    return lambda replica: replica.change_member(
        who, whom.member_id, MemberEdit(role=Role.USER), None
    )


def removes(who, whom):
    return lambda replica: replica.remove(who, whom.member_id)


def switches_off(who, whom):
    return lambda replica: replica.switch(who, whom.member_id, active=False)


RACES = {
    "each revokes their own token": lambda a, b: (revokes(a, a), revokes(b, b)),
    "each revokes the other's token": lambda a, b: (revokes(a, b), revokes(b, a)),
    "one steps back, one revokes their own": lambda a, b: (demotes(a, a), revokes(b, b)),
    "one revokes their own, one steps back": lambda a, b: (revokes(a, a), demotes(b, b)),
    "one is removed, one's token revoked": lambda a, b: (removes(b, a), revokes(a, b)),
    "one's token is revoked, one removed": lambda a, b: (revokes(b, a), removes(a, b)),
}


@pytest.mark.parametrize("step", range(MOST_STEPS))
@pytest.mark.parametrize("race", RACES)
async def test_of_two_changes_one_is_refused_whenever_the_other_happens_meanwhile(ours, race, step):
    first, second = RACES[race](await ours.add("ada"), await ours.add("bob"))
    steps, codes = iter(range(MOST_STEPS)), []

    async def before_each():
        if next(steps, None) == step:
            codes.append(await code_of(second(Replica(ours))))

    codes.append(await code_of(first(Replica(ours, before_each))))
    if len(codes) < 2:  # it was done before that step
        codes.append(await code_of(second(Replica(ours))))

    [refusal] = [code for code in codes if code]
    assert refusal in {"identity.last_owner", "identity.last_owner_token"}
    assert len(await ours.ways_in()) == 1


@pytest.mark.parametrize("step", range(MOST_STEPS))
async def test_the_token_of_who_becomes_the_only_owner_meanwhile_is_not_revoked(ours, step):
    owner, admin = await ours.add("owner"), await ours.add("admin", Role.ADMIN)
    steps, codes = iter(range(MOST_STEPS)), []

    async def before_each():
        if next(steps, None) == step:
            await Replica(ours).change_member(
                owner, admin.member_id, MemberEdit(role=Role.OWNER), None
            )
            codes.append(await code_of(Replica(ours).change_member(*stepping_back)))

    stepping_back = (owner, owner.member_id, MemberEdit(role=Role.USER), None)
    codes.append(await code_of(Replica(ours, before_each).revoke(owner, admin.credential_id)))

    assert len(await ours.ways_in()) == 1
    if len(codes) == 2:
        assert codes == [None, "identity.last_owner_token"]


@pytest.mark.parametrize("owners", [2, 3, 4])
@pytest.mark.parametrize("seed", range(40))
async def test_of_any_owners_who_leave_at_once_on_any_replica_one_can_get_in(ours, owners, seed):
    drawn = random.Random(seed)

    async def before_each():
        for _ in range(drawn.randrange(4)):
            await asyncio.sleep(0)

    who = [await ours.add(str(number)) for number in range(owners)]

    def leaving(number):
        how = drawn.choice([revokes, demotes, removes])
        by = who[drawn.randrange(owners)]
        return how(by, who[number])(Replica(ours, before_each))

    codes = await asyncio.gather(*(code_of(leaving(number)) for number in range(owners)))

    assert len(await ours.ways_in()) == 1
    [refusal] = [code for code in codes if code]
    assert refusal in {"identity.last_owner", "identity.last_owner_token"}


@pytest.mark.parametrize("step", range(MOST_STEPS))
@pytest.mark.parametrize("leaving", [demotes, removes])
async def test_nobody_who_is_no_owner_any_more_gets_the_announced_token(ours, leaving, step):
    ada, bob = await ours.add("ada"), await ours.add("bob")
    bootstraps, announced, steps = MemoryBootstraps(), [], iter(range(MOST_STEPS))
    await bootstraps.begin(Bootstrap(OURS, ada.member_id))

    async def before_each():
        if next(steps, None) == step:
            await leaving(bob, ada)(Replica(ours))

    stores = [Stepwise(store, before_each) for store in (ours.members, ours.tokens)]
    ends = EndSessionsOfMember(MemorySessions(), EndSession(MemorySessions()))
    announce = AnnounceOwnerToken(
        bootstraps, *stores, CountedTokens(), announced.append, ours.clock, ends
    )
    if not await announce():
        ours.clock.advance(CLAIM_LASTS)
        assert await announce()

    [text] = announced
    token = await ours.tokens.find_by_digest(digest_of(text))
    assert (await ours.members.find(OURS, token.member_id)).role is Role.OWNER
    issued = [each for each in await ours.tokens.page(OURS, 100, None) if each.name == token.name]
    assert issued == [token]


async def test_who_is_refused_has_not_changed_the_token_that_is_left(ours):
    ada = await ours.add("ada")

    assert await code_of(Replica(ours).revoke(ada, ada.credential_id)) == (
        "identity.last_owner_token"
    )
    assert (await ours.tokens.read(OURS, ada.credential_id)).relied_on is None


async def test_a_token_that_has_expired_is_no_way_in_and_may_be_revoked(ours):
    ada = await ours.add("ada")
    bob = await ours.add("bob", expires_at=ours.clock() + timedelta(seconds=1))
    ours.clock.advance(timedelta(seconds=1))
    replica = Replica(ours)

    for leaving in (revokes(ada, ada), demotes(ada, ada), removes(ada, ada)):
        assert await code_of(leaving(replica)) == "identity.last_owner_token"
    before = await ours.members.find(OURS, ada.member_id)
    assert await code_of(replica.revoke(ada, bob.credential_id)) is None
    assert await ours.members.find(OURS, ada.member_id) == before, "nobody is relied on"


async def test_revoking_one_token_twice_at_once_succeeds_for_both(ours):
    ada, bob = await ours.add("ada"), await ours.add("bob")
    revoking = (Replica(ours).revoke(ada, bob.credential_id) for _ in range(2))

    assert await asyncio.gather(*map(code_of, revoking)) == [None, None]
