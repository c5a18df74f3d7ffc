"""A backend whose token is known to be valid may bring many new people at once."""

import asyncio

import pytest

from contracts.facts import TokenRevoked
from contracts.principal import CannotActFor, Role, Via
from contracts.requests import AuthenticatedCaller
from kit.caller import Verifier, digest_of
from kit.errors import Unauthenticated
from kit.testing import bearer, token_of
from kit.token_lookups import MAX_UNPROVEN, TooManyLookUps
from shared.kit.tests.kit_fakes import Watch

DIGEST = digest_of(token_of("ours"))


class SlowIdentity:
    """Knows the token `ours` until it is revoked, and answers once it may."""

    def __init__(self):
        self.may_answer, self.is_valid, self.asked = asyncio.Event(), True, 0
        self.may_answer.set()

    async def __call__(self, asked):
        self.asked += 1
        await self.may_answer.wait()
        if asked.token_digest != DIGEST or not self.is_valid:
            raise Unauthenticated
        if asked.on_behalf_of == "mem_unknown":
            raise CannotActFor
        return AuthenticatedCaller(
            workspace_id="ws_1",
            member_id=asked.on_behalf_of or "mem_backend",
            token_id="tok_backend",
            role=Role.USER,
            scopes=frozenset({"invocations:create"}),
            via=Via.ON_BEHALF_OF if asked.on_behalf_of else Via.TOKEN,
            acting_member_id="mem_backend" if asked.on_behalf_of else None,
        )


@pytest.fixture
async def identity():
    return SlowIdentity()


@pytest.fixture
def watch():
    return Watch()


@pytest.fixture
async def verifier(watch, identity):
    return Verifier(watch, identity)


def header(name):
    return bearer(name)["authorization"]


async def at_once(identity, requests):
    """All wait for identity at the same time; what each got."""
    identity.may_answer.clear()
    waiting = [asyncio.create_task(each) for each in requests]
    for _ in range(5):
        await asyncio.sleep(0)
    identity.may_answer.set()
    return await asyncio.gather(*waiting, return_exceptions=True)


def hundred(verifier, name="ours"):
    return [verifier.hold(header(name), f"mem_{number}") for number in range(100)]


@pytest.mark.parametrize("whom", [None, "mem_first"])
async def test_f5_a_hundred_new_people_of_a_token_that_was_valid_are_looked_up(
    verifier, identity, whom
):
    await verifier.hold(header("ours"), whom)

    held = await at_once(identity, hundred(verifier))

    assert [each.value.member_id for each in held] == [f"mem_{number}" for number in range(100)]


async def test_f5_whom_a_token_acts_for_and_its_own_requests_prove_it_alike(verifier, identity):
    await verifier.hold(header("ours"), "mem_first")
    flood = [verifier.hold(header(f"theirs{number}")) for number in range(MAX_UNPROVEN)]

    *_, own = await at_once(identity, [*flood, verifier.hold(header("ours"))])

    assert own.value.member_id == "mem_backend"


async def test_f5_made_up_tokens_that_act_for_many_are_bounded(verifier, identity):
    await verifier.hold(header("ours"))
    asked = identity.asked

    held = await at_once(identity, hundred(verifier, "theirs"))

    kinds = [type(each) for each in held]
    assert kinds.count(TooManyLookUps) == 100 - MAX_UNPROVEN
    assert kinds.count(Unauthenticated) == identity.asked - asked == MAX_UNPROVEN


async def test_f5_a_member_who_is_unknown_says_nothing_against_the_token(verifier, identity):
    await verifier.hold(header("ours"))
    with pytest.raises(CannotActFor):
        await verifier.hold(header("ours"), "mem_unknown")

    held = await at_once(identity, hundred(verifier))

    assert not [each for each in held if isinstance(each, Exception)]


@pytest.mark.parametrize("how", ["the fact", "identity's word"])
async def test_f5_a_token_that_is_revoked_counts_as_unknown(verifier, watch, identity, how):
    await verifier.hold(header("ours"))
    identity.is_valid = False
    if how == "the fact":
        revoked = {"workspace_id": "ws_1", "token_id": "tok_1", "token_digest": DIGEST}
        watch.receives(TokenRevoked(**revoked))
    else:
        with pytest.raises(Unauthenticated):
            await verifier.hold(header("ours"), "mem_first")

    held = await at_once(identity, hundred(verifier))

    assert [type(each) for each in held].count(TooManyLookUps) == 100 - MAX_UNPROVEN
