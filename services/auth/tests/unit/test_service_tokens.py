"""Access tokens of actions themselves (RFC 6749, 4.4): got once, kept, renewed, handed out."""

import asyncio
import base64
from dataclasses import replace
from datetime import timedelta

import pytest
from auth_fakes import key_ring
from auth_rig import ACT, ORIGIN, WS, Rig, client, principal, tampered
from oauth_clients import answered

from auth_service.domain.errors import SecretUnreadable
from auth_service.domain.oauth.errors import (
    OutcomeUnknown,
    ProviderUnavailable,
    TokenRefused,
)
from auth_service.domain.oauth.profile import TokenExchangeMethod
from auth_service.domain.renewal import FIRST_WAIT, LEASE
from contracts.errors import PlatformError
from contracts.requests import DescribeCredential
from kit.key_ring import KeyServiceUnavailable


async def rig_with_client(**changes):
    rig = Rig()
    await rig.enter_client(**changes)
    return rig


async def sent(rig, **asked):
    """The token that a call is signed with."""
    issued = await rig.issue(rig.asked(**asked))
    [[name, value]] = rig.opened(issued)["headers"]
    assert name == "Authorization"
    return value.removeprefix("Bearer ")


async def test_s09_a_token_is_asked_for_with_the_settings_parameters_and_used_until_it_is_due():
    rig = await rig_with_client(token_parameters={"audience": "https://api.example.org"})

    first = await sent(rig)
    rig.clock.advance(timedelta(minutes=50))
    assert await sent(rig) == first
    rig.clock.advance(timedelta(minutes=5))
    assert await sent(rig) != first

    assert rig.endpoint.forms[0] == {
        "grant_type": "client_credentials",
        "scope": "read",
        "audience": "https://api.example.org",
        "client_id": "client-1",
        "client_secret": "canary-client-secret",
    }
    assert len(rig.endpoint.requests) == 2


async def test_s01_the_basic_header_holds_id_and_secret_encoded_and_the_body_neither():
    rig = await rig_with_client(
        secret="p:w", client_id="a b", exchange=TokenExchangeMethod.BASIC_AUTH_HEADER
    )

    await sent(rig)

    [request] = rig.endpoint.requests
    expected = base64.b64encode(b"a%20b:p%3Aw").decode()
    assert dict(request.headers)["authorization"] == f"Basic {expected}"
    assert rig.endpoint.forms == [{"grant_type": "client_credentials", "scope": "read"}]


async def test_h90_many_callers_of_two_processes_make_one_token_request():
    rig = await rig_with_client()

    async def slowly():
        await asyncio.sleep(0.05)
        return answered({"access_token": "the-only-token", "expires_in": 60})

    rig.endpoint.answers.append(slowly)
    processes = [rig.issuing(renew=rig.renewing()) for _ in range(2)]

    issued = await asyncio.gather(*(processes[number % 2](rig.asked()) for number in range(200)))

    assert len(rig.endpoint.requests) == 1
    opened = {rig.opened(each)["headers"][0][1] for each in issued}
    assert opened == {"Bearer the-only-token"}
    assert {each.generation for each in issued} == {1}


async def test_h90_many_callers_at_expiry_make_one_token_request():
    rig = await rig_with_client()
    await sent(rig)
    rig.clock.advance(timedelta(hours=2))
    processes = [rig.issuing(renew=rig.renewing()) for _ in range(2)]

    issued = await asyncio.gather(*(processes[n % 2](rig.asked()) for n in range(100)))

    assert len(rig.endpoint.requests) == 2
    assert {each.generation for each in issued} == {2}


async def test_a_token_is_handed_out_no_longer_than_it_lives():
    rig = await rig_with_client()
    rig.endpoint.lifetime = 30

    issued = await rig.issue(rig.asked())

    assert issued.expires_at == rig.clock() + timedelta(seconds=30)
    assert issued.generation == 1


async def test_s04_a_token_without_a_lifetime_is_used_until_the_api_refuses_it():
    rig = await rig_with_client()
    rig.endpoint.lifetime = None

    first = await sent(rig)
    rig.clock.advance(timedelta(days=20))

    assert await sent(rig) == first
    assert await sent(rig, rejected=1) != first
    assert len(rig.endpoint.requests) == 2


@pytest.mark.parametrize("lifetime", [0, -1])
async def test_s04_a_token_without_a_life_is_got_for_each_call_without_a_loop(lifetime):
    rig = await rig_with_client()
    rig.endpoint.lifetime = lifetime

    first = await rig.issue(rig.asked())
    rig.clock.advance(timedelta(seconds=10))
    second = await rig.issue(rig.asked())

    assert len(rig.endpoint.requests) == 2
    assert (first.generation, second.generation) == (1, 2)
    assert second.expires_at > rig.clock()


async def test_a_token_that_the_api_refused_is_renewed_once():
    rig = await rig_with_client()
    first = await sent(rig)
    rig.clock.advance(timedelta(minutes=5))

    second = await sent(rig, rejected=1)
    again = await sent(rig, rejected=1)

    assert first != second == again
    assert len(rig.endpoint.requests) == 2


async def test_a_token_that_the_api_refuses_at_once_is_not_renewed_again_and_again():
    rig = await rig_with_client()
    await sent(rig)

    for _ in range(3):
        assert await sent(rig, rejected=1)

    assert len(rig.endpoint.requests) == 1


async def test_what_the_provider_refuses_is_told_and_asked_again_later():
    rig = await rig_with_client()
    refusal = {"error": "invalid_client", "error_description": "No such client"}
    rig.endpoint.answers += [answered(refusal, 401)]

    for _ in range(2):
        with pytest.raises(PlatformError) as refused:
            await sent(rig)
        assert refused.value.code == TokenRefused.code
        assert "No such client" in refused.value.sentence
        assert refused.value.retry_after_seconds == FIRST_WAIT.total_seconds()

    assert len(rig.endpoint.requests) == 1
    rig.clock.advance(FIRST_WAIT)
    assert await sent(rig)


async def test_a_client_that_is_refused_for_days_is_not_lost():
    """Whoever runs the provider may mend it: nobody can sign in anew instead."""
    rig = await rig_with_client()
    rig.endpoint.answers += [answered({"error": "invalid_grant"}, 400)] * 200
    for _ in range(200):
        with pytest.raises(PlatformError):
            await sent(rig)
        rig.clock.advance(timedelta(hours=1))
    assert not rig.endpoint.answers

    assert await sent(rig)


async def test_a_corrected_secret_is_tried_at_once():
    rig = await rig_with_client()
    rig.endpoint.answers += [answered({"error": "invalid_client"}, 401)]
    with pytest.raises(PlatformError):
        await sent(rig)

    await rig.enter_client(secret="the right one")

    assert await sent(rig)
    assert rig.endpoint.forms[-1]["client_secret"] == "the right one"


async def test_a_request_without_an_answer_is_made_once_more():
    rig = await rig_with_client()
    rig.endpoint.answers += [OutcomeUnknown("the connection broke")]

    assert await sent(rig)
    assert len(rig.endpoint.requests) == 2


async def test_a_provider_that_fails_is_left_alone_while_the_token_is_good():
    rig = await rig_with_client()
    first = await sent(rig)
    rig.clock.advance(timedelta(minutes=55))
    rig.endpoint.answers += [ProviderUnavailable("it is down")] * 5

    for _ in range(3):
        assert await sent(rig) == first

    assert len(rig.endpoint.requests) == 2


async def test_a_caller_waits_some_seconds_and_the_request_goes_on():
    rig = await rig_with_client()
    goes_on, asked = asyncio.Event(), asyncio.Event()

    async def late():
        asked.set()
        await goes_on.wait()
        return answered({"access_token": "a-late-token"})

    rig.endpoint.answers.append(late)
    renew = replace(rig.renew, wait_seconds=0.05)
    with pytest.raises(ProviderUnavailable) as waits:
        await rig.issuing(renew=renew)(rig.asked())
    assert "not answered yet" in waits.value.sentence
    assert asked.is_set()

    goes_on.set()
    await renew.close()
    assert await sent(rig) == "a-late-token"
    assert len(rig.endpoint.requests) == 1


async def test_h91_whoever_was_killed_while_asking_holds_up_the_others_for_the_lease_alone():
    rig = await rig_with_client()
    held = await rig.tokens.find(WS, ACT, 1)
    lease = held.renewal.leased("somebody else", 1, rig.clock())
    await rig.tokens.replace(held, held.with_renewal(lease))

    rig.clock.advance(LEASE)

    assert await sent(rig)
    assert len(rig.endpoint.requests) == 1


async def test_a_holder_that_comes_too_late_stores_nothing():
    rig = await rig_with_client()

    async def frozen():
        """Meanwhile the lease runs out, and another one gets a token."""
        rig.clock.advance(LEASE)
        assert await rig.issuing(renew=rig.renewing())(rig.asked())
        return answered({"access_token": "too-late"})

    rig.endpoint.answers.append(frozen)

    assert await sent(rig) == "token-2-of-the-action"
    assert (await rig.tokens.find(WS, ACT, 1)).renewal.generation == 1


async def test_h92_a_token_is_for_the_apis_hosts_alone():
    rig = await rig_with_client()
    await sent(rig)

    with pytest.raises(PlatformError) as refused:
        await rig.issue(rig.asked(origin="https://evil.example.com"))
    assert refused.value.code == "auth.credential_bound_elsewhere"


async def test_whoever_rewrites_the_token_url_in_the_database_is_sent_no_secret():
    rig = await rig_with_client()
    seen = await rig.store.find(WS, ACT)
    evil = client(token_url="https://evil.example.com/token").settings
    way = replace(evil, sealed=seen.records[0].sealed)
    await tampered(rig, way=way)

    with pytest.raises(SecretUnreadable):
        await rig.issue(rig.asked())
    assert rig.endpoint.requests == []


async def test_whoever_moves_tokens_to_another_action_gains_nothing():
    rig = await rig_with_client()
    await sent(rig)
    foreign = await rig.keys.seal(
        await rig.keys.open((kept := await rig.tokens.find(WS, ACT, 1)).sealed, kept.place),
        replace(kept.place, record_id="act_2.1"),
    )
    await rig.tokens.replace(kept, replace(kept, sealed=foreign))

    with pytest.raises(SecretUnreadable):
        await sent(rig)


async def test_tokens_go_with_the_record_that_they_were_got_for():
    rig = await rig_with_client()
    await sent(rig)
    await rig.enter_client(scope="write")
    assert rig.tokens.stored == {}
    await sent(rig)
    assert [token.revision for token in rig.tokens.stored.values()] == [2]

    await rig.clear(principal(), ACT, None, None)

    assert rig.tokens.stored == {}


async def test_a_lost_key_is_named_and_no_token_is_asked_for():
    rig = await rig_with_client()

    with pytest.raises(PlatformError) as refused:
        await rig.issuing(keys=key_ring("k2"))(rig.asked())

    assert refused.value.code == "auth.key_unknown"
    assert rig.endpoint.requests == []


async def test_f28_without_the_key_service_no_token_is_asked_for_and_the_refusal_says_so():
    rig = await rig_with_client()

    class Away:
        writing_key, known_keys = rig.keys.writing_key, rig.keys.known_keys

        async def open(self, *_):
            raise KeyServiceUnavailable

    with pytest.raises(KeyServiceUnavailable):
        await rig.issuing(keys=Away())(rig.asked())
    assert rig.endpoint.requests == []


async def test_it_is_described_without_a_token():
    rig = await rig_with_client()

    described = await rig.describe(
        DescribeCredential(workspace_id=WS, action_id=ACT, origin=ORIGIN)
    )

    assert (described.type, described.per_user) == ("client_credentials", False)
    assert [(slot.location, slot.name) for slot in described.slots] == [("header", "Authorization")]
    assert rig.endpoint.requests == []
