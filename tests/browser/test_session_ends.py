"""The session ends at the platform while a page with unsaved text is open."""

import pytest
from playwright.sync_api import expect

from tests.browser.journeys import expect_saved, make_gpt

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(180)]


@pytest.fixture
def signed_in(open_page, platform, faults):
    """A page of a session of its own, by the owner's token."""

    def signed_in():
        page = open_page()
        page.goto("/")
        sign_in_on_the_landing_page(page, platform.token)
        return page

    yield signed_in
    assert faults == []


def sign_in_on_the_landing_page(page, token):
    page.get_by_label("API token").fill(token)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Sign in")).to_be_hidden()


def wait_until_refused(page):
    """Until every process of the platform knows it; the page itself asks nothing by that."""
    page.wait_for_function("async () => (await fetch('/v1/session')).status === 401")


@pytest.fixture
def ended(signed_in, owner):
    """A GPT's page whose session ended before the text in it was saved, and the GPT's id."""
    gpt_id = make_gpt(owner)
    page = signed_in()
    page.goto(f"/gpts/{gpt_id}")
    expect_saved(page)
    owner.delete("/v1/session/all")
    wait_until_refused(page)
    page.get_by_label("Description").fill("Typed after the session ended.")
    expect(page.get_by_text("Your session ended.")).to_be_visible()
    return page, gpt_id


def test_the_page_asks_to_sign_in_and_keeps_what_was_typed_on_it(ended, owner):
    page, gpt_id = ended

    expect(page.get_by_text("what you typed on this page is kept")).to_be_visible()
    expect(page.get_by_label("Description")).to_have_value("Typed after the session ended.")
    expect(page.get_by_text("Not saved", exact=True)).to_be_visible()
    assert page.url.endswith(f"/gpts/{gpt_id}")
    assert owner.get(f"/v1/gpts/{gpt_id}")["description"] == "Weather."


def test_signing_in_with_a_token_on_the_page_saves_what_was_typed_meanwhile(ended, owner, platform):
    page, gpt_id = ended

    page.get_by_role("button", name="Sign in with a token").click()
    page.get_by_label("API token").fill(platform.token)
    page.keyboard.press("Enter")

    expect(page.get_by_text("Your session ended.")).to_be_hidden()
    expect_saved(page)
    assert page.url.endswith(f"/gpts/{gpt_id}")
    assert owner.get(f"/v1/gpts/{gpt_id}")["description"] == "Typed after the session ended."


def test_signing_in_in_another_tab_saves_what_was_typed_once_one_is_back(ended, owner, platform):
    page, gpt_id = ended
    tab = page.context.new_page()
    tab.goto("/")
    sign_in_on_the_landing_page(tab, platform.token)
    tab.close()

    page.evaluate("dispatchEvent(new Event('focus'))")

    expect(page.get_by_text("Your session ended.")).to_be_hidden()
    expect_saved(page)
    assert owner.get(f"/v1/gpts/{gpt_id}")["description"] == "Typed after the session ended."


def test_after_a_reload_one_signs_in_on_the_landing_page_and_is_back_at_the_same_place(
    ended, owner, platform
):
    page, gpt_id = ended
    page.reload()

    sign_in_on_the_landing_page(page, platform.token)

    expect(page.get_by_label("Description")).to_have_value("Typed after the session ended.")
    expect_saved(page)
    assert page.url.endswith(f"/gpts/{gpt_id}")
    assert owner.get(f"/v1/gpts/{gpt_id}")["description"] == "Typed after the session ended."


def test_a_session_that_another_browser_ends_is_refused_at_the_next_request(signed_in, owner):
    page, elsewhere = signed_in(), signed_in()
    page.goto("/")
    elsewhere.goto("/account")
    elsewhere.get_by_role("button", name="Sign out everywhere").click()
    expect(elsewhere.get_by_role("heading", name="Sign in")).to_be_visible()
    wait_until_refused(page)

    page.get_by_role("link", name="Admin").click()
    page.get_by_role("link", name="Members").click()

    expect(page.get_by_text("Your session ended.")).to_be_visible()
