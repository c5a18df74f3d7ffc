"""Several members use one browser, one after the other: nobody is shown what another one saw."""

import pytest
from playwright.sync_api import expect

from tests.browser.journeys import expect_saved, make_gpt

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(180)]
SECRET = "The owner's private GPT"
SIGN_IN = """
async (token) => {
  const headers = { authorization: `Bearer ${token}` };
  return (await fetch("/v1/session", { method: "POST", headers })).status;
}
"""


@pytest.fixture(scope="module")
def admin_token(owner):
    member = owner.post("/v1/members", {"name": "Ada Admin", "role": "admin"})["id"]
    return owner.post("/v1/tokens", {"name": "browser", "member_id": member})["token"]


@pytest.fixture
def gpt_id(owner):
    return make_gpt(owner, name=SECRET)


@pytest.fixture
def owners_page(open_page, platform, gpt_id, faults):
    """Of a session of its own, by the owner's token, with the list of GPTs."""
    page = open_page()
    page.goto("/")
    sign_in(page, platform.token)
    expect(page.get_by_text(SECRET).first).to_be_visible()
    yield page
    assert faults == []


def sign_in(page, token):
    page.get_by_label("API token").fill(token)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Sign in")).to_be_hidden()


def sign_out(page, where):
    if where == "everywhere":
        page.get_by_role("button", name="Account of").click()
        page.get_by_role("menuitem").filter(has_text="essions").click()
        page.get_by_role("button", name="Sign out everywhere").click()
    else:
        page.get_by_role("button", name="Account of").click()
        page.get_by_role("menuitem", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


@pytest.mark.parametrize("where", ["here", "everywhere"])
def test_after_a_sign_out_the_next_member_is_shown_nothing_of_the_one_before(
    owners_page, admin_token, where
):
    sign_out(owners_page, where)
    owners_page.route("**/v1/gpts?*", lambda _: None)  # never answered: what is shown was kept
    owners_page.evaluate("history.pushState(null, '', '/')")

    sign_in(owners_page, admin_token)

    expect(owners_page.get_by_role("button", name="Account of Ada Admin")).to_be_visible()
    expect(owners_page.get_by_text(SECRET)).to_have_count(0)


def test_a_page_begins_anew_once_another_member_signed_in_in_another_tab(owners_page, admin_token):
    tab = owners_page.context.new_page()
    tab.goto("/account")
    status = tab.evaluate(SIGN_IN, admin_token)
    tab.close()
    assert status == 204
    owners_page.route("**/v1/gpts?*", lambda _: None)

    owners_page.evaluate("dispatchEvent(new Event('focus'))")

    expect(owners_page.get_by_role("button", name="Account of Ada Admin")).to_be_visible()
    expect(owners_page.get_by_text(SECRET)).to_have_count(0)


def test_what_one_member_typed_and_did_not_save_is_not_saved_by_the_next(
    owners_page, owner, gpt_id, admin_token
):
    owners_page.goto(f"/gpts/{gpt_id}")
    expect_saved(owners_page)
    owners_page.route("**/v1/gpts/*", lambda route: route.abort())
    owners_page.get_by_label("Description").fill("Typed by the owner.")
    expect(owners_page.get_by_text("Not saved", exact=True)).to_be_visible()
    owners_page.unroute("**/v1/gpts/*")
    owners_page.goto("/docs")
    owners_page.context.clear_cookies()
    owners_page.goto(f"/gpts/{gpt_id}")

    sign_in(owners_page, admin_token)

    expect_saved(owners_page)
    expect(owners_page.get_by_label("Description")).to_have_value("Weather.")
    assert owner.get(f"/v1/gpts/{gpt_id}")["description"] == "Weather."
