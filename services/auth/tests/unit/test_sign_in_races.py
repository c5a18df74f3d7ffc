"""What changes while a member signs in, enters a key, or is renewed."""

from dataclasses import replace

import pytest
from auth_rig import ACT, MEM, WHO, WS, tampered
from connection_fakes import MemoryConnections
from member_rig import HOUR, PAGE, MemberRig
from oauth_clients import answered
from sign_in_rig import SIGN_IN, TYPED, link_of, signing_in

from auth_service.domain.connection import ConnectionState, WhyEnded
from auth_service.domain.oauth.client import TokenExchangeMethod
from auth_service.domain.own_key import OwnKey
from auth_service.domain.placement import Placement
from auth_service.entrypoints.connection_views import ConnectionView, MemberConnectionView
from contracts.errors import PlatformError
from contracts.facts import ConnectionRevoked
from kit.sealing import Secret

OUR_LINK = {**TYPED, "sec-fetch-site": "same-origin"}
ELSEWHERE = "https://elsewhere.example.com"


class SignedInAnewMeanwhile(MemoryConnections):
    """Once a lease is stored, and before its holder reads again, the member signs in anew."""

    sign_in = None

    async def replace(self, seen, changed):
        await super().replace(seen, changed)
        if changed.renewal.lease and self.sign_in:
            sign_in, self.sign_in = self.sign_in, None
            await sign_in()


async def test_tokens_of_a_sign_in_that_took_the_lease_away_are_not_used_up():
    """A provider that rotates would give the next ones to an answer that nobody stores."""
    rig = MemberRig(connections=SignedInAnewMeanwhile())
    await rig.enter_oauth()
    await rig.linked()
    rig.clock.advance(2 * HOUR)
    rig.connections.sign_in = lambda: rig.linked(token="second", refresh="refresh-2")

    assert await rig.token() == "second"
    assert rig.endpoint.requests == []


class SettingsReadBefore(MemoryConnections):
    """Between a call's reading of settings and of connections, both change."""

    change = None

    async def find(self, whose):
        if self.change:
            change, self.change = self.change, None
            await change()
        return await super().find(whose)


async def test_a_call_that_read_the_settings_before_ends_no_sign_in_of_later_ones():
    rig = MemberRig(connections=SettingsReadBefore())
    await rig.enter_oauth()
    await rig.linked()

    async def change():
        await rig.enter_oauth(scope="other")
        await rig.linked(token="second")

    rig.connections.change = change

    assert await rig.token() == PAGE
    assert await rig.token() == "second"


@pytest.mark.parametrize("how", ["left", "switched_off"])
async def test_a_sign_in_that_ends_after_its_member_left_is_taken_back(how):
    """The listener looked for connections before this one was stored."""
    rig = MemberRig()
    await rig.enter_oauth()
    getattr(rig.names, how).add(MEM)

    with pytest.raises(PlatformError) as refused:
        await rig.linked()

    kept = await rig.kept()
    assert refused.value.code == "identity.session_ended"
    assert (kept.state, kept.why) == (ConnectionState.REVOKED, WhyEnded.MEMBER_LEFT)
    assert kept.sealed is None
    assert len(rig.connections.facts.of(ConnectionRevoked)) == 1
    assert len(rig.revocations.stored) == 1


async def test_a_refreshed_token_of_other_scopes_shows_those():
    rig = MemberRig()
    await rig.enter_oauth(scope="read write")
    await rig.linked()
    rig.clock.advance(2 * HOUR)
    answer = {"access_token": "narrower", "refresh_token": "next", "expires_in": 3_600}
    rig.endpoint.answers.append(answered({**answer, "scope": "read admin"}))
    assert await rig.token() == "narrower"

    scopes = (await rig.kept()).account.scopes
    assert (scopes.granted, scopes.missing) == (("read", "admin"), ("write",))
    assert scopes.added == ("admin",)
    rig.clock.advance(2 * HOUR)
    rig.endpoint.answers.append(answered({**answer, "access_token": "the-same"}))
    assert await rig.token() == "the-same"
    assert (await rig.kept()).account.scopes == scopes


async def test_the_link_of_a_page_that_named_other_settings_asks_again():
    """They agreed to what the page said: to another client, or another host, they did not."""
    async with signing_in() as rig:
        browser = rig.browser()
        link = link_of(await browser.open(SIGN_IN))
        await rig.enter_oauth(client_id="client-of-somebody-else")
        asked = await browser.open(link, OUR_LINK)
        led = await browser.open(link_of(asked), OUR_LINK)

    assert (asked.status_code, "Go on to sign in" in asked.text) == (200, True)
    assert (led.status_code, "client-of-somebody-else" in led.headers["location"]) == (303, True)


async def test_a_key_that_was_entered_for_one_host_is_not_kept_for_another():
    async with signing_in(entered=False) as rig:
        key = OwnKey(Placement.BEARER, ("Authorization",), labels=("Token",))
        await rig.set(WHO, ACT, key, None)
        browser = rig.browser()
        page = await browser.open(SIGN_IN)
        rig.actions.edit(ACT, ELSEWHERE)
        await rig.set(WHO, ACT, key, None)
        refused = await browser.press(page, value_1="meant-for-the-first-host")
        nothing = await rig.connection()
        again = await browser.press(await browser.open(SIGN_IN), value_1="meant-for-the-second")

    assert (refused.status_code, nothing) == (409, None)
    assert "was changed while you signed in" in refused.text
    assert again.status_code == 200


async def test_a_key_sent_with_the_version_of_another_form_is_refused():
    rig = MemberRig()
    await rig.enter_own_key()
    form = await rig.read_key(WHO, ACT)
    rig.actions.edit(ACT, ELSEWHERE)
    await rig.enter_own_key()
    values = (Secret("one"), Secret("two"))

    with pytest.raises(PlatformError) as refused:
        await rig.set_key(WHO, ACT, values, form.version)

    assert refused.value.code == "auth.settings_changed"
    assert (await rig.read_key(WHO, ACT)).version != form.version
    assert (await rig.set_key(WHO, ACT, values)).is_linked


async def test_what_a_later_release_wrote_of_a_revocation_holds_up_no_other():
    rig = MemberRig()
    await rig.enter_oauth()
    for member in (MEM, "mem_2"):
        await rig.linked(member)
        await rig.end.end(await rig.kept(member), WhyEnded.BY_MEMBER)
    first = next(iter(rig.revocations.stored.values()))
    sealed = await rig.keys.seal(Secret(b'{"preset": "of a later release"}'), first.place)
    rig.revocations.stored[first.id] = type(first)(
        first.id, WS, ACT, first.connection_id, sealed, first.asked_at, first.next_at
    )

    await rig.revoke()

    assert len(rig.endpoint.requests) == 1
    assert rig.revocations.stored == {}


async def test_tokens_are_not_sent_to_a_provider_that_the_database_names_in_place_of_theirs():
    """Of a public client no secret's own seal says where it goes: that of the tokens does."""
    rig = MemberRig()
    exchange = TokenExchangeMethod.NONE
    await rig.enter_oauth(exchange=exchange, secret=None)
    await rig.linked()
    way = replace((await rig.record()).client, token_url="https://evil.example.com/token")
    await tampered(rig, way=way)
    kept = await rig.kept()
    account = replace(kept.account, settings_digest=way.digest)
    rig.connections.stored[kept.id] = replace(kept, account=account)
    rig.clock.advance(2 * HOUR)

    with pytest.raises(PlatformError) as refused:
        await rig.token()

    assert refused.value.code == "auth.credential_bound_elsewhere"
    assert rig.endpoint.requests == []


async def test_an_account_of_other_settings_that_came_while_renewing_is_not_used_for_this_call():
    rig = MemberRig()
    await rig.enter_oauth()
    await rig.linked()
    rig.clock.advance(2 * HOUR)

    async def meanwhile():
        await rig.enter_oauth(scope="other")
        await rig.linked(token="second")
        return answered({"access_token": "of-the-first", "expires_in": 3_600})

    rig.endpoint.answers.append(meanwhile)

    assert await rig.token() == PAGE
    assert await rig.token() == "second"


class OvertakenTwice(MemoryConnections):
    """Once a connection is stored, the settings change, and the member signs in by the new ones."""

    meanwhile = None

    async def link(self, seen, linked, fact):
        await super().link(seen, linked, fact)
        if self.meanwhile:
            meanwhile, self.meanwhile = self.meanwhile, None
            await meanwhile()


async def test_a_sign_in_that_is_taken_back_leaves_a_later_one():
    rig = MemberRig(connections=OvertakenTwice())
    await rig.enter_oauth()

    async def meanwhile():
        await rig.enter_oauth(scope="other")
        await rig.linked(token="second")

    rig.connections.meanwhile = meanwhile

    with pytest.raises(PlatformError) as refused:
        await rig.linked()

    assert refused.value.code == "auth.settings_changed"
    assert await rig.token() == "second"


async def test_an_admin_is_not_told_to_sign_in_for_a_member_nor_that_they_ended_it_themselves():
    rig = MemberRig()
    await rig.enter_oauth()
    await rig.linked()
    await rig.end.end(await rig.kept(), WhyEnded.BY_MEMBER)
    kept = await rig.kept()

    assert ConnectionView.of(kept, PAGE).what_to_do.startswith("You ended it.")
    assert "The member" in MemberConnectionView.of(kept, PAGE).what_to_do


async def test_a_key_says_by_which_gpt_it_is_used():
    rig = MemberRig()
    hosts = replace(rig.actions.hosts_of[ACT], gpt_id="gpt_1", gpt_name="Weather")
    rig.actions.hosts_of[ACT] = hosts
    await rig.enter_own_key()
    kept = await rig.set_key(WHO, ACT, (Secret("one"), Secret("two")))

    shown = ConnectionView.of(kept, PAGE)
    assert (shown.gpt_id, shown.gpt_name) == ("gpt_1", "Weather")
