"""Who is calling: verification, scopes, expiry, and how a revoked token dies."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from contracts.facts import TokenRevoked
from contracts.requests import AuthenticatedCaller, Role
from kit.caller import MAX_TOKEN_CHARACTERS, SCOPES_OF_ROLE, Scope, ScopeMissing, Verifier
from kit.caller import digest_of as digest
from kit.errors import BusUnavailable, Unauthenticated
from shared.kit.tests.kit_fakes import Watch


class Identity:
    """Knows one token, and counts how often it is asked."""

    def __init__(self, token="ours", role=Role.USER, expires_at=None):
        self.token, self.role, self.expires_at = token, role, expires_at
        self.asked = 0

    async def __call__(self, token_digest):
        self.asked += 1
        if token_digest != digest(self.token):
            raise Unauthenticated
        return AuthenticatedCaller(
            workspace_id="ws_1",
            member_id="mem_1",
            token_id="tok_1",
            role=self.role,
            scopes=frozenset(SCOPES_OF_ROLE[self.role]),
            expires_at=self.expires_at,
        )


def revoked(token):
    return TokenRevoked(workspace_id="ws_1", token_id="tok_1", token_digest=digest(token))


async def test_a_live_token_is_verified_once():
    identity = Identity()
    verifier = Verifier(Watch(), identity)

    callers = [await verifier.verify("Bearer ours") for _ in range(3)]

    assert {caller.workspace_id for caller in callers} == {"ws_1"}
    assert identity.asked == 1


@pytest.mark.parametrize("header", ["bearer ours", "BEARER ours", "Bearer  ours "])
async def test_the_scheme_is_read_as_rfc_9110_says(header):
    assert (await Verifier(Watch(), Identity()).verify(header)).member_id == "mem_1"


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "Bearer",
        "Bearer ",
        "ours",
        "Basic ours",
        "Bearer theirs",
        "Bearer ours, Bearer ours",
        "Bearer " + "a" * (MAX_TOKEN_CHARACTERS + 1),
        "Bearer \xff\x00",
    ],
    ids=repr,
)
async def test_anything_else_is_no_caller(header):
    with pytest.raises(Unauthenticated):
        await Verifier(Watch(), Identity()).verify(header)


async def test_an_overlong_token_is_not_even_asked_about():
    identity = Identity()

    with pytest.raises(Unauthenticated):
        await Verifier(Watch(), identity).verify("Bearer " + "a" * 1_000)

    assert identity.asked == 0


async def test_a_token_expires_also_after_it_was_verified():
    identity = Identity(expires_at=datetime.now(UTC) - timedelta(seconds=1))

    with pytest.raises(Unauthenticated, match="expired"):
        await Verifier(Watch(), identity).verify("Bearer ours")


async def test_a_revoked_token_is_asked_about_again():
    watch, identity = Watch(), Identity()
    verifier = Verifier(watch, identity)
    await verifier.verify("Bearer ours")
    identity.token = "another"

    watch.hears(revoked("ours"))

    with pytest.raises(Unauthenticated):
        await verifier.verify("Bearer ours")


async def test_another_tokens_end_costs_nothing():
    watch, identity = Watch(), Identity()
    verifier = Verifier(watch, identity)
    await verifier.verify("Bearer ours")

    watch.hears(revoked("theirs"))
    await verifier.verify("Bearer ours")

    assert identity.asked == 1


async def test_a_replica_that_might_have_missed_a_revocation_trusts_no_token():
    watch = Watch()
    verifier = Verifier(watch, Identity())
    await verifier.verify("Bearer ours")
    watch.in_sync = False

    with pytest.raises(BusUnavailable):
        await verifier.verify("Bearer ours")


async def test_a_caller_may_do_what_his_scopes_say_and_nothing_else():
    caller = await Verifier(Watch(), Identity(role=Role.USER)).verify("Bearer ours")

    caller.demand(Scope.INVOCATIONS_CREATE)
    with pytest.raises(ScopeMissing) as refused:
        caller.demand(Scope.DOMAINS_WRITE)
    assert "domains:write" in refused.value.sentence


def test_each_role_may_do_all_that_the_one_below_may():
    ladder = [SCOPES_OF_ROLE[role] for role in (Role.USER, Role.BUILDER, Role.ADMIN, Role.OWNER)]

    assert all(below <= above for below, above in pairwise(ladder))
    assert ladder[0] < ladder[1] < ladder[2]


@pytest.mark.parametrize("scope", [Scope.DOMAINS_WRITE, Scope.TOKENS_WRITE, Scope.WORKSPACE_WRITE])
def test_builders_do_not_rule(scope):
    assert scope not in SCOPES_OF_ROLE[Role.BUILDER]
