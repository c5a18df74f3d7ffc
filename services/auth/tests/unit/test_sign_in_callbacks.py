"""A provider's answer links an account for the member who asked, in the browser that asked, once;
for all others no token request is made.
"""

from datetime import timedelta
from html import unescape

import pytest
from auth_rig import ACT, MEM, ORIGIN, WS
from sign_in_rig import BROUGHT, CALLBACK, PROVIDER, SIGN_IN, changed, metadata_of, signing_in

from auth_service.domain.attempt import LIVES_FOR
from auth_service.domain.errors import SignInRequired
from auth_service.domain.oauth.answer_document import HttpAnswer
from auth_service.domain.oauth.authorization_answer import state_of
from auth_service.domain.oauth.errors import CallbackInvalid, ProviderUnavailable
from auth_service.domain.token_set import TokenSet
from contracts.facts import ConnectionLinked

DONE = "You have successfully signed in via OAuth"
OVER = "This sign-in was begun in another browser"


@pytest.fixture
async def rig():
    async with signing_in() as made:
        yield made


async def back_to(browser):
    """Where the provider sends this browser back."""
    return await browser.at_provider(await browser.begin())


async def refused(rig, browser, back, status=403):
    """What the page says; nothing was asked for, and nothing linked."""
    before = rig.token_requests, len(rig.connections.stored)
    page = await browser.open(back, BROUGHT)

    assert page.status_code == status, page.text
    assert (rig.token_requests, len(rig.connections.stored)) == before
    assert '<a href="/aip/act_1/sign-in">Sign in again</a>' in page.text
    return page.text


async def test_an_account_is_linked_by_the_code_that_came_back(rig):
    page = await rig.browser().sign_in()

    assert (page.status_code, DONE in page.text) == (200, True)
    assert "api.example.com" in page.text
    kept = await rig.connection()
    tokens = TokenSet.from_storage(await rig.keys.open(kept.sealed, kept.place))
    [sign_in] = rig.provider.sign_ins
    assert tokens.access_token.reveal() in sign_in.access_tokens
    assert tokens.refresh_token.reveal() == sign_in.refresh_token
    assert tokens.is_of(ACT, MEM)
    assert (tokens.api_origins, tokens.sign_in_origins) == (
        ("https://api.example.com",),
        (PROVIDER,),
    )
    [request] = rig.provider.token_requests
    assert request["redirect_uri"] == f"https://actions.example.com{CALLBACK}"
    [linked] = rig.connections.facts.of(ConnectionLinked)
    assert (linked.workspace_id, linked.action_id, linked.member_id) == (WS, ACT, MEM)
    assert rig.log.lines == [("linked", kept.whose)]


@pytest.mark.parametrize("state", [None, "", "x", "x" * 7_999])
async def test_h80_no_state_or_one_that_was_never_sealed_here_is_refused(rig, state):
    browser = rig.browser()
    back = await back_to(browser)

    await refused(rig, browser, changed(back, state=state), 403 if state else 422)


async def test_h80_a_state_works_once(rig):
    browser = rig.browser()
    back = await back_to(browser)
    assert DONE in (await browser.open(back, BROUGHT)).text

    assert OVER in await refused(rig, browser, back)
    assert OVER in await refused(rig, browser, changed(back, code="another"))


async def test_h80_a_state_of_another_browser_is_refused_also_where_that_has_an_attempt(rig):
    mine, other = rig.browser(), rig.browser()
    back = await back_to(mine)

    await refused(rig, other, back)
    await other.begin()
    await refused(rig, other, back)
    assert DONE in (await mine.open(back, BROUGHT)).text


async def test_h80_a_state_of_another_member_or_workspace_is_refused(rig):
    mine = rig.browser()
    back = await back_to(mine)
    for name in ("bob", "eve"):
        theirs = rig.browser(name)
        theirs.cookies |= {n: v for n, v in mine.cookies.items() if n.endswith("-connection")}
        assert OVER in await refused(rig, theirs, back)


async def test_h80_a_state_of_another_action_is_refused_at_its_redirect_uri(rig):
    browser = rig.browser()
    back = (await back_to(browser)).replace(ACT, "act_empty")
    page = await browser.open(back, BROUGHT)

    assert (page.status_code, OVER in page.text, rig.token_requests) == (403, True, 0)


async def test_h80_a_state_whose_time_is_over_is_refused(rig):
    browser = rig.browser()
    back = await back_to(browser)
    rig.clock.advance(LIVES_FOR)

    assert OVER in await refused(rig, browser, back)
    rig.clock.advance(-timedelta(seconds=1))
    assert DONE in (await browser.open(back, BROUGHT)).text


async def test_h80_a_state_of_settings_that_changed_since_is_refused(rig):
    browser = rig.browser()
    back = await back_to(browser)
    await rig.enter_oauth(client_id="another")

    assert "was changed while you signed in" in await refused(rig, browser, back, 409)


async def test_h81_an_attackers_code_is_not_linked_to_whoever_follows_their_link(rig):
    """Login CSRF: the attacker's answer, state and all, in the victim's browser."""
    attacker, victim = rig.browser("bob"), rig.browser()
    attackers = await back_to(attacker)

    assert OVER in await refused(rig, victim, attackers)
    own = await back_to(victim)
    stolen = {
        part.partition("=")[0]: part.partition("=")[2] for part in own.split("?")[1].split("&")
    }
    assert OVER in await refused(rig, victim, changed(attackers, code=stolen["code"]))


async def test_h81_a_victims_code_is_worth_nothing_in_an_attackers_browser(rig):
    """Code injection: the provider refuses a code with another attempt's verifier (RFC 7636)."""
    attacker, victim = rig.browser("bob"), rig.browser()
    own, stolen = await back_to(attacker), await back_to(victim)
    code = stolen.partition("code=")[2]
    page = await attacker.open(changed(own, code=code), BROUGHT)

    assert (page.status_code, "invalid_grant" in page.text) == (403, True)
    assert not rig.connections.stored


async def test_h82_an_answer_with_a_code_and_an_error_or_two_codes_is_refused(rig):
    browser = rig.browser()
    back = await back_to(browser)

    for tail in ("&error=access_denied", "&code=another", "&state=x", "&iss=a&iss=b"):
        await refused(rig, browser, back + tail, 422)
    await refused(rig, browser, changed(back, code=None), 422)
    await refused(rig, browser, changed(back, state="s" * 60_000), 422)
    with pytest.raises(CallbackInvalid):
        state_of("code=c&state=" + "s" * 100_000)


async def test_h82_what_a_provider_says_is_escaped(rig):
    rig.provider.error = {
        "error": "access_denied",
        "error_description": '<script>alert(1)</script>"\u202egpj.exe\x00',
    }
    browser = rig.browser()
    text = await refused(rig, browser, await back_to(browser))

    assert "access_denied: &lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert "<script" not in text
    assert "\u202e" not in text
    assert "Allow the access there." in text


@pytest.mark.parametrize("address", ["oauth-authorization-server", "openid-configuration"])
async def test_h83_an_answer_that_names_the_provider_that_was_asked_is_taken(rig, address):
    missing = HttpAnswer(404, "text/plain", b"")
    rig.endpoint.metadata = lambda asked: (
        metadata_of(PROVIDER) if asked.url.endswith(address) else missing
    )
    rig.provider.iss = PROVIDER

    assert DONE in (await rig.browser().sign_in()).text


@pytest.mark.parametrize(
    "iss",
    [
        None,
        "https://login.evil.com",
        PROVIDER.upper(),
        f"{PROVIDER}:443",
        f"{PROVIDER}/",
        f"{PROVIDER}/x",
    ],
)
async def test_h83_an_answer_of_another_issuer_or_of_none_where_one_is_promised_is_refused(
    rig, iss
):
    promised = {"authorization_response_iss_parameter_supported": True}
    rig.endpoint.metadata = metadata_of(PROVIDER, **promised)
    rig.provider.iss = iss
    browser = rig.browser()

    text = await refused(rig, browser, await back_to(browser))
    assert "not from the provider that was asked" in text


@pytest.mark.parametrize(
    "metadata",
    [
        metadata_of("https://login.evil.com"),
        metadata_of(PROVIDER, authorization_endpoint=f"{PROVIDER}/other"),
        metadata_of(PROVIDER, token_endpoint="https://login.evil.com/token"),
        HttpAnswer(302, "text/html", b""),
        HttpAnswer(200, "text/html", b"<html>"),
        ProviderUnavailable("it is away"),
    ],
)
async def test_h93_metadata_that_does_not_suit_says_nothing_of_the_issuer(rig, metadata):
    """Then the action's own redirect URI is what tells providers apart (RFC 9700, 4.4.2)."""
    rig.endpoint.metadata = metadata
    rig.provider.iss = "https://login.evil.com"

    assert DONE in (await rig.browser().sign_in()).text


async def test_an_issuer_that_is_written_with_a_slash_is_that_issuer(rig):
    rig.endpoint.metadata = metadata_of(f"{PROVIDER}/")
    rig.provider.iss = f"{PROVIDER}/"
    assert DONE in (await rig.browser().sign_in()).text
    rig.provider.iss = PROVIDER
    assert "not from the provider" in (await rig.browser("bob").sign_in()).text


@pytest.mark.parametrize(
    ("granted", "missing", "added", "said"),
    [
        ("read", (), (), ""),
        ("read write", (), ("write",), "More is allowed than the GPT asks for"),
        ("other", ("read",), ("other",), "You did not allow all that the GPT asks for"),
    ],
)
async def test_h92_what_was_granted_is_kept_and_shown(rig, granted, missing, added, said):
    rig.provider.granted = granted
    page = await rig.browser().sign_in()

    account = (await rig.connection()).account
    assert DONE in page.text
    assert said in page.text
    assert account.scopes_asked == ("read",)
    assert account.scopes.granted == tuple(granted.split())
    assert (account.scopes.missing, account.scopes.added) == (missing, added)


async def test_a_refused_code_links_nothing_and_says_what_to_do(rig):
    browser = rig.browser()
    back = await back_to(browser)
    rig.provider.codes.clear()
    page = await browser.open(back, BROUGHT)

    assert (page.status_code, "invalid_grant" in page.text) == (403, True)
    assert "Sign in again." in page.text
    assert not rig.connections.stored
    assert [code for code, _ in rig.log.lines] == ["auth.oauth_token_refused"]


async def test_signing_in_again_replaces_what_was_linked(rig):
    browser = rig.browser()
    await browser.sign_in()
    first = await rig.connection()
    await browser.sign_in()
    again = await rig.connection()

    assert again.id == first.id
    assert again.generation == first.generation + 1
    assert len(rig.connections.stored) == 1


async def test_an_account_is_for_those_hosts_alone_that_the_page_named(rig):
    """A client that was entered for more hosts serves the published ones (decision 21)."""
    other, third = "https://collector.example.net", "https://third.example.com"
    rig.actions.edit(ACT, ORIGIN, other)
    await rig.enter_oauth()
    rig.actions.publish(ACT)
    rig.actions.edit(ACT, ORIGIN)
    rig.actions.publish(ACT)
    rig.actions.edit(ACT, ORIGIN, third)
    await rig.enter_oauth()
    browser = rig.browser()

    page = await browser.open(SIGN_IN)
    assert ("api.example.com" in page.text, "collector" in page.text) == (True, False)
    assert DONE in (await browser.sign_in()).text

    rig.issue = rig.issuing()  # over the connections that pages write
    assert await rig.sent(ORIGIN, ORIGIN)
    with pytest.raises(SignInRequired):
        await rig.sent(other, ORIGIN, other)


async def test_whoever_is_removed_while_the_code_is_exchanged_keeps_no_account(rig):
    """Whatever ends a member's connections then finds none yet."""
    await rig.enter_oauth(revocation_url=f"{PROVIDER}/revoke")
    browser = rig.browser()
    back = await back_to(browser)
    rig.endpoint.meanwhile = lambda: rig.removes("ada")

    page = await browser.open(back, BROUGHT)

    kept = await rig.connection()
    assert (page.status_code, rig.token_requests) == (401, 1)
    assert (kept.state, kept.why, kept.sealed) == ("revoked", "member_left", None)
    assert len(rig.connections.revocations.stored) == 1, "to be revoked at the provider"


async def test_an_answer_that_comes_when_the_session_is_over_is_led_back_to_with_all_it_has(rig):
    """Providers write spaces between scopes as a plus (Google adds `scope` to its answer)."""
    browser = rig.browser()
    back = changed(await back_to(browser), scope="email profile")
    assert "+" in back
    session = browser.cookies.pop("__Host-openactions")

    page = await browser.open(back, BROUGHT)
    assert page.status_code == 401
    led_back = unescape(page.text.split('<a href="')[2].partition('"')[0])
    browser.cookies["__Host-openactions"] = session

    assert DONE in (await browser.open(led_back)).text
