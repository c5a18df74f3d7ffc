"""What every `ServiceTokens` promises; run against the fake and against MongoDB."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from auth_service.domain.renewal import Failure, Lease
from auth_service.domain.service_token import ServiceToken
from kit.documents import Overtaken
from kit.key_ring import Sealed

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
FIRST = ServiceToken("ws_1", "act_1", 3)


def leased(token, fence=1):
    return token.with_renewal(token.renewal.leased("hol_1", fence, NOW))


def renewed(token, envelope="v1|k1|one"):
    renewal = token.renewal.renewed(
        token.renewal.fence, NOW, NOW + timedelta(hours=1), renewable=True
    )
    return token.with_renewal(renewal, Sealed("k1", envelope))


async def stored(store, first=FIRST):
    """With tokens."""
    await store.replace(first, leased(first))
    held = await store.again(first)
    await store.replace(held, renewed(held))
    return await store.again(held)


class ServiceTokenStoreSuite:
    """Subclasses supply the fixture `store`."""

    async def test_where_there_is_none_the_first_one_is_found_without_tokens(self, store):
        found = await store.find("ws_1", "act_1", 3)

        assert (found, found.version, found.sealed) == (FIRST, 0, None)

    async def test_a_lease_and_then_tokens_are_found_again(self, store):
        await store.replace(FIRST, leased(FIRST))
        held = await store.find("ws_1", "act_1", 3)
        assert held.renewal.lease == Lease("hol_1", 1, leased(FIRST).renewal.lease.until)

        await store.replace(held, renewed(held))

        found = await store.find("ws_1", "act_1", 3)
        assert (found, found.renewal.generation) == (renewed(held), 1)

    async def test_what_a_provider_said_is_found_again(self, store):
        found = await stored(store)
        said = Failure("auth.oauth_token_refused", "No.", "Ask.")
        failed = replace(
            found.renewal, last_failure=said, failures=3, first_failed_at=NOW, not_before=NOW
        )

        await store.replace(found, found.with_renewal(failed))

        assert (await store.again(found)).renewal == failed

    async def test_of_many_leases_one_is_stored(self, store):
        async def lease():
            try:
                await store.replace(FIRST, leased(FIRST))
            except Overtaken:
                return False
            return True

        assert sum(await asyncio.gather(*(lease() for _ in range(20)))) == 1

    async def test_of_two_changes_one_wins(self, store):
        found = await stored(store)
        await store.replace(found, leased(found, 2))

        with pytest.raises(Overtaken):
            await store.replace(found, leased(found, 2))

    async def test_another_workspace_finds_nothing(self, store):
        await stored(store)

        assert (await store.find("ws_2", "act_1", 3)).version == 0

    async def test_those_of_records_that_are_gone_are_deleted(self, store):
        for revision in (3, 4, 5):
            await stored(store, ServiceToken("ws_1", "act_1", revision))
        await stored(store, ServiceToken("ws_1", "act_2", 3))

        await store.keep_only("ws_1", "act_1", [4])

        versions = [(await store.find("ws_1", "act_1", n)).version for n in (3, 4, 5)]
        assert [version > 0 for version in versions] == [False, True, False]
        assert (await store.find("ws_1", "act_2", 3)).version

    async def test_who_renews_what_was_deleted_stores_nothing(self, store):
        found = await stored(store)
        await store.keep_only("ws_1", "act_1", [])

        with pytest.raises(Overtaken):
            await store.replace(found, leased(found, 2))
        assert (await store.again(found)).version == 0

    async def test_what_was_deleted_can_begin_anew(self, store):
        await stored(store)
        await store.keep_only("ws_1", "act_1", [])

        assert (await stored(store)).renewal.generation == 1
