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
