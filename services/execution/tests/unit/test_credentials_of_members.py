"""Credentials that are a member's own, and tokens that an API refused: how they are kept."""

import asyncio
from datetime import UTC, datetime, timedelta

import orjson
import pytest

from contracts.facts import (
    ConnectionLinked,
    ConnectionLost,
    ConnectionRevoked,
    CredentialChanged,
)
from contracts.requests import SealedCredential
from execution_service.adapters.cached_credentials import CachedCredentials
from execution_service.domain.admission import NO_NAMES
from execution_service.domain.credential import CredentialDescription
from execution_service.domain.errors import SignInRequired
from kit.cache import Limits
from kit.sealing import SealBinding, seal
from kit.testing import FrozenClock
from services.execution.tests.fakes import callable_of, principal, wanted_call
from shared.kit.tests.kit_fakes import Watch

LIMITS = Limits(100, 10_000_000, 60)
NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
EXPIRY = NOW + timedelta(seconds=50)
PER_USER = CredentialDescription(1, NO_NAMES, per_user=True)
SHARED = CredentialDescription(1, NO_NAMES)
PAGE = "https://actions.example/aip/act_1/sign-in"
ADA, BOB = "mem_ada", "mem_bob"


class Auth:
    """A bus whose one neighbour releases `token N of MEMBER`, where N is the generation."""

    def __init__(self):
        self.asked = []
        self.revision = 1
        self.generations = {ADA: 1, BOB: 1}
        self.newest = self.generations.get
        self.late = None
        """What the next answer waits for on its way."""

    async def ask(self, asked):
        self.asked.append(asked)
        late, self.late = self.late, None
        answer = self.answer(asked)
        if late is not None:
            await late.wait()
        return answer

    def answer(self, asked):
        if asked.member_id not in self.generations:
            return SealedCredential(revision=self.revision, expires_at=EXPIRY, sign_in=PAGE)
        generation = self.newest(asked.member_id)
        if asked.rejected == generation:
            generation = self.refresh(asked.member_id)
        binding = SealBinding(asked.workspace_id, asked.action_id, asked.origin, EXPIRY)
        value = f"token {generation} of {asked.member_id}"
        secret = orjson.dumps({"headers": [["authorization", value]], "query": []})
        return SealedCredential(
            revision=self.revision,
            sealed=seal(secret, asked.recipient, binding),
            expires_at=EXPIRY,
            generation=generation,
        )

    def refresh(self, member_id):
        self.generations[member_id] += 1
        return self.generations[member_id]


class Rig:
    def __init__(self, calls):
        self.auth, self.watch = Auth(), Watch()
        self.cache = CachedCredentials(self.auth, self.watch, LIMITS, FrozenClock(NOW))
        self.operation = callable_of(calls.compiled())

    def wanted(self, member_id):
        return wanted_call(principal=principal(member_id))

    async def hold(self, member_id=ADA, described=PER_USER):
        return await self.cache.issue(self.wanted(member_id), self.operation, described)

    async def token(self, member_id=ADA, described=PER_USER):
        return token_of(await self.hold(member_id, described))

    async def renewed(self, rejected, member_id=ADA):
        wanted = self.wanted(member_id)
        return await self.cache.renew(wanted, self.operation, rejected.value)


def token_of(held):
    [(_, value)] = held.value.headers
    return value


@pytest.fixture
def rig(calls):
    return Rig(calls)


async def test_a_members_own_is_kept_for_them_and_never_another_members(rig):
    tokens = [await rig.token(who) for who in (ADA, BOB, ADA, BOB)]

    assert tokens == ["token 1 of mem_ada", "token 1 of mem_bob"] * 2
    assert [asked.member_id for asked in rig.auth.asked] == [ADA, BOB]
    assert all(asked.takes_sign_in for asked in rig.auth.asked)


async def test_two_members_who_ask_at_once_each_get_their_own(rig):
    assert await asyncio.gather(rig.token(ADA), rig.token(BOB)) == [
        "token 1 of mem_ada",
        "token 1 of mem_bob",
    ]


async def test_what_everybody_calls_with_is_asked_for_once(rig):
    tokens = {await rig.token(who, SHARED) for who in (ADA, BOB)}

    assert (tokens, len(rig.auth.asked)) == ({"token 1 of mem_ada"}, 1)


async def test_a_credential_that_became_per_user_since_it_was_described_is_shared_by_nobody(rig):
    """The description of revision 1 says that everybody shares it; what is released is another."""
    rig.auth.revision = 2

    tokens = await asyncio.gather(*(rig.token(who, SHARED) for who in (ADA, BOB)))
    later = await rig.token(BOB, SHARED)

    assert tokens == ["token 1 of mem_ada", "token 1 of mem_bob"]
    assert later == "token 1 of mem_bob"


OF_ADAS = {"workspace_id": "ws_1", "action_id": "act_1", "member_id": ADA, "generation": 2}


@pytest.mark.parametrize("fact", [ConnectionLinked, ConnectionLost, ConnectionRevoked])
@pytest.mark.parametrize(
    ("other", "is_void"),
    [({}, True), ({"action_id": "act_2"}, False), ({"member_id": BOB}, False)],
    ids=["theirs", "of another action", "another member's"],
)
async def test_a_fact_about_a_connection_voids_what_its_member_signs_in_with(
    rig, fact, other, is_void
):
    held = await rig.hold()

    rig.watch.receives(fact(**{**OF_ADAS, **other}))
    await rig.hold()

    assert held.holds() is not is_void
    assert len(rig.auth.asked) == 1 + is_void


async def test_a_changed_credential_voids_those_of_all_members(rig):
    held = [await rig.hold(who) for who in (ADA, BOB)]

    rig.watch.receives(CredentialChanged(workspace_id="ws_1", action_id="act_1", revision=2))

    assert [each.holds() for each in held] == [False, False]


async def test_that_somebody_has_to_sign_in_is_never_kept(rig):
    for _ in range(2):
        with pytest.raises(SignInRequired) as required:
            await rig.hold("mem_new")
        assert required.value.sign_in == PAGE
        assert "api.example.com" in required.value.sentence
    rig.auth.generations["mem_new"] = 1

    assert await rig.token("mem_new") == "token 1 of mem_new"
    assert len(rig.auth.asked) == 3


async def test_whether_somebody_is_signed_in_is_asked_now_though_an_answer_is_on_its_way(rig):
    """What was answered before the sign-in may arrive after it."""
    rig.auth.late = arrives = asyncio.Event()
    before = asyncio.create_task(rig.hold("mem_new"))
    for _ in range(5):
        await asyncio.sleep(0)
    assert len(rig.auth.asked) == 1
    rig.auth.generations["mem_new"] = 1

    assert await rig.cache.is_signed_in(rig.wanted("mem_new"), rig.operation)
    assert not await rig.cache.is_signed_in(rig.wanted("mem_newer"), rig.operation)
    arrives.set()
    with pytest.raises(SignInRequired):
        await before


async def test_many_calls_whose_token_was_refused_ask_for_a_newer_one_once(rig):
    held = await rig.hold()

    renewed = await asyncio.gather(*(rig.renewed(held) for _ in range(20)))

    assert {token_of(each) for each in renewed} == {"token 2 of mem_ada"}
    assert [asked.rejected for asked in rig.auth.asked] == [None, 1]
    assert all(each.holds() for each in (held, *renewed)), "no call is made to decide anew"


async def test_later_calls_have_the_newest_token_without_a_question(rig):
    held = await rig.hold()
    second = await rig.renewed(held)
    await rig.renewed(second)
    asked = len(rig.auth.asked)

    assert await rig.token() == "token 3 of mem_ada"
    assert token_of(await rig.renewed(held)) == "token 3 of mem_ada"
    assert len(rig.auth.asked) == asked


@pytest.mark.parametrize("generation", [1, 0])
async def test_a_token_that_is_no_newer_is_not_kept_as_one(rig, generation):
    held = await rig.hold()
    rig.auth.refresh = lambda _: generation

    assert token_of(await rig.renewed(held)) == f"token {generation} of mem_ada"
    assert token_of(await rig.renewed(held)) == f"token {generation} of mem_ada"
    assert await rig.token() == "token 1 of mem_ada"
    assert [asked.rejected for asked in rig.auth.asked] == [None, 1, 1]


async def test_a_newer_token_is_void_once_its_connection_is(rig):
    second = await rig.renewed(await rig.hold())

    rig.watch.receives(ConnectionRevoked(**OF_ADAS))

    assert not second.holds()
