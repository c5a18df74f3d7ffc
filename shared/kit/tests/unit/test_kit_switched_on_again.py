"""A member is switched off, a token of theirs is tried, and they are switched on again."""

import pytest

from contracts.facts import MemberChanged
from contracts.principal import SCOPES_OF_ROLE
from contracts.requests import AuthenticatedCaller, Role
from kit.caller import Verifier
from kit.errors import Unauthenticated
from kit.testing import bearer
from shared.kit.tests.kit_fakes import Watch

OURS = bearer("ours")["authorization"]


class Identity:
    """Knows one token, whose member is switched on or off; counts how often it is asked."""

    def __init__(self, *, active):
        self.active, self.asked = active, 0

    async def __call__(self, asked):
        self.asked += 1
        if not self.active:
            raise Unauthenticated
        return AuthenticatedCaller(
            workspace_id="ws_1",
            member_id="mem_1",
            token_id="tok_1",
            role=Role.USER,
            scopes=SCOPES_OF_ROLE[Role.USER],
        )


def switched(*, active):
    role = Role.USER if active else None
    return MemberChanged(
        workspace_id="ws_1", member_id="mem_1", role=role, revision=2, active=active
    )


async def refused(verifier):
    with pytest.raises(Unauthenticated):
        await verifier.verify(OURS)


@pytest.mark.parametrize("was_known", [True, False])
async def test_n11_a_token_that_was_tried_meanwhile_is_valid_again_at_once(was_known):
    watch, identity = Watch(), Identity(active=was_known)
    verifier = Verifier(watch, identity)
    if was_known:
        await verifier.verify(OURS)
        identity.active = False
        watch.receives(switched(active=False))
    for _ in range(2):
        await refused(verifier)

    identity.active = True
    watch.receives(switched(active=True))

    assert (await verifier.verify(OURS)).member_id == "mem_1"


async def test_n11_a_refusal_that_was_under_way_meanwhile_is_not_remembered():
    watch, identity = Watch(), Identity(active=False)

    async def answers_late(asked):
        if identity.asked == 0:
            watch.receives(switched(active=True))
        return await identity(asked)

    verifier = Verifier(watch, answers_late)
    await refused(verifier)
    identity.active = True

    assert (await verifier.verify(OURS)).member_id == "mem_1"


async def test_n11_a_member_who_is_switched_off_lets_nobody_be_asked_about_again():
    watch, identity = Watch(), Identity(active=False)
    verifier = Verifier(watch, identity)
    await refused(verifier)

    watch.receives(switched(active=False))
    await refused(verifier)

    assert identity.asked == 1
