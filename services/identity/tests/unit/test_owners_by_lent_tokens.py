"""What is left when somebody goes, where an owner gets in by a token that another member made."""

import asyncio
import random
from dataclasses import replace

import pytest

from contracts.ids import TokenId
from contracts.requests import Role
from identity_service.domain.lent import Lent
from services.identity.tests.unit.test_owners_who_leave_at_once import (
    OURS,
    Replica,
    Workspace,
    code_of,
    demotes,
    removes,
    revokes,
)

STEPS = 20
"""More than a change that nobody disturbs asks of the stores."""
LAST_WAY_IN = "identity.last_owner_token"


class Lending(Workspace):
    async def lend(self, maker, owner, **more):
        """A token of the owner, which the maker made; it is the newest."""
        token = await self.tokens.read(OURS, owner.credential_id)
        lent = Lent((maker.member_id,), Role.OWNER)
        id_ = TokenId(f"tok_{maker.member_id}_for_{owner.member_id}")
        await self.tokens.add(replace(token, id=id_, digest=id_, lent=lent, **more))

    async def switch_off(self, member):
        seen = await self.members.find(OURS, member.member_id)
        await self.members.replace(seen, seen.switched(active=False))

    async def revoke(self, member):
        [own] = [t for t in await self.tokens.of_member(OURS, member.member_id) if not t.lent]
        del self.tokens._tokens[own.id]


@pytest.fixture
def ours():
    return Lending()


@pytest.mark.parametrize("role", [Role.OWNER, Role.BUILDER])
async def test_whose_token_lets_the_only_owner_in_is_not_removed_once_switched_off(ours, role):
    ada, bob = await ours.add("ada", role), await ours.add("bob")
    await ours.lend(ada, bob)
    await ours.revoke(bob)
    await ours.switch_off(ada)

    assert await code_of(Replica(ours).remove(bob, ada.member_id)) == LAST_WAY_IN
    assert len(await ours.tokens.of_member(OURS, bob.member_id)) == 1

    await ours.add("eve")  # another owner who gets in
    assert await code_of(Replica(ours).remove(bob, ada.member_id)) is None
    assert await ours.tokens.of_member(OURS, bob.member_id) == []


async def test_who_is_switched_off_and_lent_nothing_may_still_go(ours):
    ada, bob = await ours.add("ada"), await ours.add("bob")
    await ours.switch_off(ada)

    assert await code_of(Replica(ours).remove(bob, ada.member_id)) is None


@pytest.mark.parametrize("step", range(STEPS))
@pytest.mark.parametrize("order", ["removal first", "revocation first"])
@pytest.mark.parametrize("role", [Role.OWNER, Role.ADMIN])
async def test_a_lent_token_is_no_way_in_for_whoever_goes_while_its_maker_does(
    ours, role, order, step
):
    """One's own token is revoked while the maker of the other one is removed."""
    maker, owner = await ours.add("maker", role), await ours.add("owner")
    await ours.lend(maker, owner)
    both = [removes(owner, maker), revokes(owner, owner)]
    first, second = both if order == "removal first" else reversed(both)
    steps, codes = iter(range(STEPS)), []

    async def before_each():
        if next(steps, None) == step:
            codes.append(await code_of(second(Replica(ours))))

    codes.append(await code_of(first(Replica(ours, before_each))))
    if len(codes) < 2:
        codes.append(await code_of(second(Replica(ours))))

    assert [code for code in codes if code] == [LAST_WAY_IN]
    assert len(await ours.ways_in()) >= 1


@pytest.mark.parametrize("leaving", [demotes, removes, revokes])
async def test_a_maker_who_stays_a_member_is_relied_on(ours, leaving):
    """Who steps back stays: what they made counts. Who is removed takes it along."""
    maker, owner = await ours.add("maker"), await ours.add("owner")
    await ours.lend(maker, owner)
    await ours.revoke(owner)

    code = await code_of(leaving(owner, maker)(Replica(ours)))

    assert code == (LAST_WAY_IN if leaving is removes else None)
    assert len(await ours.ways_in()) >= 1


async def test_a_token_that_rests_on_its_own_member_too_is_relied_on(ours):
    maker, owner = await ours.add("maker"), await ours.add("owner")
    lent = Lent((owner.member_id, maker.member_id), Role.OWNER)
    token = await ours.tokens.read(OURS, owner.credential_id)
    await ours.tokens.add(replace(token, id=TokenId("tok_lent"), digest="lent", lent=lent))

    assert await code_of(Replica(ours).revoke(owner, owner.credential_id)) is None
    assert await code_of(demotes(owner, maker)(Replica(ours))) is None


@pytest.mark.parametrize("owners", [2, 3])
@pytest.mark.parametrize("seed", range(60))
async def test_owners_who_lent_each_other_do_not_all_go_at_once(ours, owners, seed):
    drawn = random.Random(seed)

    async def before_each():
        for _ in range(drawn.randrange(4)):
            await asyncio.sleep(0)

    who = [await ours.add(str(number)) for number in range(owners)]
    for number in range(owners):
        await ours.lend(who[number - 1], who[number])

    def leaving(number):
        how = drawn.choice([revokes, demotes, removes])
        return how(who[drawn.randrange(owners)], who[number])(Replica(ours, before_each))

    await asyncio.gather(*(code_of(leaving(drawn.randrange(owners))) for _ in range(2 * owners)))

    assert len(await ours.ways_in()) >= 1
