"""People sign in with a company's account at npm `oidc-provider`, on real servers.

pytest tests/oidc -m integration
"""

import base64
import secrets
import time
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import pytest

from egress import EgressSettings
from identity_service.main import build
from identity_service.settings import IdentitySettings
from kit.public_address import OpenActionsSettings
from kit.testing import running
from services.identity.tests.operating import OPERATOR_TOKEN, bearer
from tests.oidc.company_provider import BROUGHT, CLIENT, SECRET, Browser, bring, company

pytestmark = [pytest.mark.integration, pytest.mark.timeout(300)]
ORIGIN = "http://127.0.0.1:8080"
KEYS = "first:" + base64.b64encode(secrets.token_bytes(32)).decode()
ADA = {"sub": "ada", "email": "ada@acme.com", "email_verified": True, "name": "Ada"}
NO_CACHE_SECONDS = 1.0


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("company")
    bring(made)
    return made


class Installation:
    def __init__(self, client, token, peer):
        self.client, self.owner, self.company = client, bearer(token), peer

    async def workspace(self):
        return (await self.client.get("/v1/workspace", headers=self.owner)).json()["id"]

    async def confirm(self, workspace_id, *domains):
        path, sent = f"/v1/workspaces/{workspace_id}/domains", {"domains": domains}
        answer = await self.client.put(path, json=sent, headers=bearer(OPERATOR_TOKEN))
        assert answer.status_code == 200, answer.text

    async def configure(self, owner=None, **changed):
        body = {
            "issuer": self.company.issuer,
            "client_id": CLIENT,
            "client_secret": SECRET,
            "domains": ["acme.com"],
            **changed,
        }
        path = "/v1/workspace/sign-in"
        answer = await self.client.put(path, json=body, headers=owner or self.owner)
        assert answer.status_code == 200, answer.text
        await self.company.knows(answer.json())
        return answer.json()

    def browser(self):
        self.company.client.cookies.clear()
        return Browser(self.client, self.company, ORIGIN)

    async def signed_in(self, **says):
        """A browser in which Ada is signed in, or whoever the company says."""
        await self.company.says(person=ADA, **says)
        browser = self.browser()
        answer = await browser.sign_in(await self.workspace())
        assert answer.status_code == 303, answer.text
        return browser


@pytest.fixture
async def ours(folder, nats_url, mongodb_url, database_name):
    async with company(folder, ORIGIN) as peer:
        settings = IdentitySettings(
            nats_url=nats_url,
            mongodb_url=mongodb_url,
            mongodb_database=database_name,
            stream_replicas=1,
            operator_token=OPERATOR_TOKEN,
            keys=KEYS,
            openactions=OpenActionsSettings(public_url=ORIGIN),
        )
        tokens = []
        egress = EgressSettings(allowed_origins={peer.issuer: "127.0.0.1"})
        service = build(settings, tokens.append, egress_settings=egress)
        async with running(service) as client:
            made = Installation(client, tokens[0], peer)
            await made.confirm(await made.workspace(), "acme.com")
            await made.configure()
            yield made


async def test_from_an_address_to_a_session_and_out_again(ours):
    await ours.company.says(person=ADA)
    browser = ours.browser()
    page = await browser.open("/v1/session/sign-in")
    page = await browser.press(page, email="ada@acme.com")
    assert page.status_code == 200, page.text
    link = page.text.partition('<a href="')[2].partition('"')[0].replace("&amp;", "&")
    begun = await browser.open(link)
    back = await browser.at_company(begun.headers["location"])
    signed_in = await browser.open(back, BROUGHT)

    assert (signed_in.status_code, signed_in.headers["location"]) == (303, "/v1/session/signed-in")
    page = await browser.open(signed_in.headers["location"], BROUGHT)
    assert "Ada" in page.text
    who = (await browser.who()).json()
    assert (who["member"]["name"], who["member"]["role"]) == ("Ada", "user")
    assert set(browser.cookies) == {"openactions"}

    out = await browser.press(page)
    page = await browser.open(out.headers["location"])
    assert (await browser.who()).status_code == 401
    link = page.text.partition('<a href="')[2].partition('"')[0]
    there = await browser.open(link)
    assert there.headers["location"].startswith(f"{ours.company.issuer}/session/end?client_id=")
    asked = await ours.company.client.get(there.headers["location"])
    assert asked.status_code == 200, asked.text


async def test_the_provider_suits_and_its_answers_name_it(ours):
    tested = await ours.client.post("/v1/workspace/sign-in/test", json={}, headers=ours.owner)

    assert tested.status_code == 200, tested.text
    assert tested.json()["notes"] == []
    assert tested.json()["keys"] == 2
    shown = await ours.client.get("/v1/workspace/sign-in", headers=ours.owner)
    assert SECRET not in shown.text
    assert shown.json()["has_client_secret"]


async def test_what_a_thin_id_token_lacks_is_asked_for(ours):
    browser = await ours.signed_in(thin=True)

    assert (await browser.who()).json()["member"]["name"] == "Ada"


async def test_keys_that_changed_before_they_are_asked_for(ours):
    """How often they are asked for is tested with a clock: `test_asked_providers.py`."""
    browser = await ours.signed_in(rotate=True)
    assert (await browser.who()).status_code == 200


async def test_es256_signs_in_too(ours):
    browser = await ours.signed_in(algorithm="ES256")

    assert (await browser.who()).status_code == 200


@pytest.mark.parametrize(("seconds", "status"), [(-50, 303), (50, 303), (-1_500, 403), (300, 403)])
async def test_clocks_differ_by_a_minute_at_most(ours, seconds, status):
    await ours.company.says(person=ADA, skewSeconds=seconds)
    answer = await ours.browser().sign_in(await ours.workspace())

    assert answer.status_code == status, answer.text


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": "another"},
        {"iss": "https://login.evil.com"},
        {"exp": 1_700_000_000},
        {"nonce": "another"},
        {"at_hash": "AAAA"},
    ],
)
async def test_a_token_that_is_not_for_us_signs_nobody_in(ours, claims):
    await ours.company.says(person=ADA, claims=claims)
    browser = ours.browser()
    answer = await browser.sign_in(await ours.workspace())

    assert answer.status_code == 403
    assert "That did not work" in answer.text
    assert (await browser.who()).status_code == 401


async def test_a_state_works_once_and_in_its_own_browser_only(ours):
    await ours.company.says(person=ADA)
    browser, other = ours.browser(), ours.browser()
    begun = await browser.open(f"/v1/session/oidc?workspace={await ours.workspace()}")
    back = await browser.at_company(begun.headers["location"])
    await other.open(f"/v1/session/oidc?workspace={await ours.workspace()}")

    assert (await other.open(back, BROUGHT)).status_code == 403
    assert (await ours.browser().open(back, BROUGHT)).status_code == 403
    attempt = dict(browser.cookies)
    assert (await browser.open(back, BROUGHT)).status_code == 303
    browser.cookies = attempt
    assert (await browser.open(back, BROUGHT)).status_code == 403


@pytest.mark.parametrize("named", ["https://login.evil.com", None])
async def test_an_answer_that_names_another_issuer_or_none_is_refused(ours, named):
    await ours.company.says(person=ADA)
    browser = ours.browser()
    begun = await browser.open(f"/v1/session/oidc?workspace={await ours.workspace()}")
    back = urlsplit(await browser.at_company(begun.headers["location"]))
    answered = {name: value[0] for name, value in parse_qs(back.query).items()}
    assert answered["iss"] == ours.company.issuer
    answered["iss"] = named or ""
    query = "&".join(f"{name}={value}" for name, value in answered.items() if value)

    assert (await browser.open(f"{back.path}?{query}", BROUGHT)).status_code == 403


async def test_whoever_is_signed_out_at_the_company_is_signed_out_here_within_a_second(ours):
    browser = await ours.signed_in()
    await ours.signed_in()  # another browser of hers, of which the company has another session
    ours.company.client.cookies.clear()
    browser = await ours.signed_in()
    [*_, token] = await _signed_out_at_company(ours)
    form = {"logout_token": token}
    began = time.monotonic()
    answer = await ours.client.post("/v1/session/back-channel-logout", data=form)

    assert answer.status_code == 200, answer.text
    assert answer.headers["cache-control"] == "no-store"
    assert (await browser.who()).status_code == 401
    assert time.monotonic() - began < NO_CACHE_SECONDS
    again = await ours.client.post("/v1/session/back-channel-logout", data=form)
    assert (again.status_code, again.json()["code"]) == (400, "platform.bad_request")


async def _signed_out_at_company(ours):
    """As the person would by the company's own page; the logout tokens that it sent."""
    page = await ours.company.client.get("/session/end")
    secret = page.text.partition('name="xsrf" value="')[2].partition('"')[0]
    form = {"xsrf": secret, "logout": "yes"}
    answer = await ours.company.client.post("/session/end/confirm", data=form)
    assert answer.status_code == 303, answer.text
    return await ours.company.says()


async def test_a_browser_cannot_sign_anybody_out_so(ours):
    form = {"logout_token": "a.b.c"}
    headers = {"origin": "https://evil.example", "sec-fetch-site": "cross-site"}
    refused = await ours.client.post("/v1/session/back-channel-logout", data=form, headers=headers)

    assert (refused.status_code, refused.json()["code"]) == (403, "platform.cross_site")


async def test_a_person_of_two_workspaces_chooses(ours):
    operator = bearer(OPERATOR_TOKEN)
    made = await ours.client.post("/v1/workspaces", json={"title": "Others"}, headers=operator)
    others, owner = made.json()["id"], bearer(made.json()["owner_token"])
    await ours.confirm(others, "acme.com")
    await ours.configure(owner)
    await ours.signed_in()
    await ours.browser().sign_in(others)
    browser = ours.browser()
    ws = await ours.workspace()
    begun = await browser.open(f"/v1/session/oidc?workspace={ws}&choose=true")
    page = await browser.open(await browser.at_company(begun.headers["location"]), BROUGHT)

    assert page.status_code == 200, page.text
    chosen = await browser.press(page, 1)
    assert chosen.status_code == 303, chosen.text
    assert (await browser.who()).json()["workspace"]["id"] == others


async def test_once_it_is_enforced_links_let_the_emergency_owner_in_alone(ours):
    owner = (await ours.client.get("/v1/session", headers=ours.owner)).json()["member"]["id"]
    await ours.configure(enforced=True, emergency_owner=owner)
    path = f"/v1/workspaces/{await ours.workspace()}/sign-in-links"
    made = await ours.client.post(path, headers=bearer(OPERATOR_TOKEN))
    browser = ours.browser()
    page = await browser.open(made.json()["url"].removeprefix(ORIGIN))

    assert (await browser.press(page)).status_code == 303
    assert (await browser.who()).json()["member"]["id"] == owner
    assert (await (await ours.signed_in()).who()).status_code == 200


async def test_an_answer_comes_to_its_own_workspace_and_ends_no_others_attempt(ours):
    operator = bearer(OPERATOR_TOKEN)
    made = (await ours.client.post("/v1/workspaces", json={"title": "X"}, headers=operator)).json()
    settings = {"issuer": ours.company.issuer, "client_id": "hostile"}
    owner = bearer(made["owner_token"])
    set_ = await ours.client.put("/v1/workspace/sign-in", json=settings, headers=owner)
    hostile_uri = set_.json()["addresses"]["redirect_uri"]
    await ours.company.says(person=ADA)
    browser = ours.browser()
    theirs = await browser.open(f"/v1/session/oidc?workspace={made['id']}")
    honest = await browser.open(f"/v1/session/oidc?workspace={await ours.workspace()}")
    asked, state = (
        {name: value[0] for name, value in parse_qs(urlsplit(each).query).items()}
        for each in (honest.headers["location"], theirs.headers["location"])
    )
    mixed = {**asked, "state": state["state"]}

    back = await browser.at_company(f"{ours.company.issuer}/auth?{urlencode(mixed)}")
    path, _, query = back.partition("?")
    without_iss = urlencode([each for each in parse_qsl(query) if each[0] != "iss"])

    assert path == urlsplit(asked["redirect_uri"]).path
    assert (await browser.open(f"{path}?{without_iss}", BROUGHT)).status_code == 403
    elsewhere = {**mixed, "redirect_uri": hostile_uri}
    refused = await ours.company.client.get("/auth", params=elsewhere)
    assert (refused.status_code, "redirect_uri" in refused.text) == (400, True)
