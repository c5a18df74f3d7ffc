"""Members' own accounts: handed out, renewed by one, lost, and asked for again."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from auth_fakes import key_ring
from auth_rig import ACT, MEM, WS
from connection_fakes import MemoryConnections
from member_rig import HOUR, PAGE, MemberRig
from oauth_clients import answered

from auth_service.domain.connection import ConnectionState, WhyEnded
from auth_service.domain.errors import SecretUnreadable, SignInRequired
from auth_service.domain.oauth.errors import OutcomeUnknown
from auth_service.domain.renewal import LEASE, WhyLost
from contracts.errors import PlatformError
from contracts.facts import ConnectionLinked, ConnectionLost, CredentialChanged
from kit.documents import Overtaken

INVALID_GRANT = answered({"error": "invalid_grant"}, 400)


async def signed_in(**linked):
    rig = MemberRig()
    await rig.enter_oauth()
    await rig.linked(**linked)
    return rig


async def test_a_members_token_is_handed_out_to_their_own_calls_alone():
    rig = await signed_in()

    assert await rig.token() == "first"
    assert await rig.token("mem_2") == PAGE
    [fact] = rig.connections.facts.of(ConnectionLinked)
    assert (fact.action_id, fact.member_id, fact.generation) == (ACT, MEM, 1)


async def test_whoever_does_not_read_the_page_is_refused_and_told_it():
    rig = MemberRig()
    await rig.enter_oauth()

    with pytest.raises(SignInRequired) as refused:
        await rig.issue(rig.asked())

    assert (refused.value.sign_in, PAGE in refused.value.hint) == (PAGE, True)


async def test_generation_and_end_are_answered():
    rig = await signed_in(lifetime=30.0)

    issued = await rig.issue(rig.asked())

    assert (issued.generation, issued.expires_at) == (1, rig.clock() + timedelta(seconds=30))


async def test_a_token_that_is_due_is_refreshed_and_the_new_refresh_token_used_next():
    rig = await signed_in()
    for number in (1, 2):
        rig.clock.advance(2 * HOUR)
        answer = {"access_token": f"new-{number}", "refresh_token": f"next-{number}"}
        rig.endpoint.answers.append(answered({**answer, "expires_in": 3_600}))
        assert await rig.token() == f"new-{number}"

    sent = [form["refresh_token"] for form in rig.endpoint.forms]
    assert sent == ["refresh-1", "next-1"]
    assert (await rig.kept()).generation == 3


@pytest.mark.parametrize("rejected", [None, 1])
async def test_s03_h90_a_thousand_callers_at_expiry_make_one_token_request(rejected):
    rig = await signed_in()
    rig.clock.advance(2 * HOUR if rejected is None else HOUR / 2)

    async def slowly():
        await asyncio.sleep(0.05)
        return answered({"access_token": "the-only-one", "refresh_token": "next"})

    rig.endpoint.answers += [slowly, INVALID_GRANT]
    processes = [rig.issuing(renew=rig.renewing()) for _ in range(4)]
    asked = rig.asked(rejected=rejected)

    issued = await asyncio.gather(*(processes[n % 4](asked) for n in range(1_000)))

    assert len(rig.endpoint.requests) == 1
    assert {rig.opened(each)["headers"][0][1] for each in issued} == {"Bearer the-only-one"}
    assert {each.generation for each in issued} == {2}


async def test_h90_renewals_of_two_members_are_two_requests():
    rig = await signed_in()
    await rig.linked("mem_2", token="second", refresh="refresh-2")
    rig.clock.advance(2 * HOUR)

    await asyncio.gather(rig.token(), rig.token("mem_2"))

    assert {form["refresh_token"] for form in rig.endpoint.forms} == {"refresh-1", "refresh-2"}


async def test_a_refused_grant_is_lost_with_its_fact_and_the_member_signs_in_again():
    rig = await signed_in()
    rig.clock.advance(2 * HOUR)
    rig.endpoint.answers.append(INVALID_GRANT)

    assert await rig.token() == PAGE

    kept = await rig.kept()
    assert (kept.state, kept.why, kept.sealed) == (ConnectionState.LOST, WhyLost.REFUSED, None)
    [fact] = rig.connections.facts.of(ConnectionLost)
    assert (fact.member_id, fact.generation) == (MEM, 1)
    assert await rig.token() == PAGE
    assert len(rig.endpoint.requests) == 1


async def test_a_refusal_of_the_client_is_no_loss():
    rig = await signed_in()
    rig.clock.advance(2 * HOUR)
    rig.endpoint.answers.append(answered({"error": "invalid_client"}, 401))

    with pytest.raises(PlatformError) as refused:
        await rig.token()

    assert refused.value.code == "auth.oauth_token_refused"
    assert (await rig.kept()).is_linked


async def test_a_token_without_a_refresh_token_is_lost_when_it_ends():
    rig = await signed_in(refresh=None)
    assert await rig.token() == "first"
    rig.clock.advance(2 * HOUR)

    assert await rig.token() == PAGE

    assert (await rig.kept()).why is WhyLost.EXPIRED
    assert len(rig.connections.facts.of(ConnectionLost)) == 1
    assert rig.endpoint.requests == []


async def test_a_token_that_the_api_refused_and_nothing_renews_is_lost():
    rig = await signed_in(refresh=None, lifetime=None)
    rig.clock.advance(timedelta(days=3))
    assert await rig.token() == "first"

    assert await rig.token(rejected=1) == PAGE

    assert (await rig.kept()).state is ConnectionState.LOST


async def test_after_another_sign_in_a_call_that_was_refused_before_gets_the_new_token():
    rig = await signed_in()
    await rig.end.end(await rig.kept(), WhyEnded.BY_MEMBER)
    assert await rig.token() == PAGE

    await rig.linked(token="second")

    assert await rig.token(rejected=1) == "second"
    assert [fact.generation for fact in rig.connections.facts.of(ConnectionLinked)] == [1, 2]


async def test_h91_killed_between_the_answer_and_the_store_it_is_tried_once_more_then_lost():
    """The provider rotated, and its answer was never stored: a strict one refuses the old token."""
    rig = await signed_in()
    rig.clock.advance(2 * HOUR)
    never = asyncio.Event()
    rig.endpoint.answers += [never.wait, INVALID_GRANT]
    killed = asyncio.create_task(rig.issuing(renew=rig.renewing())(rig.asked()))
    await asyncio.sleep(0.01)
    killed.cancel()
    assert (await rig.kept()).renewal.lease

    rig.clock.advance(LEASE)
    assert await rig.token() == PAGE

    assert [form["refresh_token"] for form in rig.endpoint.forms] == ["refresh-1", "refresh-1"]
    kept = await rig.kept()
    assert (kept.state, kept.why) == (ConnectionState.LOST, WhyLost.REFUSED)


async def test_h91_a_provider_that_tolerates_a_repetition_loses_nobody():
    rig = await signed_in()
    rig.clock.advance(2 * HOUR)
    rig.endpoint.answers.append(OutcomeUnknown("it said nothing"))

    assert await rig.token() == "token-2-of-the-action"

    assert (await rig.kept()).is_linked


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"scope": "read write"}, WhyEnded.SETTINGS_CHANGED),
        ({"client_id": "client-2"}, WhyEnded.SETTINGS_CHANGED),
        ({"token_url": "https://id.example.com/v2/token"}, WhyEnded.SETTINGS_CHANGED),
    ],
)
async def test_s07_other_settings_lead_to_another_sign_in_and_destroy_the_tokens(changes, why):
    rig = await signed_in()
    await rig.enter_oauth(**changes)

    assert await rig.token() == PAGE

    kept = await rig.kept()
    assert (kept.state, kept.why, kept.sealed) == (ConnectionState.SIGN_IN_AGAIN, why, None)
    await rig.linked(token="second")
    assert await rig.token() == "second"


async def test_another_secret_or_way_to_send_it_leaves_members_signed_in():
    rig = await signed_in()

    await rig.enter_oauth(secret="another-client-secret")

    assert await rig.token() == "first"


async def test_moved_hosts_keep_the_account_from_being_sent_there():
    rig = await signed_in()
    rig.actions.edit(ACT, "https://new.example.com")
    await rig.enter_oauth()

    asked = {"origin": "https://new.example.com"}
    assert await rig.token(**asked) == PAGE

    kept = await rig.kept()
    assert (kept.state, kept.why) == (ConnectionState.SIGN_IN_AGAIN, WhyEnded.ORIGINS_CHANGED)


async def test_an_account_that_a_published_release_uses_outlives_a_draft_for_other_hosts():
    rig = MemberRig()
    rig.actions.publish(ACT)
    await rig.enter_oauth()
    await rig.linked()
    rig.actions.edit(ACT, "https://new.example.com")
    await rig.enter_oauth()

    assert await rig.token(origin="https://new.example.com") == PAGE
    assert await rig.token() == "first"


async def test_h91_another_members_tokens_moved_in_the_database_are_not_handed_out():
    rig = await signed_in()
    theirs = await rig.kept()
    rig.connections.stored[theirs.id] = replace(theirs, member_id="mem_2")

    with pytest.raises(SecretUnreadable):
        await rig.token("mem_2")


async def test_tokens_of_other_hosts_are_not_sent_whatever_stands_beside_them():
    rig = await signed_in()
    rig.actions.edit(ACT, "https://new.example.com")
    await rig.enter_oauth()
    kept = await rig.kept()
    moved = replace(kept.account, api_origins=("https://new.example.com",))
    rig.connections.stored[kept.id] = replace(kept, account=moved)

    with pytest.raises(SecretUnreadable):
        await rig.token(origin="https://new.example.com")


async def test_a_client_whose_secret_is_gone_refreshes_nothing():
    rig = await signed_in()
    rig.keys = key_ring("k2")
    rig.clock.advance(2 * HOUR)

    with pytest.raises(PlatformError) as refused:
        await rig.issuing(rig.keys)(rig.asked())

    assert refused.value.code in ("auth.key_unknown", "auth.secret_unreadable")


async def test_the_last_use_is_noted_once_a_minute():
    rig = await signed_in()
    await rig.token()
    first = (await rig.kept()).last_used_at
    rig.clock.advance(timedelta(seconds=30))
    await rig.token()
    second = (await rig.kept()).last_used_at
    rig.clock.advance(timedelta(seconds=30))
    await rig.token()

    assert first == second == rig.clock() - timedelta(minutes=1)
    assert (await rig.kept()).last_used_at == rig.clock()


async def test_a_sign_in_that_the_settings_overtook_keeps_nothing():
    rig = await signed_in()
    kept, before = await rig.kept(), await rig.record()
    await rig.enter_oauth(scope="other")

    with pytest.raises(PlatformError) as refused:
        await rig.linked_by(before)

    assert refused.value.code == "auth.settings_changed"
    assert await rig.kept() == kept


class AlwaysOvertaken(MemoryConnections):
    async def replace(self, seen, changed):
        raise Overtaken


async def test_of_two_calls_that_end_an_outdated_account_both_are_told_the_page():
    rig = MemberRig(connections=AlwaysOvertaken())
    await rig.enter_oauth()
    await rig.linked()
    await rig.enter_oauth(scope="other")

    assert await rig.token() == PAGE


class RemovedMeanwhile(MemoryConnections):
    """Once a connection is stored, another replica destroys the action's credentials."""

    store = None

    async def link(self, seen, linked, fact):
        await super().link(seen, linked, fact)
        if self.store:
            credentials = await self.store.find(WS, ACT)
            changed = CredentialChanged(workspace_id=WS, action_id=ACT, revision=9)
            await self.store.destroy(credentials, changed)


async def test_a_sign_in_during_which_the_action_was_removed_is_taken_back():
    """The listener looked for connections before this one was stored."""
    rig = MemberRig(connections=RemovedMeanwhile())
    await rig.enter_oauth()
    rig.connections.store = rig.store

    with pytest.raises(PlatformError) as refused:
        await rig.linked()

    assert refused.value.code == "auth.settings_changed"
    kept = await rig.kept()
    assert (kept.is_linked, kept.sealed) == (False, None)
