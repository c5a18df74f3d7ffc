"""Another site, or a link while somebody is signed in elsewhere, signs nobody in without asking."""

import html
import re
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest

from contracts.facts import WorkspaceCreated
from contracts.ids import MemberId, WorkspaceId
from contracts.requests import Role
from identity_service.domain.member import Member
from identity_service.domain.workspace import Workspace
from services.identity.tests.company import OWNER
from services.identity.tests.page_platform import pages
from services.identity.tests.session_platform import OURS
from services.identity.tests.signing_in import TYPED

EVIL = WorkspaceId("ws_zevil")
MALLORY = Member(MemberId("mem_mallory"), EVIL, "Mallory", Role.OWNER)
BEGIN = f"/v1/session/oidc?workspace={EVIL}&return_to=/docs"
CROSS = {"sec-fetch-site": "cross-site"}


@pytest.fixture
async def ours():
    async with pages() as shown:
        platform = shown.platform
        fact = WorkspaceCreated(workspace_id=EVIL, title="Evil & Sons")
        await platform.workspaces.add(Workspace(EVIL, "Evil & Sons"), fact)
        await platform.members.add(MALLORY)
        await platform.configure(EVIL, issuer="https://login.evil.com", domains=[])
        yield shown


def leads_to_company(answer):
    return answer.status_code == 303 and "login.evil.com" in answer.headers["location"]


async def go_on(ours, page, session=""):
    """By the page's one way on, in the browser that was shown it."""
    assert "<form" not in page.text
    [way] = re.findall(r'<a href="([^"]+)">', page.text)
    attempts = page.headers["set-cookie"].partition(";")[0]
    cookie = "; ".join(each for each in (attempts, session and f"openactions={session}") if each)
    own = {**TYPED, "sec-fetch-site": "same-origin", "host": "127.0.0.1:8080", "cookie": cookie}
    return await ours.client.get(html.unescape(way), headers=own)


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
async def test_another_site_leads_to_a_page_that_names_the_workspace(ours, site):
    page = await ours.browser().open(BEGIN, **{"sec-fetch-site": site})

    assert page.status_code == 200
    assert "<bdi>Evil &amp; Sons</bdi>" in page.text
    begun = await go_on(ours, page)
    assert leads_to_company(begun)
    asked = parse_qs(urlsplit(begun.headers["location"]).query)
    assert asked["redirect_uri"][0].endswith(f"/callback/{EVIL}")


@pytest.mark.parametrize("site", ["none", "same-origin", "cross-site"])
async def test_whoever_is_signed_in_elsewhere_is_asked_and_stays_signed_in(ours, site):
    browser = await ours.signed_in(OWNER)
    secret = browser.cookie

    page = await browser.open(BEGIN, **{"sec-fetch-site": site})
    begun = await go_on(ours, page, secret)

    assert page.status_code == 200
    assert "Evil" in page.text
    assert leads_to_company(begun)
    browser.cookie = secret
    assert (await browser.open("/v1/session/signed-in")).status_code == 200


async def test_nobody_else_is_asked(ours):
    assert leads_to_company(await ours.browser().open(BEGIN))
    of_evil = await ours.signed_in(MALLORY)
    assert leads_to_company(await of_evil.open(BEGIN))
    ended = await ours.signed_in(OWNER)
    await ours.platform.end_all(OURS, OWNER.id)
    assert leads_to_company(await ended.open(BEGIN))


@pytest.mark.parametrize("mark", ["", "0" * 64, "é", "of another browser", "of ours"])
async def test_a_mark_is_of_the_browser_and_the_workspace(ours, mark):
    if mark.startswith("of "):
        workspace = EVIL if mark == "of another browser" else OURS
        page = await ours.browser().open(f"/v1/session/oidc?workspace={workspace}", **CROSS)
        mark = html.unescape(re.search(r"mark=([0-9a-f]+)", page.text)[1])
        attempts = page.headers["set-cookie"].partition(";")[0]
        own = {"cookie": attempts} if workspace == OURS else {}
    else:
        own = {}

    page = await ours.browser().open(f"{BEGIN}&mark={mark}", **CROSS, **own)

    assert page.status_code == 200


async def test_no_page_for_a_workspace_without_a_companys_sign_in(ours):
    settings = ours.platform.sign_in_settings
    await settings.remove(await settings.find(EVIL))

    for workspace in (EVIL, "ws_none"):
        page = await ours.browser().open(f"/v1/session/oidc?workspace={workspace}", **CROSS)
        assert page.status_code == 404
        assert "Evil" not in page.text


async def test_a_session_that_ended_by_time_is_none(ours):
    session, drawn = await ours.platform.sign_in(OWNER, "Firefox")
    stored = ours.platform.sessions._sessions
    old = session.created_at.replace(year=session.created_at.year - 1)
    stored[session.id] = replace(session, created_at=old, last_used_at=old)
    browser = ours.browser()
    browser.cookie = drawn.text

    assert leads_to_company(await browser.open(BEGIN))
