"""A token that is one too many is taken back, unless an owner's token went because it is there."""

import pytest

from contracts.principal import Scope
from identity_service.usecases.create_token import CreateToken, WantedToken
from identity_service.usecases.lend import Lend
from services.identity.tests.fakes import CountedTokens, MemorySessions
from services.identity.tests.unit.test_owners_who_leave_at_once import (
    OURS,
    Replica,
    Stepwise,
    Workspace,
    code_of,
    revokes,
)

LIMIT = 2
STEPS = 12
"""More than making a token asks of the stores, once."""
READING = WantedToken("Reads", scopes=frozenset({Scope.GPTS_READ}))


class Uncounted:
    """Tokens as another replica counted them, before the one that is made meanwhile."""

    def __init__(self, tokens):
        self._tokens = tokens

    def __getattr__(self, name):
        return getattr(self._tokens, name)

    async def of_member(self, *_):
        return []


class Removed(Uncounted):
    """Tokens of a member who is removed while one of them is taken back."""

    counted = 0

    async def of_member(self, *whom):
        self.counted += 1
        return [] if self.counted == 1 else await self._tokens.of_member(*whom)

    async def revoke_as_seen(self, seen, fact):
        await self._tokens.revoke(seen, fact)
        await self._tokens.revoke_as_seen(seen, fact)


async def ways_in(ours):
    found = [await ours.tokens.read(OURS, each) for each in await ours.ways_in()]
    return [each for each in found if each.lets_owner_in(ours.clock())]


@pytest.mark.parametrize("step", range(STEPS))
async def test_a_surplus_token_that_lets_the_last_owner_in_is_not_taken_back(step):
    """Another one is made at once, without room for it either, and then the first revoked."""
    ours, drawn = Workspace(), CountedTokens()
    ada = await ours.add("ada")
    count = iter(range(1_000))

    def creating(tokens, members):
        lend = Lend(tokens, MemorySessions())
        return CreateToken(tokens, members, drawn, ours.clock, LIMIT, lend)

    async def before_each():
        number = next(count)
        if number == step:
            await creating(Uncounted(ours.tokens), ours.members)(ada, READING)
        if number == step + 1:
            await code_of(revokes(ada, ada)(Replica(ours)))

    stores = (Stepwise(ours.tokens, before_each), Stepwise(ours.members, before_each))
    answered = []

    async def create():
        answered.append(await creating(*stores)(ada, WantedToken("New")))

    await code_of(create())

    left = await ways_in(ours)
    assert left
    assert {each.id for each in left} <= {"tok_ada", *(token.id for token, _ in answered)}


async def test_a_surplus_token_that_is_gone_with_its_member_is_answered_to_nobody():
    ours = Workspace()
    ada = await ours.add("ada")
    tokens = Removed(ours.tokens)
    lend = Lend(tokens, MemorySessions())
    create = CreateToken(tokens, ours.members, CountedTokens(), ours.clock, 1, lend)

    assert await code_of(create(ada, READING)) == "platform.not_found"
    assert {each.id for each in await ours.tokens.of_member(OURS, ada.member_id)} == {"tok_ada"}
