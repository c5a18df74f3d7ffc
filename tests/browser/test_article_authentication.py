"""The original's article, sentence by sentence: how an action signs in to its API."""

import pytest
from playwright.sync_api import expect

from tests.browser.journeys import add_action, make_gpt, weather_document
from tests.browser.weather_api import API_KEY

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(180)]


@pytest.fixture
def gpt_id(owner):
    owner.put("/v1/domains", {"mode": "list", "domains": ["example.com"]})
    return make_gpt(owner)


@pytest.fixture
def action_page(owner_page, owner, gpt_id, weather_api):
    action = add_action(owner, gpt_id, weather_document(weather_api.origin))
    weather_api.asked.clear()
    owner_page.goto(f"/gpts/{gpt_id}/actions/{action}")
    return owner_page


def authentication(page):
    return page.get_by_role("region", name="Authentication")


def open_api_key(page):
    authentication(page).get_by_role("button", name="Change").click()
    dialog = page.get_by_role("dialog")
    types = dialog.get_by_role("radiogroup", name="Authentication type")
    types.get_by_text("API key", exact=True).click()
    return dialog


def call(page):
    """What the Test of the one operation shows."""
    page.get_by_role("button", name="Test GetCurrentWeather").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("location").fill("Bern")
    dialog.get_by_role("button", name="Call").click()
    return dialog


def test_an_action_has_no_authentication_until_one_is_chosen(action_page):
    """None is what an action begins with."""
    expect(authentication(action_page)).to_contain_text("None")


@pytest.mark.parametrize(
    ("auth_type", "fields", "shown"),
    [
        ("Basic", {"User name": "ada", "Password": API_KEY}, "API key, Basic"),
        ("Bearer", {"API key": API_KEY}, "API key, Bearer"),
        (
            "Custom header",
            {"Custom header name": "X-Api-Key", "API key": API_KEY},
            "API key, header · X-Api-Key",
        ),
    ],
)
def test_an_api_key_is_sent_as_basic_bearer_or_in_a_custom_header(
    action_page, weather_api, auth_type, fields, shown
):
    """An API key has an auth type, Basic, Bearer or Custom, which says how it is sent."""
    dialog = open_api_key(action_page)
    dialog.get_by_text(auth_type, exact=True).click()
    for label, value in fields.items():
        dialog.get_by_role("textbox", name=label).fill(value)
    dialog.get_by_role("button", name="Save").click()
    expect(authentication(action_page)).to_contain_text(shown, ignore_case=True)

    expect(call(action_page).get_by_text("Succeeded")).to_be_visible()
    assert weather_api.asked == [("GET", "/location?location=Bern")]


def test_a_custom_header_has_a_name_of_its_own(action_page):
    """Custom asks for the header's name, and proposes `X-Api-Key`; the others do not ask."""
    dialog = open_api_key(action_page)
    name = dialog.get_by_role("textbox", name="Custom header name")
    dialog.get_by_text("Bearer", exact=True).click()
    expect(name).to_be_hidden()

    dialog.get_by_text("Custom header", exact=True).click()

    expect(name).to_have_attribute("placeholder", "X-Api-Key")


def test_a_key_is_never_shown_again(action_page):
    """A key is stored encrypted; the form is empty whenever it is opened."""
    page = action_page
    dialog = open_api_key(page)
    dialog.get_by_text("Bearer", exact=True).click()
    dialog.get_by_role("textbox", name="API key").fill(API_KEY)
    expect(dialog.get_by_role("textbox", name="API key")).to_have_attribute("type", "password")
    dialog.get_by_role("button", name="Save").click()
    expect(authentication(page)).to_contain_text("API key, Bearer")

    page.reload()
    dialog = open_api_key(page)

    dialog.get_by_text("Bearer", exact=True).click()
    expect(dialog.get_by_role("textbox", name="API key")).to_have_value("")
    assert API_KEY not in page.content()
    assert API_KEY not in page.evaluate("JSON.stringify({...localStorage, ...sessionStorage})")


def test_nothing_is_saved_without_a_key(action_page):
    """The key is required."""
    dialog = open_api_key(action_page)
    dialog.get_by_text("Bearer", exact=True).click()

    expect(dialog.get_by_role("button", name="Save")).to_be_disabled()


def test_each_action_of_a_gpt_has_its_own_authentication(action_page, owner, gpt_id, weather_api):
    """Actions of one GPT may sign in in different ways."""
    page = action_page
    dialog = open_api_key(page)
    dialog.get_by_text("Bearer", exact=True).click()
    dialog.get_by_role("textbox", name="API key").fill(API_KEY)
    dialog.get_by_role("button", name="Save").click()
    expect(authentication(page)).to_contain_text("API key, Bearer")
    other = add_action(owner, gpt_id, weather_document(operationId="GetAnother"))

    page.goto(f"/gpts/{gpt_id}/actions/{other}")

    expect(authentication(page)).to_contain_text("None")


def test_a_security_scheme_in_the_schema_supplies_no_credential(
    owner_page, owner, weather_api, gpt_id
):
    """What the schema says of security is no key: only the form sets one."""
    text = weather_document(weather_api.origin, security=[{"key": []}])
    scheme = '"components": {"securitySchemes": {"key": {"type": "http", "scheme": "bearer"}}},'
    action = add_action(owner, gpt_id, text.replace('"paths"', scheme + '"paths"'))
    owner_page.goto(f"/gpts/{gpt_id}/actions/{action}")

    expect(authentication(owner_page)).to_contain_text("None")


def test_an_allowed_domain_replaces_no_authentication(action_page, weather_api):
    """That a domain is allowed signs nobody in: the API refuses a call without its key."""
    result = call(action_page)

    expect(result.get_by_text("HTTP 401", exact=True)).to_be_visible()
    assert weather_api.asked == []
