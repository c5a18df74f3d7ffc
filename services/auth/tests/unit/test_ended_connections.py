"""How members' connections end, and are revoked at providers."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from auth_rig import ACT, MEM, WHO, WS, principal
from member_rig import ADMIN, HOUR, PAGE, MemberRig
from oauth_clients import answered

from auth_service.domain.connection import ConnectionState, WhyEnded
from auth_service.domain.oauth.errors import OutcomeUnknown, ProviderUnavailable
from auth_service.domain.pending_revocation import ENDS_WITHIN
from auth_service.usecases.end_of_member import AT_ONCE
from contracts.facts import ActionRemoved, ConnectionRevoked
from kit.documents import Overtaken
from kit.errors import NothingHere

DONE = answered(b"", 200)


async def signed_in(**changes):
    rig = MemberRig()
    await rig.enter_oauth(**changes)
    await rig.linked()
    return rig


async def test_s07_a_disconnected_account_is_gone_at_once_and_its_provider_told():
    rig = await signed_in()

    await rig.end(WHO, (await rig.kept()).id)

    kept = await rig.kept()
    assert (kept.state, kept.why, kept.sealed) == (
        ConnectionState.REVOKED,
        WhyEnded.BY_MEMBER,
        None,
    )
    assert await rig.token() == PAGE
    [fact] = rig.connections.facts.of(ConnectionRevoked)
    assert (fact.action_id, fact.member_id, fact.generation) == (ACT, MEM, 1)
    assert rig.endpoint.requests == []
    rig.endpoint.answers.append(DONE)
    assert await rig.revoke() == 1
    [request] = rig.endpoint.requests
    assert request.url == "https://id.example.com/revoke"
    assert rig.endpoint.forms[0] == {
        "token": "refresh-1",
        "token_type_hint": "refresh_token",
        "client_id": "client-1",
        "client_secret": "canary-client-secret",
    }
    assert await rig.revoke() == 0


async def test_ending_it_again_says_nothing_new():
    rig = await signed_in()
    for _ in range(2):
        await rig.end(WHO, (await rig.kept()).id)

    assert len(rig.connections.facts.of(ConnectionRevoked)) == 1
    assert len(rig.revocations.stored) == 1


async def test_nobody_ends_what_is_anothers_but_an_admin_does():
    rig = await signed_in()
    id_ = (await rig.kept()).id

    for who in (principal("mem_2"), replace(ADMIN, workspace_id="ws_theirs")):
        with pytest.raises(NothingHere):
            await rig.end(who, id_)
    await rig.end(ADMIN, id_)

    assert (await rig.kept()).why is WhyEnded.BY_ADMIN


async def test_a_provider_without_a_revocation_url_is_told_nothing():
    rig = await signed_in(revocation_url="")

    await rig.end(WHO, (await rig.kept()).id)

    assert (await rig.kept()).state is ConnectionState.REVOKED
    assert rig.revocations.stored == {}


async def test_h96_tokens_that_cannot_be_opened_are_destroyed_all_the_same():
    rig = await signed_in()
    kept = await rig.kept()
    other = replace(kept.sealed, key_id="gone")
    rig.connections.stored[kept.id] = replace(kept, sealed=other)

    await rig.end(WHO, kept.id)

    assert (await rig.kept()).sealed is None
    assert rig.revocations.stored == {}


@pytest.mark.parametrize(
    "failure",
    [answered(b"", 503), OutcomeUnknown("it hangs"), ProviderUnavailable("no connection")],
    ids=["503", "hangs", "unreachable"],
)
async def test_h96_a_provider_that_fails_is_asked_again_a_few_times_and_no_more(failure):
    rig = await signed_in()
    await rig.end(WHO, (await rig.kept()).id)

    rig.endpoint.answers += [failure] * 50
    for _ in range(50):
        await rig.revoke()
        rig.clock.advance(timedelta(minutes=30))

    assert len(rig.endpoint.requests) == 6
    assert rig.revocations.stored == {}


async def test_h96_a_provider_that_never_answers_keeps_no_others_waiting():
    """In the same round, and in the rounds after it."""
    rig = await signed_in()
    await rig.linked("mem_2", token="second", refresh="refresh-2")
    for each in (await rig.kept(), await rig.kept("mem_2")):
        await rig.end(ADMIN, each.id)
    rig.endpoint.answers += [asyncio.Event().wait, DONE]

    async with asyncio.timeout(30):
        await replace(rig.revoke, longest_seconds=0.01)()

    [waiting] = rig.revocations.stored.values()
    assert (waiting.attempts, len(rig.endpoint.requests)) == (1, 2)


async def test_h96_between_the_tries_it_waits():
    rig = await signed_in()
    await rig.end(WHO, (await rig.kept()).id)
    rig.endpoint.answers.append(answered(b"", 503))

    due = [await rig.revoke() for _ in range(3)]

    assert due == [1, 0, 0]


async def test_h96_a_provider_that_says_no_is_not_asked_again():
    rig = await signed_in()
    await rig.end(WHO, (await rig.kept()).id)
    rig.endpoint.answers.append(answered(b"", 404))

    await rig.revoke()

    assert rig.revocations.stored == {}


async def test_what_was_prepared_for_an_end_that_was_never_stored_revokes_nothing():
    rig = await signed_in()
    kept, credentials = await rig.kept(), await rig.store.find(WS, ACT)
    pending = await rig.prepare(credentials, kept)
    rig.revocations.stored[pending.id] = pending

    assert await rig.revoke() == 1
    assert rig.revocations.stored, "its end may be under way"
    rig.clock.advance(ENDS_WITHIN)
    await rig.revoke()

    assert (rig.revocations.stored, rig.endpoint.requests) == ({}, [])
    assert await rig.token() == "first"


async def test_an_end_that_others_overtake_is_made_again():
    rig = await signed_in()
    seen = await rig.kept()
    await rig.connections.used(seen, rig.clock())
    renewed = seen.with_renewal(seen.renewal.leased("hol_1", 1, rig.clock() + HOUR))
    await rig.connections.replace(seen, renewed)

    with pytest.raises(Overtaken):
        await rig.connections.replace(seen, renewed)
    await rig.end.end(seen, WhyEnded.BY_MEMBER)

    assert (await rig.kept()).state is ConnectionState.REVOKED


@pytest.mark.parametrize("minutes", [55, 120], ids=["due", "over"])
async def test_h91_a_request_under_way_when_it_ends_brings_no_token_back(minutes):
    rig = await signed_in()
    rig.clock.advance(timedelta(minutes=minutes))

    async def meanwhile():
        await rig.end(WHO, (await rig.kept()).id)
        return answered({"access_token": "late", "refresh_token": "later"})

    rig.endpoint.answers.append(meanwhile)

    assert await rig.token() == PAGE
    kept = await rig.kept()
    assert (kept.state, kept.sealed) == (ConnectionState.REVOKED, None)


async def test_all_of_a_member_who_left_are_ended_and_nobody_elses():
    rig = await signed_in()
    first = await rig.kept()
    for number in range(AT_ONCE + 1):
        more = replace(first, id=f"con_{number:04}", action_id=f"act_{number}", sealed=None)
        rig.connections.stored[more.id] = more
    await rig.linked("mem_2", token="second")

    for _ in range(2):
        await rig.end_of_member(WS, MEM)

    mine = [each for each in rig.connections.stored.values() if each.member_id == MEM]
    assert {(each.state, each.why) for each in mine} == {
        (ConnectionState.REVOKED, WhyEnded.MEMBER_LEFT)
    }
    assert len(rig.connections.facts.of(ConnectionRevoked)) == len(mine) == AT_ONCE + 2
    assert len(rig.revocations.stored) == 1
    assert await rig.token("mem_2") == "second"


async def test_with_an_action_its_connections_go_and_providers_are_told():
    rig = await signed_in()
    await rig.linked("mem_2", token="second", refresh="refresh-2")
    removed = ActionRemoved(workspace_id=WS, gpt_id="gpt_1", action_id=ACT)

    for _ in range(2):
        await rig.destroy(removed)

    assert rig.connections.stored == {}
    assert len(rig.connections.facts.of(ConnectionRevoked)) == 2
    rig.endpoint.answers += [DONE, DONE]
    assert await rig.revoke() == 2
    assert {form["token"] for form in rig.endpoint.forms} == {"refresh-1", "refresh-2"}


@pytest.mark.parametrize(
    ("changes", "state"),
    [
        ({"scope": "read write"}, ConnectionState.SIGN_IN_AGAIN),
        ({"secret": "another-client-secret"}, ConnectionState.LINKED),
    ],
)
async def test_s07_changed_settings_mark_connections_also_where_nobody_calls(changes, state):
    rig = await signed_in()
    await rig.enter_oauth(**changes)

    await rig.outdate(WS, ACT)

    kept = await rig.kept()
    assert kept.state is state
    assert (kept.sealed is None) == (state is not ConnectionState.LINKED)


async def test_cleared_credentials_leave_no_member_signed_in():
    rig = await signed_in()
    await rig.clear(WHO, ACT, None, None)

    await rig.outdate(WS, ACT)

    assert (await rig.kept()).sealed is None


async def test_an_admin_sees_how_many_are_signed_in_and_who():
    rig = await signed_in()
    await rig.linked("mem_2", token="second")
    await rig.end.end(await rig.kept("mem_2"), WhyEnded.BY_ADMIN)
    await rig.linked("mem_3", token="third")

    counted, last = await rig.count(ADMIN, 25, None)
    found = await rig.connections.of_action(WS, ACT, 25, None)

    [action] = counted
    assert (action.action_id, last) == (ACT, None)
    assert action.counts == {
        ConnectionState.LINKED: 2,
        ConnectionState.SIGN_IN_AGAIN: 0,
        ConnectionState.LOST: 0,
    }
    assert {each.member_id for each in found} == {MEM, "mem_2", "mem_3"}


async def test_actions_that_sign_in_by_themselves_are_not_counted():
    rig = MemberRig()
    await rig.enter("canary-key-of-all")

    assert await rig.count(ADMIN, 25, None) == ([], None)
