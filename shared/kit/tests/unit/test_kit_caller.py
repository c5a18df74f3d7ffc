"""Who is calling: verification, scopes, expiry, and how a revoked token dies."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from contracts.facts import (
    MemberChanged,
    TokenRevoked,
    WorkspaceClosed,
    WorkspaceRemoved,
    WorkspaceRestored,
)
from contracts.principal import SCOPES_OF_ROLE, Via
from contracts.requests import AuthenticatedCaller, Role
from kit.cache import Limits
from kit.caller import MAX_UNKNOWN, Verifier, digest_of
from kit.errors import BusUnavailable, Unauthenticated
from kit.testing import bearer, token_of
from kit.token_lookups import MAX_UNPROVEN, TooManyLookUps
from shared.kit.tests.kit_fakes import Watch


class Identity:
    """Knows one token, and counts how often it is asked."""

    def __init__(self, token="ours", role=Role.USER, expires_at=None):
        self.token, self.role, self.expires_at = token, role, expires_at
        self.asked = 0
        self.away = False

    async def __call__(self, asked):
        self.asked += 1
        if self.away:
            raise BusUnavailable
        if asked.token_digest != digest(self.token):
            raise Unauthenticated
        return AuthenticatedCaller(
            workspace_id="ws_1",
            member_id="mem_1",
            token_id="tok_1",
            role=self.role,
            scopes=SCOPES_OF_ROLE[self.role],
            expires_at=self.expires_at,
            member_role=Role.ADMIN,
            rests_on=("mem_maker",),
        )


def digest(name):
    return digest_of(token_of(name))


def header(name):
    return bearer(name)["authorization"]


def revoked(token):
    return TokenRevoked(workspace_id="ws_1", token_id="tok_1", token_digest=digest(token))


async def test_a_live_token_is_verified_once():
    identity = Identity()
    verifier = Verifier(Watch(), identity)

    callers = [await verifier.verify(header("ours")) for _ in range(3)]

    assert {caller.workspace_id for caller in callers} == {"ws_1"}
    assert identity.asked == 1


@pytest.mark.parametrize("written", ["bearer {}", "BEARER {}", "Bearer  {} "])
async def test_the_scheme_is_read_as_rfc_9110_says(written):
    verifier = Verifier(Watch(), Identity())

    assert (await verifier.verify(written.format(token_of("ours")))).member_id == "mem_1"


OURS = token_of("ours")


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "Bearer",
        "Bearer ",
        OURS,
        f"Basic {OURS}",
        "Bearer ours",
        f"Bearer {OURS}, Bearer {OURS}",
        f"Bearer {OURS[:-1]}",
        f"Bearer {OURS}0",
        f"Bearer {OURS[:-1]}=",
        f"Bearer {OURS[:-1]}\u0661",
        f"Bearer oaT_{OURS[4:]}",
        "Bearer " + "a" * 100_000,
        "Bearer \xff\x00",
    ],
    ids=lambda header: repr(header)[:60],
)
async def test_b17_what_is_no_token_by_its_looks_is_refused_without_a_question(header):
    identity = Identity()

    with pytest.raises(Unauthenticated):
        await Verifier(Watch(), identity).verify(header)

    assert identity.asked == 0


async def test_b17_a_token_that_is_not_valid_is_asked_about_once_in_a_while():
    identity = Identity()
    verifier = Verifier(Watch(), identity)

    for _ in range(20):
        with pytest.raises(Unauthenticated):
            await verifier.verify(header("theirs"))

    assert identity.asked == 1


async def test_b17_a_flood_of_unknown_tokens_takes_bounded_memory_and_pushes_no_caller_out():
    identity = Identity()
    verifier = Verifier(Watch(), identity, Limits(1, 1_000_000, 60))
    await verifier.verify(header("ours"))

    for number in range(MAX_UNKNOWN + 100):
        with pytest.raises(Unauthenticated):
            await verifier.verify(header(f"theirs{number}"))
    asked = identity.asked
    await verifier.verify(header("ours"))

    assert identity.asked == asked
    assert len(verifier._unknown) <= MAX_UNKNOWN  # fewer on a slow machine: each is kept for 5 s


class TestB17AFloodOfMadeUpTokens:
    """As many look-ups as may be are under way and get no answer."""

    @pytest.fixture
    def watch(self):
        return Watch()

    @pytest.fixture
    async def identity(self):
        return Identity()

    @pytest.fixture
    async def verifier(self, watch, identity):
        verifier = Verifier(watch, identity)
        await verifier.verify(header("ours"))
        answered, hanging = asyncio.Event(), []
        never = identity.__call__

        async def authenticate(asked):
            if asked.token_digest not in (digest("ours"), digest("new")):
                hanging.append(asked.token_digest)
                await answered.wait()
            return await never(asked)

        verifier._authenticate = authenticate
        flood = [
            asyncio.create_task(verifier.verify(header(f"theirs{number}")))
            for number in range(MAX_UNPROVEN)
        ]
        while len(hanging) < MAX_UNPROVEN:  # noqa: ASYNC110 - they begin one by one
            await asyncio.sleep(0)

        async def end_of_flood():
            answered.set()
            await asyncio.gather(*flood, return_exceptions=True)

        verifier.end_of_flood = end_of_flood
        yield verifier
        await end_of_flood()

    async def test_b17_one_more_is_refused_without_a_question(self, verifier, identity):
        asked = identity.asked

        with pytest.raises(TooManyLookUps) as refused:
            await verifier.verify(header("new"))

        assert refused.value.retry_after_seconds
        assert identity.asked == asked

    async def test_b17_a_verified_token_is_served(self, verifier):
        assert (await verifier.verify(header("ours"))).member_id == "mem_1"

    async def test_b17_a_token_that_was_valid_before_is_looked_up(self, verifier, watch, identity):
        watch.loses_facts()  # nothing is cached any more

        assert (await verifier.verify(header("ours"))).member_id == "mem_1"
        assert identity.asked == 2

    async def test_b17_a_revoked_token_counts_as_unknown(self, verifier, watch):
        watch.receives(revoked("ours"))

        with pytest.raises(TooManyLookUps):
            await verifier.verify(header("ours"))

    async def test_b17_a_token_that_was_found_to_be_invalid_counts_as_unknown(
        self, verifier, watch, identity
    ):
        watch.loses_facts()
        identity.token = "new"
        with pytest.raises(Unauthenticated):
            await verifier.verify(header("ours"))
        verifier._unknown.clear()  # as after UNKNOWN_FOR_SECONDS

        with pytest.raises(TooManyLookUps):
            await verifier.verify(header("ours"))

    async def test_b17_a_new_token_works_once_others_are_answered(self, verifier, identity):
        identity.token = "new"
        await verifier.end_of_flood()

        assert (await verifier.verify(header("new"))).member_id == "mem_1"


async def test_a_failure_to_ask_says_nothing_about_the_token():
    identity = Identity()
    identity.away = True
    verifier = Verifier(Watch(), identity)
    with pytest.raises(BusUnavailable):
        await verifier.verify(header("ours"))

    identity.away = False

    assert (await verifier.verify(header("ours"))).member_id == "mem_1"


async def test_f39_a_token_expires_also_after_it_was_verified():
    identity = Identity(expires_at=datetime.now(UTC) - timedelta(seconds=60))

    with pytest.raises(Unauthenticated, match="expired"):
        await Verifier(Watch(), identity).verify(header("ours"))


@pytest.mark.parametrize("seconds", [30, 58])
async def test_f39_a_service_whose_clock_is_a_minute_ahead_expires_no_token_early(seconds):
    """Identity, whose clock is right, says that it is valid."""
    identity = Identity(expires_at=datetime.now(UTC) - timedelta(seconds=seconds))

    assert (await Verifier(Watch(), identity).verify(header("ours"))).member_id == "mem_1"


async def test_a_revoked_token_is_asked_about_again():
    watch, identity = Watch(), Identity()
    verifier = Verifier(watch, identity)
    await verifier.verify(header("ours"))
    identity.token = "another"

    watch.receives(revoked("ours"))

    with pytest.raises(Unauthenticated):
        await verifier.verify(header("ours"))


async def test_another_tokens_end_costs_nothing():
    watch, identity = Watch(), Identity()
    verifier = Verifier(watch, identity)
    await verifier.verify(header("ours"))

    watch.receives(revoked("theirs"))
    await verifier.verify(header("ours"))

    assert identity.asked == 1


async def test_a_replica_that_might_have_missed_a_revocation_trusts_no_token():
    watch = Watch()
    verifier = Verifier(watch, Identity())
    await verifier.verify(header("ours"))
    watch.in_sync = False

    with pytest.raises(BusUnavailable):
        await verifier.verify(header("ours"))


def changed(member_id, role=Role.BUILDER):
    return MemberChanged(workspace_id="ws_1", member_id=member_id, role=role, revision=2)


UNTIL = datetime(2026, 12, 26, tzinfo=UTC)
VOIDING = [
    pytest.param(changed("mem_1"), id="another role"),
    pytest.param(changed("mem_1", None), id="removed"),
    pytest.param(changed("mem_maker", None), id="its maker switched off"),
    pytest.param(WorkspaceClosed(workspace_id="ws_1", closing_until=UNTIL), id="closed"),
    pytest.param(WorkspaceRestored(workspace_id="ws_1"), id="restored"),
    pytest.param(WorkspaceRemoved(workspace_id="ws_1"), id="workspace removed"),
]


@pytest.mark.parametrize("fact", VOIDING)
async def test_a_member_or_workspace_that_changed_is_asked_about_again(fact):
    watch, identity = Watch(), Identity()
    verifier = Verifier(watch, identity)
    held = await verifier.hold(header("ours"))
    identity.role = Role.BUILDER

    watch.receives(fact)

    assert held.outdated
    assert (await verifier.verify(header("ours"))).role is Role.BUILDER


@pytest.mark.parametrize("fact", VOIDING)
async def test_a_change_while_identity_answers_is_asked_about_again(fact):
    """The tags of a token that is being looked up are not known yet."""
    watch, identity = Watch(), Identity()

    async def slowly(asked):
        answer = await identity(asked)
        watch.receives(fact)
        return answer

    verifier = Verifier(watch, slowly)

    held = await verifier.hold(header("ours"))
    await verifier.verify(header("ours"))

    assert held.outdated
    assert identity.asked == 2


@pytest.mark.parametrize(
    "fact", [changed("mem_2"), WorkspaceClosed(workspace_id="ws_2", closing_until=UNTIL)]
)
async def test_another_members_change_costs_nothing(fact):
    watch, identity = Watch(), Identity()
    verifier = Verifier(watch, identity)
    await verifier.verify(header("ours"))

    watch.receives(fact)
    await verifier.verify(header("ours"))

    assert identity.asked == 1


async def test_a_principal_says_who_came_and_how():
    principal = await Verifier(Watch(), Identity()).verify(header("ours"))

    assert (principal.workspace_id, principal.member_id) == ("ws_1", "mem_1")
    assert (principal.via, principal.credential_id) == (Via.TOKEN, "tok_1")
    assert (principal.role, principal.member_role) == (Role.USER, Role.ADMIN)


def test_an_identity_of_an_earlier_release_means_tokens():
    answer = {
        "workspace_id": "ws_1",
        "member_id": "mem_1",
        "token_id": "tok_1",
        "role": "user",
        "scopes": ["gpts:read"],
    }

    read = AuthenticatedCaller.model_validate(answer)

    assert (read.via, read.closing_until, read.member_role) == (Via.TOKEN, None, None)
