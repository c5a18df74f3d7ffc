"""What people read where they cannot get in as they tried: why, and a link to where they can."""

import html
import re
from dataclasses import replace
from urllib.parse import parse_qsl, urlsplit

import pytest
from pydantic import SecretStr

from contracts.principal import WorkspaceClosing
from contracts.requests import Role
from identity_service.domain.errors import LinkUsedUp, TooManyMembers
from identity_service.domain.member import Member
from identity_service.domain.member_errors import EmailTaken, MemberInactive, ServiceSignsInNowhere
from identity_service.domain.oidc.errors import (
    AttemptOver,
    LinkWouldNotSignIn,
    NoCompanySignIn,
    NoKeys,
    ProviderUnreachable,
    ProviderUnsuitable,
    SignOnEnforced,
)
from identity_service.entrypoints.company_sign_in_pages import router
from identity_service.entrypoints.operator import only_operator, operator_routes
from identity_service.entrypoints.page_hints import HINTS
from identity_service.entrypoints.refused_pages import way_out_of_company, way_to_company
from identity_service.entrypoints.scim_errors import refusal
from kit.browser import CrossSite
from kit.errors import NothingHere
from kit.html import hint_of
from kit.strict import UnknownParameter
from services.identity.tests.company import ISSUER, OWNER
from services.identity.tests.operating import OPERATOR_TOKEN, bearer
from services.identity.tests.page_platform import pages, principal_of
from services.identity.tests.session_platform import ADA, OURS
from services.identity.tests.signing_in import SCRIPT, TYPED

COMPANY = f"/v1/session/oidc?workspace={OURS}"
CHANGE = f"/v1/session/oidc/sign-out?workspace={OURS}"
SIGN_IN = "/v1/session/sign-in"
ADMIN = Member("mem_admin", OURS, "Adam", Role.ADMIN)


def links_of(answer):
    return [html.unescape(each) for each in re.findall(r'<a href="([^"]+)">', answer.text)]


def shown(answer):
    """The text alone: addresses in links and forms are not read."""
    assert answer.headers["content-type"].startswith("text/html"), answer.text
    return html.unescape(re.sub(r"<[^>]+>", "", answer.text.partition("<body>")[2]))


@pytest.fixture
async def ours():
    async with pages() as shown:
        await shown.platform.members.add(ADA)
        await shown.platform.members.add(ADMIN)
        yield shown


async def enforce(ours):
    """Without the check of the emergency owner's token, which is another matter."""
    store = ours.platform.sign_in_settings
    seen = await store.find(OURS)
    changed = replace(seen, enforced=True, emergency_owner=OWNER.id, revision=seen.revision + 1)
    await store.save(seen, changed)


async def test_n2_an_invitation_under_enforced_sign_on_leads_to_the_company(ours):
    path, browser = await ours.invitation_for(), ours.browser()
    await enforce(ours)

    page = await browser.open(path)
    joined = await browser.press(page)

    assert "Then you sign in at your company" in shown(page)
    assert "signs you in" not in shown(page)
    assert ">Join</button>" in page.text
    assert (joined.status_code, browser.cookie) == (200, "")
    assert "You are a member now" in shown(joined)
    assert "bob@acme.com" in shown(joined)
    assert links_of(joined)[0] == COMPANY
    assert (await ours.platform.members.find_by_email(OURS, "bob@acme.com")).role is Role.BUILDER


async def test_n2_elsewhere_the_button_still_signs_in(ours):
    browser = ours.browser()

    page = await browser.open(await ours.invitation_for())
    joined = await browser.press(page)

    assert "signs you in" in shown(page)
    assert (joined.status_code, joined.headers["location"]) == (303, "/v1/session/signed-in")


async def test_n3_no_link_is_made_for_whom_enforced_sign_on_keeps_out(ours):
    await enforce(ours)
    token = {"authorization": "Bearer " + "oat_" + "0" * 43}
    ours.api.state.verifier = Owner()

    refused = await ours.client.post(f"/v1/members/{ADMIN.id}/sign-in-links", headers=token)
    made = await ours.client.post(f"/v1/members/{OWNER.id}/sign-in-links", headers=token)

    assert (refused.status_code, refused.json()["code"]) == (409, "identity.link_would_not_sign_in")
    assert COMPANY in refused.json()["hint"]
    assert made.status_code == 201


async def test_n3_the_page_of_a_link_that_was_made_before_says_so_and_uses_nothing_up(ours):
    path, browser = await ours.link_for(ADMIN), ours.browser()
    before = await browser.open(path)
    await enforce(ours)

    page, pressed = await browser.open(path), await browser.press(before)

    for refused in (page, pressed):
        assert refused.status_code == 403
        assert "company's account only" in shown(refused)
        assert "/v1/" not in shown(refused)
        assert links_of(refused) == [COMPANY, SIGN_IN, "/"]
    await ours.platform.remove(OURS, None)
    assert (await browser.follow(path)).status_code == 303


class Owner:
    """Takes whatever comes for the owner."""

    address = type("Address", (), {"origin": "http://127.0.0.1:8080"})()

    async def of(self, request):
        return principal_of(OWNER)


async def test_n9_a_page_that_refuses_leads_to_signing_in_and_names_no_path(ours):
    browser = ours.browser()

    for path in ("/v1/session/link/osl_none", f"/v1/session/oidc/callback/{OURS}?state=x&code=y"):
        refused = await browser.open(path)
        assert links_of(refused) == [SIGN_IN, "/"]
        assert "/v1/" not in shown(refused)
    used = shown(await browser.open("/v1/session/link/osl_none"))
    assert "an owner or an admin" in used


@pytest.mark.parametrize(
    "error",
    [
        *(LinkUsedUp(), TooManyMembers(9), EmailTaken(), MemberInactive()),
        *(ServiceSignsInNowhere(), AttemptOver(), NoCompanySignIn(), NoKeys(), NothingHere()),
        *(ProviderUnreachable("x"), ProviderUnsuitable("x"), CrossSite("x")),
    ],
    ids=lambda error: error.code,
)
def test_n9_people_are_not_told_to_send_requests(error):
    advice = hint_of(error, HINTS)

    assert advice.endswith(".")
    assert not re.search(r"/v1/|OpenAPI|Bearer|POST|PUT|GET|[A-Z]{3,}_", advice)


def test_n9_nor_where_a_workspace_is_closing(ours):
    closing = WorkspaceClosing(ours.platform.clock())

    assert "/v1/" not in hint_of(closing, HINTS)


@pytest.mark.parametrize("why", ["another account", "the company refuses"])
async def test_n9_whoever_came_with_the_wrong_account_can_change_it(ours, why):
    company, browser = ours.platform.company, ours.browser()
    company.person = {"sub": "u1", "email": "eve@other.com", "email_verified": True}
    begun = await browser.open(f"{COMPANY}")
    cookie = begun.headers["set-cookie"].partition(";")[0]
    asked = dict(re.findall(r"[?&](state|nonce)=([^&]+)", begun.headers["location"]))
    company.nonces["code-1"] = asked["nonce"]
    answered = "code=code-1" if why == "another account" else "error=access_denied"

    refused = await ours.client.get(
        f"/v1/session/oidc/callback/{OURS}?state={asked['state']}&{answered}",
        headers={**TYPED, "cookie": cookie},
    )

    assert refused.status_code == 403
    assert links_of(refused) == [CHANGE, SIGN_IN, "/"]
    there = await browser.open(CHANGE)
    assert there.headers["location"].startswith("https://login.acme.com/logout?")


async def test_n9_a_company_without_a_place_to_sign_out_is_said(ours):
    ours.platform.company.configuration = {"end_session_endpoint": None}
    providers = ours.platform.providers
    providers._known.clear()
    providers._tried.clear()

    page = await ours.browser().open(CHANGE)

    assert "Sign out there yourself" in shown(page)


async def test_n9_whoever_must_sign_in_first_reads_of_the_companys_sign_in(ours):
    needed = await ours.browser().open("/v1/session/signed-in")

    assert needed.status_code == 401
    assert "Sign in with your company's account" in shown(needed)
    assert links_of(needed)[0].startswith(SIGN_IN)


async def test_n9_an_invitation_of_a_member_says_that_they_are_one(ours):
    path, browser = await ours.invitation_for(), ours.browser()
    offered = await browser.open(path)
    await ours.platform.members.add(Member("mem_bob", OURS, "Bob", Role.USER, email="bob@acme.com"))

    for answer in (await browser.open(path), await browser.press(offered)):
        assert answer.status_code == 409
        assert "You are a member already" in shown(answer)
        assert "<button" not in answer.text
        assert links_of(answer)[0] == SIGN_IN


async def test_n10_signed_out_is_not_said_to_a_browser_that_is_signed_in(ours):
    browser = await ours.signed_in(ADA)

    still = await browser.open("/v1/session/signed-out")
    gone = await browser.press(still)
    out = await browser.open(gone.headers["location"])

    assert "You are still signed in" in shown(still)
    assert "Ada" in shown(still)
    assert "is signed out" not in shown(still)
    assert gone.status_code == 303
    assert "This browser is signed out" in shown(out)
    assert links_of(out) == [SIGN_IN, "/"]


async def test_n10_nor_to_one_whose_session_ended(ours):
    browser = await ours.signed_in(ADA)
    await ours.platform.end_all(OURS, ADA.id)

    assert "This browser is signed out" in shown(await browser.open("/v1/session/signed-out"))


async def test_n11_a_way_back_is_offered_where_somebody_wanted_a_page(ours):
    plain = await ours.browser().open(SIGN_IN)
    wanted = await ours.browser().open(f"{SIGN_IN}?return_to=/v1/session/signed-in")

    assert "Back to the page" not in shown(plain)
    assert "Back to the page" in shown(wanted)
    assert router.prefix == "/v1/session"


async def test_n7_n11_what_a_browser_lacks_is_said_of_the_browser(ours):
    browser = await ours.signed_in(ADA)
    as_another = {**SCRIPT, "openactions-user": str(OWNER.id)}
    cookie = f"openactions={browser.cookie}"

    role = await browser.call("POST", "/v1/members", json={"name": "Bob", "role": "user"})
    acting = await browser.call("GET", "/v1/members", headers=as_another)
    twice = await ours.client.get("/v1/members", headers={"cookie": f"{cookie}; {cookie}"})
    nothing = await ours.client.get("/v1/members")

    assert role.json()["detail"].startswith("Your role, `builder`, does not allow this")
    assert (acting.status_code, acting.json()["code"]) == (403, "identity.only_tokens_act")
    assert "Leave the header out" in acting.json()["hint"]
    assert (twice.status_code, twice.json()["code"]) == (401, "identity.session_ended")
    assert "more than once" in twice.json()["detail"]
    assert nothing.json()["code"] == "identity.token_invalid"


async def test_n7_the_operators_routes_name_the_operators_token(ours):
    ours.api.include_router(operator_routes(only_operator(SecretStr(OPERATOR_TOKEN))))
    owners = bearer("oat_" + "0" * 43)

    refused = (await ours.client.get("/v1/workspaces", headers=owners)).json()

    assert (refused["status"], refused["code"]) == (401, "identity.token_invalid")
    assert "operator's token" in refused["detail"]
    assert "IDENTITY_OPERATOR_TOKEN" in refused["hint"]


def test_n8_a_directory_is_told_where_its_address_describes_itself():
    shown = refusal(UnknownParameter("sorted", ["filter"]))

    assert "OpenAPI" not in shown.detail
    assert "`filter`" in shown.detail
    assert "/scim/v2/ServiceProviderConfig" in shown.detail


@pytest.mark.parametrize("path", [SIGN_IN, f"{SIGN_IN}?return_to=/v1/session/signed-in", COMPANY])
async def test_n11_a_sign_in_is_begun_at_the_address_where_it_ends(ours, path):
    browser = ours.browser()

    led = await browser.open(f"http://localhost:8080{path}")
    there = await browser.open(led.headers["location"])

    assert led.status_code == 303
    assert "set-cookie" not in led.headers
    assert led.headers["location"].startswith("http://127.0.0.1:8080/v1/session/")
    assert there.headers["set-cookie"].startswith("openactions-attempt=oab_")
    where = led.headers["location"].replace("127.0.0.1", "proxy.internal")
    assert "set-cookie" in (await browser.open(where)).headers  # a proxy's Host makes no circle


@pytest.mark.parametrize("given", ["owner", "nobody"])
async def test_n11_a_default_role_that_cannot_be_is_pointed_at(ours, given):
    ours.api.state.verifier = Owner()
    body = {"issuer": ISSUER, "client_id": "x", "default_role": given}

    refused = await ours.client.put("/v1/workspace/sign-in", json=body)

    assert [each["pointer"] for each in refused.json()["findings"]] == ["/body/default_role"]


@pytest.mark.parametrize("asked", ["POST", "PUT"])
async def test_n11_a_dead_provider_is_no_reason_to_ask_the_same_again(ours, asked):
    ours.api.state.verifier, ours.platform.company.down = Owner(), True
    body = {"issuer": "https://login.other.com"}

    if asked == "POST":
        refused = await ours.client.post("/v1/workspace/sign-in/test", json=body)
    else:
        whole = {**body, "client_id": "x"}
        refused = await ours.client.put("/v1/workspace/sign-in", json=whole)

    assert refused.json()["code"] == "identity.provider_unreachable"
    assert "/test" not in refused.json()["hint"]
    assert "Check the issuer" in refused.json()["hint"]


@pytest.mark.parametrize("issuer", ["https://10.0.0.1", "https://localhost"])
async def test_h108_an_issuer_that_only_the_operator_can_list_is_refused_as_an_issuer(ours, issuer):
    ours.api.state.verifier = Owner()

    refused = await ours.client.post("/v1/workspace/sign-in/test", json={"issuer": issuer})

    assert "issuer on the public internet" in refused.json()["hint"]
    assert "EGRESS_ALLOWED_ORIGINS" in refused.json()["hint"]
    assert "API" not in refused.json()["hint"]


def test_ways_to_and_from_the_company_keep_the_workspaces_name_one_parameter():
    hostile = "ws_1&return_to=/x#y é"

    for way in (way_to_company(hostile), way_out_of_company(hostile, "sign_out_there")):
        assert parse_qsl(urlsplit(way.path).query) == [("workspace", hostile)]
        assert not urlsplit(way.path).fragment


def test_a_program_is_told_the_address_that_pages_lead_to():
    for refusal_ in (SignOnEnforced(OURS), LinkWouldNotSignIn(OURS)):
        assert way_to_company(OURS).path in refusal_.hint
