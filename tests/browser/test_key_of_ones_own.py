"""A key of one's own, from the builder's form to the call that it signs in, and its end."""

import pytest
from playwright.sync_api import expect

from tests.browser.journeys import add_action, make_gpt, weather_document
from tests.browser.weather_api import API_KEY

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(180)]


@pytest.fixture
def action_address(owner, weather_api):
    owner.put("/v1/domains", {"mode": "list", "domains": ["example.com"]})
    gpt_id = make_gpt(owner)
    action_id = add_action(owner, gpt_id, weather_document(weather_api.origin))
    way = {"type": "api_key", "per_user": True, "placement": "custom", "name": "X-Api-Key"}
    owner.put(f"/v1/credentials/{action_id}", way | {"labels": ["Your weather key"]})
    weather_api.asked.clear()
    return f"/gpts/{gpt_id}/actions/{action_id}"


def call(page):
    page.get_by_role("button", name="Test GetCurrentWeather").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("location").fill("Bern")
    dialog.get_by_role("button", name="Call").click()
    return dialog


def test_a_member_enters_a_key_calls_with_it_and_removes_it(
    owner_page, owner, weather_api, action_address
):
    page = owner_page
    page.goto(action_address)
    page.get_by_role("link", name="Enter my key").click()
    dialog = page.get_by_role("dialog", name="Your key for demo-api.example.com")
    dialog.get_by_label("Your weather key").fill(API_KEY)
    dialog.get_by_role("button", name="Save").click()
    shown = page.get_by_role("article", name="demo-api.example.com")
    expect(shown).to_contain_text("Connected")
    assert API_KEY not in page.content()

    page.goto(action_address)
    expect(call(page).get_by_text("Succeeded")).to_be_visible()
    assert weather_api.asked == [("GET", "/location?location=Bern")]

    page.goto("/admin/connections")
    page.get_by_role("link", name="Show members connected to demo-api.example.com").last.click()
    name = owner.get("/v1/members")["items"][0]["name"]
    member = page.get_by_role("article", name=name)
    expect(member).to_contain_text("Key of your own")
    member.get_by_role("button", name="Revoke").click()
    page.get_by_role("alertdialog").get_by_role("button", name="Revoke").click()
    expect(member).to_contain_text("Logged out")

    page.goto("/connections")
    expect(shown.first).to_contain_text("Enter a key again to use it.")
    page.goto(action_address)
    expect(call(page).get_by_role("alert")).to_contain_text("sign")
    assert len(weather_api.asked) == 1


def test_an_action_without_own_keys_says_so(owner_page, owner):
    action_id = add_action(owner, make_gpt(owner), weather_document())
    owner_page.goto(f"/connections?key={action_id}")

    dialog = owner_page.get_by_role("dialog")
    expect(dialog.get_by_role("alert")).to_be_visible()
    dialog.get_by_role("button", name="Close").click()
    expect(dialog).to_be_hidden()
