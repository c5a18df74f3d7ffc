"""What every `Connections` with its `Revocations` promises; run against the fakes and MongoDB."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from auth_service.domain.connection import (
    NOTED_EVERY,
    Account,
    Connection,
    ConnectionKind,
    ConnectionState,
    Whose,
    WhyEnded,
)
from auth_service.domain.errors import ConnectionsFull
from auth_service.domain.oauth.scopes import GrantedScopes
from auth_service.domain.pending_revocation import PendingRevocation
from auth_service.domain.renewal import Renewal, WhyLost
from contracts.facts import ConnectionLinked, ConnectionLost, ConnectionRevoked
from kit.documents import Overtaken
from kit.key_ring import Sealed

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
SEALED, ANEW = Sealed("k1", "v1|k1|one"), Sealed("k1", "v1|k1|two")
MOST = 3
"""Of a member, in the stores of this suite."""
ACCOUNT = Account(
    "digest",
    ("https://api.example.com",),
    ConnectionKind.OAUTH,
    ("read", "write"),
    GrantedScopes(("read", "more"), ("write",), ("more",)),
    "ada@example.com",
)
FIRST = Connection(
    "con_1", "ws_1", "act_1", "mem_1", Renewal(NOW, NOW + HOUR), SEALED, ACCOUNT, NOW
)
PENDING = PendingRevocation("rev_1", "ws_1", "act_1", "con_1", Sealed("k1", "r"), NOW, NOW)


def fact_of(connection, kind=ConnectionLinked):
    return kind(
        workspace_id=connection.workspace_id,
        action_id=connection.action_id,
        member_id=connection.member_id,
        generation=connection.generation,
    )


def said(fact):
    return fact.action_id, fact.member_id, fact.generation


async def linked(store, first=FIRST):
    await store.link(None, first, fact_of(first))
    return await store.again(first)


class ConnectionStoreSuite:
    """Subclasses supply the fixtures `store`, of `MOST` a member, and `facts`."""

    async def test_where_there_is_none_none_is_found(self, store):
        assert await store.find(FIRST.whose) is None
        assert await store.read("ws_1", "con_1") is None

    async def test_what_is_linked_is_found_again_with_its_fact(self, store, facts):
        await linked(store)

        found = await store.find(FIRST.whose)
        assert (found, found.version) == (FIRST, 1)
        assert await store.read("ws_1", "con_1") == FIRST
        assert [said(each) for each in facts.of(ConnectionLinked)] == [("act_1", "mem_1", 1)]

    async def test_another_workspace_finds_nothing(self, store):
        await linked(store)

        assert await store.find(Whose("ws_2", "act_1", "mem_1")) is None
        assert await store.read("ws_2", "con_1") is None
        assert await store.of_member("ws_2", "mem_1", 10) == []

    async def test_of_many_sign_ins_at_once_one_is_stored(self, store):
        async def link(number):
            first = replace(FIRST, id=f"con_{number}")
            try:
                await store.link(None, first, fact_of(first))
            except Overtaken:
                return False
            return True

        assert sum(await asyncio.gather(*(link(n) for n in range(10)))) == 1

    async def test_of_two_changes_one_wins(self, store):
        found = await linked(store)
        leased = found.with_renewal(found.renewal.leased("hol_1", 1, NOW + HOUR))
        await store.replace(found, leased)

        for change in (
            store.replace(found, leased),
            store.link(found, found.linked_anew(ANEW, Renewal(NOW), ACCOUNT), fact_of(found)),
            store.end(found, found.lost(WhyLost.REFUSED), fact_of(found, ConnectionLost)),
            store.delete(found, fact_of(found, ConnectionRevoked)),
        ):
            with pytest.raises(Overtaken):
                await change
        assert await store.again(found) == leased

    async def test_s07_what_ended_keeps_no_tokens_and_why(self, store, facts):
        found = await linked(store)

        ended = found.lost(WhyLost.REFUSED)
        await store.end(found, ended, fact_of(found, ConnectionLost))

        again = await store.again(found)
        assert (again, again.sealed, again.why) == (ended, None, WhyLost.REFUSED)
        assert [said(each) for each in facts.of(ConnectionLost)] == [("act_1", "mem_1", 1)]
        revoked = again.revoked(WhyEnded.BY_ADMIN)
        await store.end(again, revoked, fact_of(again, ConnectionRevoked))
        assert (await store.again(again)).why is WhyEnded.BY_ADMIN

    async def test_s07_it_can_be_linked_anew_with_a_later_generation(self, store):
        found = await linked(store)
        await store.replace(found, found.sign_in_again(WhyEnded.SETTINGS_CHANGED))
        ended = await store.find(FIRST.whose)

        await store.link(
            ended, ended.linked_anew(ANEW, Renewal(NOW + HOUR), ACCOUNT), fact_of(ended)
        )

        again = await store.find(FIRST.whose)
        assert (again.id, again.generation, again.sealed) == ("con_1", 2, ANEW)
        assert again.is_linked

    async def test_one_that_was_deleted_reads_as_revoked_and_can_be_linked(self, store, facts):
        found = await linked(store)

        await store.delete(found, fact_of(found, ConnectionRevoked))

        again = await store.again(found)
        assert (again.state, again.sealed, again.version) == (ConnectionState.REVOKED, None, 0)
        assert await store.find(FIRST.whose) is None
        assert len(facts.of(ConnectionRevoked)) == 1
        anew = replace(FIRST, id="con_2")
        assert await linked(store, anew) == anew

    async def test_a_member_has_no_more_than_so_many(self, store):
        for number in range(MOST):
            await linked(store, replace(FIRST, id=f"con_{number}", action_id=f"act_{number}"))

        with pytest.raises(ConnectionsFull) as full:
            await linked(store, replace(FIRST, id="con_9", action_id="act_9"))

        assert full.value.code == "auth.connections_full"
        await linked(store, replace(FIRST, id="con_8", action_id="act_9", member_id="mem_2"))

    async def test_lists_are_of_a_member_or_an_action_newest_first_in_pages(self, store):
        for number in (1, 2, 3):
            await linked(store, replace(FIRST, id=f"con_{number}", action_id=f"act_{number}"))
        await linked(store, replace(FIRST, id="con_4", member_id="mem_2"))

        first = await store.of_member("ws_1", "mem_1", 2)
        assert [each.id for each in first] == ["con_3", "con_2", "con_1"]
        assert [each.id for each in await store.of_member("ws_1", "mem_1", 2, "con_2")] == ["con_1"]
        assert [each.id for each in await store.of_action("ws_1", "act_1", 9)] == ["con_4", "con_1"]

    async def test_they_are_counted_by_their_state(self, store):
        found = await linked(store)
        await linked(store, replace(FIRST, id="con_4", member_id="mem_2"))
        await store.replace(found, found.sign_in_again(WhyEnded.SETTINGS_CHANGED))

        counts = [await store.count("ws_1", "act_1", each) for each in ConnectionState]

        assert counts == [1, 1, 0, 0]

    async def test_a_use_is_noted_once_a_minute_and_overtakes_nobody(self, store):
        found = await linked(store)

        await store.used(found, NOW)
        noted = await store.again(found)
        await store.used(noted, NOW + NOTED_EVERY / 2)
        still = await store.again(found)
        await store.used(still, NOW + NOTED_EVERY)

        assert noted.last_used_at == still.last_used_at == NOW
        assert (await store.again(found)).last_used_at == NOW + NOTED_EVERY
        await store.replace(found, found.sign_in_again(WhyEnded.SETTINGS_CHANGED))

    async def test_h96_what_is_to_be_revoked_is_there_from_the_moment_it_ended(
        self, store, revocations
    ):
        found = await linked(store)

        ended = found.revoked(WhyEnded.BY_MEMBER)
        await store.end(found, ended, fact_of(found, ConnectionRevoked), PENDING)

        assert await revocations.due(NOW - HOUR, 10) == []
        assert await revocations.due(NOW, 10) == [PENDING]

    async def test_h96_a_later_try_is_due_later_and_one_that_is_done_never(
        self, store, revocations
    ):
        found = await linked(store)
        await store.delete(found, fact_of(found, ConnectionRevoked), PENDING)

        later = PENDING.again(NOW + HOUR)
        await revocations.later(PENDING, later)
        await revocations.later(PENDING, PENDING.again(NOW))

        assert await revocations.due(NOW, 10) == []
        assert await revocations.due(NOW + HOUR, 10) == [later]
        await revocations.done(later)
        assert await revocations.due(NOW + HOUR, 10) == []
