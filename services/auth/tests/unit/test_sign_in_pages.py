"""The pages at which a member signs in to an action: for whom they are, and where they lead."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import pytest
from auth_rig import ACT, MEM, WS, principal
from sign_in_rig import (
    BROUGHT,
    CALLBACK,
    PROVIDER,
    PUBLIC,
    SIGN_IN,
    TYPED,
    link_of,
    signing_in,
)

from auth_service.adapters.sealed_sign_ins import SealedSignIns
from auth_service.domain.action_hosts import ActionHosts
from auth_service.domain.attempt import LIVES_FOR, Ticket
from auth_service.domain.sign_in import SignIn
from contracts.access import GptAccess, Level, Sharing
from kit.oauth.pkce import challenge_of

DONE = "You have successfully signed in via OAuth"
OUR_LINK = {**TYPED, "sec-fetch-site": "same-origin"}
FOREIGN = (
    "//evil.example",
    "\\evil",
    "/\\evil.example",
    "javascript:alert(1)",
    "https://evil.example/",
    "/%0d%0aset-cookie:x",
    "/x//evil.example",
    "evil",
    "/x#y",
    "",
)


@pytest.fixture
async def rig():
    async with signing_in() as made:
        yield made


async def started(browser, **body):
    """The path of the address that a program shows its person."""
    answer = await browser.start(**body)
    assert answer.status_code == 201, answer.text
    assert answer.json()["url"].startswith(f"{PUBLIC}/aip/{ACT}/oauth/start/")
    return answer.json()["url"].removeprefix(PUBLIC)


async def test_the_page_names_member_workspace_gpt_service_and_provider_and_its_link_leads_on(rig):
    browser = rig.browser()
    page = await browser.open(await started(browser))

    for named in (f"&lt;b&gt;{MEM}&lt;/b&gt;", "Acme &amp; Sons", "api.example.com", PROVIDER[8:]):
        assert named in page.text
    assert "<b>" not in page.text
    assert page.headers["content-security-policy"].count("form-action 'self'") == 1
    assert page.headers["referrer-policy"] == "no-referrer"
    led = await browser.open(link_of(page), OUR_LINK)
    assert (led.status_code, led.headers["referrer-policy"]) == (303, "no-referrer")
    address = urlsplit(led.headers["location"])
    asked = {name: value for name, [value] in parse_qs(address.query).items()}
    assert f"{address.scheme}://{address.netloc}{address.path}" == f"{PROVIDER}/authorize"
    assert asked["redirect_uri"] == PUBLIC + CALLBACK
    assert asked["client_id"] == rig.provider.client_id
    assert asked["scope"] == "read"
    assert asked["code_challenge"] == challenge_of(f"verifier-{rig.drawn:0>34}")
    assert "verifier-" not in led.headers["location"]


async def test_looking_uses_nothing_up_and_the_link_is_good_for_one_sign_in(rig):
    browser = rig.browser()
    path = await started(browser)
    pages = [await browser.open(path) for _ in range(3)]
    assert not rig.ended.ended

    assert DONE in (await browser.sign_in(path)).text
    over = await browser.open(link_of(pages[0]), OUR_LINK)
    assert (over.status_code, "good for one sign-in" in over.text) == (403, True)
    assert len(rig.provider.sign_ins) == 1


async def test_of_two_that_follow_one_ticket_at_once_one_is_led_on(rig):
    browser = rig.browser()
    link = link_of(await browser.open(await started(browser)))
    led = await asyncio.gather(*(browser.open(link, OUR_LINK) for _ in range(8)))

    assert sorted(each.status_code for each in led) == [303] + [403] * 7


@pytest.mark.parametrize(("name", "status"), [("bob", 403), ("eve", 403), (None, 401)])
async def test_an_address_that_was_made_for_another_member_is_refused(rig, name, status):
    path = await started(rig.browser())
    page = await rig.browser(name).open(path)

    assert page.status_code == status
    assert "/authorize" not in page.text
    assert not rig.ended.ended
    if name:
        assert "This page is for somebody else" in page.text
    else:
        assert f"return_to={path}" in link_of(page)


async def test_a_ticket_ends_after_ten_minutes_and_is_of_its_action_alone(rig):
    browser = rig.browser()
    path = await started(browser)
    other = await browser.open(path.replace(ACT, "act_empty"))
    rig.clock.advance(LIVES_FOR)
    late = await browser.open(path)
    rig.clock.advance(-timedelta(seconds=1))
    in_time = await browser.open(path)
    made_up = await browser.open(path[:-3] + "AAA")

    assert [each.status_code for each in (other, late, in_time, made_up)] == [403, 403, 200, 403]
    assert "ask for another one" in late.text


async def test_h81_no_other_page_leads_a_member_on_unseen(rig):
    """A link, or an image, of another site shows the page that asks; nothing begins."""
    browser, other = rig.browser(), rig.browser()
    theirs = link_of(await other.open(SIGN_IN))
    for path in (SIGN_IN, f"{SIGN_IN}?mark={'0' * 64}", theirs):
        page = await browser.open(path, BROUGHT)
        assert (page.status_code, "Go on to sign in" in page.text) == (200, True)
    framed = await browser.open(SIGN_IN, {**BROUGHT, "sec-fetch-dest": "iframe"})
    fetched = await browser.open(SIGN_IN, {"sec-fetch-site": "cross-site"})

    assert [framed.status_code, fetched.status_code] == [403, 403]
    assert rig.drawn == 0


async def test_whoever_signs_in_here_as_another_member_meanwhile_is_asked_again(rig):
    browser = rig.browser()
    link = link_of(await browser.open(SIGN_IN))
    browser.cookies |= rig.browser("bob").cookies
    page = await browser.open(link, OUR_LINK)

    assert (page.status_code, "mem_bob" in page.text) == (200, True)
    assert rig.drawn == 0


@pytest.mark.parametrize("return_to", FOREIGN)
async def test_h84_a_way_back_to_anything_but_our_own_pages_is_refused(rig, return_to):
    answer = await rig.browser().start(return_to=return_to)

    assert (answer.status_code, answer.json()["code"]) == (422, "auth.return_to_invalid")


async def test_h84_a_way_back_that_is_too_long_is_refused(rig):
    answer = await rig.browser().start(return_to="/" + "x" * 1_000)
    assert answer.status_code == 422


@pytest.mark.parametrize("return_to", [*FOREIGN, "/connections?x=y"])
async def test_h84_the_last_page_leads_to_our_own_pages_alone(rig, return_to):
    browser = rig.browser()
    page = await browser.sign_in(f"{SIGN_IN}?{urlencode({'return_to': return_to})}")

    assert DONE in page.text
    assert ('<a href="/connections?x=y">' in page.text) == (return_to == "/connections?x=y")
    assert page.text.count("<a ") == (return_to == "/connections?x=y")


@pytest.mark.parametrize("return_to", FOREIGN[:-1])
def test_h84_a_ticket_that_leads_elsewhere_opens_nowhere(return_to):
    """Where all root keys are in a key service, anybody can make one."""
    seal = SealedSignIns()
    ticket = Ticket("tik_1", WS, ACT, MEM, return_to, datetime.now(UTC))

    assert seal.open_ticket(seal.seal_ticket(ticket)) is None
    assert seal.open_ticket(seal.seal_ticket(replace(ticket, return_to="/x")))


async def test_the_way_back_of_a_ticket_is_on_the_last_page(rig):
    browser = rig.browser()
    page = await browser.sign_in(await started(browser, return_to="/gpts/gpt_1"))

    assert '<a href="/gpts/gpt_1">' in page.text


async def test_cookies_of_an_attempt_are_for_this_host_over_tls_and_for_no_script(rig):
    page = await rig.browser().open(SIGN_IN)

    cookie = page.headers["set-cookie"]
    assert cookie.startswith("__Host-openactions-connection=oac_")
    assert cookie.endswith("; Path=/; Max-Age=600; HttpOnly; SameSite=Lax; Secure")


@pytest.mark.parametrize("sign_in", [SignIn.CLIENT_CREDENTIALS, None])
async def test_an_action_that_members_do_not_sign_in_to_says_so(sign_in):
    async with signing_in(entered=False) as rig:
        if sign_in:
            await rig.enter_client(sign_in=sign_in)
        answer = await rig.browser().start()
        page = await rig.browser().open(SIGN_IN)

    assert (answer.status_code, answer.json()["code"]) == (409, "auth.sign_in_not_oauth")
    assert (page.status_code, "Members do not sign in" in page.text) == (409, True)


async def test_h97_a_foreign_action_is_as_unknown_as_one_that_never_was(rig):
    theirs = await rig.browser("eve").start()
    unknown = await rig.browser("eve").start(action_id="act_unknown")
    page = await rig.browser("eve").open(SIGN_IN)

    assert theirs.status_code == unknown.status_code == page.status_code == 404
    said = [{**each.json(), "trace_id": ""} for each in (theirs, unknown)]
    assert said[0] == said[1]


@pytest.mark.parametrize(
    ("access", "status", "code"),
    [
        ({"sharing": Sharing.WORKSPACE}, 201, None),
        ({"sharing": Sharing.PRIVATE}, 404, "catalog.action_not_found"),
        ({"sharing": Sharing.PRIVATE, "entries": ((MEM, Level.CHAT),)}, 201, None),
    ],
)
async def test_whoever_may_not_use_the_gpt_does_not_sign_in_for_it(rig, access, status, code):
    shared, calls = GptAccess(WS, "mem_owner", **access), ("https://api.example.com",)
    rig.actions.hosts_of[ACT] = ActionHosts(calls, published=calls, access=shared)
    answer = await rig.browser().start()

    assert (answer.status_code, answer.json().get("code")) == (status, code)


async def test_an_admin_who_may_edit_a_private_gpt_but_not_use_it_is_told_so(rig):
    shared = GptAccess(WS, "mem_owner", Sharing.PRIVATE)
    rig.actions.hosts_of[ACT] = ActionHosts(("https://api.example.com",), access=shared)

    with pytest.raises(Exception, match="You may not use the GPT"):
        await rig.app.start_connection(principal(role="owner"), ACT, "/")


async def test_without_a_public_address_nobody_is_sent_anywhere():
    async with signing_in(origin="") as rig:
        answer = await rig.browser().start()

    assert (answer.status_code, answer.json()["code"]) == (409, "auth.public_url_unset")


async def test_an_unknown_parameter_is_refused_but_where_providers_send_people_back(rig):
    page = await rig.browser().open(f"{SIGN_IN}?other=1")
    back = await rig.browser().open(f"{CALLBACK}?other=1&state=x&code=c&session_state=y")

    assert page.status_code == 422
    assert "This sign-in was begun in another browser" in back.text


async def test_the_own_query_of_the_authorization_url_stays(rig):
    await rig.enter_oauth(authorization_url=f"{PROVIDER}/authorize?tenant=a%20b")
    leads_to = await rig.browser().begin()

    assert ("tenant", "a b") in parse_qsl(urlsplit(leads_to).query)
