"""Tokens that expire soon: no owner, and no owner's token, goes because one of them stays."""

from dataclasses import replace
from datetime import timedelta

import pytest

from contracts.ids import TokenId
from identity_service.domain.api_token import LASTS_FOR
from services.identity.tests.unit.test_owners_who_leave_at_once import (
    OURS,
    Replica,
    Workspace,
    code_of,
    demotes,
    removes,
    revokes,
    switches_off,
)

LAST_WAY_IN = "identity.last_owner_token"
SOON, LATER = timedelta(minutes=5), LASTS_FOR + timedelta(minutes=5)


class Ending(Workspace):
    async def ends(self, owner, after):
        token = await self.tokens.read(OURS, owner.credential_id)
        await self.tokens.add(replace(token, expires_at=self.clock() + after))

    async def another(self, owner, after):
        token = await self.tokens.read(OURS, owner.credential_id)
        other = replace(token, id=TokenId("tok_other"), digest="other")
        await self.tokens.add(replace(other, expires_at=self.clock() + after))


@pytest.fixture
def ours():
    return Ending()


@pytest.mark.parametrize(("after", "code"), [(SOON, LAST_WAY_IN), (LATER, None)])
@pytest.mark.parametrize("goes", [demotes, removes, switches_off])
async def test_no_owner_goes_while_the_others_token_expires_soon(ours, goes, after, code):
    ada, bob = await ours.add("ada"), await ours.add("bob")
    await ours.ends(bob, after)

    assert await code_of(goes(bob, ada)(Replica(ours))) == code


@pytest.mark.parametrize(("after", "code"), [(SOON, LAST_WAY_IN), (LATER, None)])
async def test_no_token_of_an_owner_goes_while_the_other_one_expires_soon(ours, after, code):
    ada = await ours.add("ada")
    await ours.another(ada, after)

    assert await code_of(revokes(ada, ada)(Replica(ours))) == code


async def test_a_token_goes_while_one_stays_that_expires_after_it(ours):
    ada = await ours.add("ada")
    await ours.another(ada, SOON)
    await ours.ends(ada, SOON / 2)

    assert await code_of(revokes(ada, ada)(Replica(ours))) is None


async def test_the_last_token_stays_also_where_it_expires_soon(ours):
    ada = await ours.add("ada")
    await ours.ends(ada, SOON)

    assert await code_of(revokes(ada, ada)(Replica(ours))) == LAST_WAY_IN
