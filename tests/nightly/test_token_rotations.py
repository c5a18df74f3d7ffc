"""Tokens of members' accounts are renewed 2,000 times while replicas of auth are killed."""

import pytest

from services.auth.tests.awful_provider import AwfulProvider
from tests.chaos.auth_replicas import auth_replicas, rotations_under_kills

pytestmark = [pytest.mark.nightly, pytest.mark.timeout(2 * 3_600)]

REPLICAS = 4
ROTATIONS = 2_000


@pytest.mark.parametrize("takes_retries", [True, False], ids=["tolerant", "strict"])
async def test_renewals_outlive_kills(tmp_path, takes_retries):
    """A replica that dies between a provider's answer and the database has rotated a token that
    nobody knows. A provider that takes a retry loses nothing by it; with a strict one such a
    connection ends (RFC 9700, 4.14.2), and each is reported as lost.
    """
    provider = AwfulProvider(takes_the_last_one_again=takes_retries)
    async with auth_replicas(provider, tmp_path, REPLICAS) as auth:
        kills = await rotations_under_kills(auth, provider, ROTATIONS)

        lost = [*(await auth.states()).values()].count("lost")
        print(f"{len(provider.token_requests)} requests, {kills} kills, {lost} lost")
        assert lost == sum(each.ended for each in provider.sign_ins)
        assert not (takes_retries and lost)
