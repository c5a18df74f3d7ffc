"""The first journey without a mouse: Tab, Enter, arrows and what one types."""

import pytest
from playwright.sync_api import expect

from tests.browser.journeys import (
    add_action,
    editor,
    expect_saved,
    make_gpt,
    operation_row,
    weather_document,
)

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]
MAX_TABS = 60
FOCUSED = """() => {
  const { activeElement: at } = document;
  const named = at.labels?.[0]?.textContent ?? at.getAttribute("aria-label") ?? at.textContent;
  return (named ?? "").trim();
}"""
POST_BY_DEFAULT = {"operationId": "StoreReading", "description": "Store a reading"}


def focused(page):
    """The name of what has the focus."""
    return page.evaluate(FOCUSED)


def tab_to(page, target):
    """Press Tab until `target` has the focus, as often as somebody would."""
    for _ in range(MAX_TABS):
        if target.evaluate("it => it === document.activeElement"):
            return
        if focused(page) == "Schema":  # where Tab indents, until Escape
            page.keyboard.press("Escape")
        page.keyboard.press("Tab")
    pytest.fail(f"No Tab leads to {target}; the last stop was {focused(page)!r}.")


def press(page, target, key="Enter"):
    """Tab to `target`, and press a key there."""
    expect(target).to_be_visible()
    tab_to(page, target)
    page.keyboard.press(key)


def press_button(within, page, name):
    press(page, within.get_by_role("button", name=name, exact=True))


@pytest.fixture
def keyboard_page(open_page, faults):
    """Of nobody yet; every click of a mouse in it fails the test."""
    page = open_page()
    page.add_init_script(
        "addEventListener('mousedown', () => console.error('The mouse was used.'), true)"
    )
    yield page
    assert faults == []


def sign_in(page, token):
    page.goto("/")
    expect(page.get_by_label("API token")).to_be_visible()
    tab_to(page, page.get_by_label("API token"))
    page.keyboard.type(token)
    page.keyboard.press("Enter")


def take_the_weather_example(page):
    press_button(page, page, "Examples")
    expect(page.get_by_role("menuitem", name="Weather")).to_be_focused()
    page.keyboard.press("Enter")
    expect(operation_row(page, "GetCurrentWeather")).to_be_visible()


def set_a_bearer_key(page):
    press_button(page, page, "Change")
    dialog = page.get_by_role("dialog")
    tab_to(page, dialog.get_by_role("radio", name="None"))
    page.keyboard.press("ArrowDown")
    expect(dialog.get_by_role("radio", name="API key")).to_be_checked()
    tab_to(page, dialog.get_by_role("radio", name="Bearer"))
    tab_to(page, dialog.get_by_role("textbox", name="API key"))
    page.keyboard.type("a-key-of-mine")
    page.keyboard.press("Enter")
    expect(dialog).to_be_hidden()
    expect(page.get_by_text("API key, Bearer")).to_be_visible()


def test_the_first_journey_needs_no_mouse(keyboard_page, platform, owner):
    page = keyboard_page
    owner.put("/v1/domains", {"mode": "list", "domains": []})
    sign_in(page, platform.token)
    press(page, page.get_by_role("button", name="New GPT").first)
    expect(page.get_by_role("dialog")).to_be_visible()
    tab_to(page, page.get_by_role("dialog").get_by_label("Name"))
    page.keyboard.type("By keyboard")
    page.keyboard.press("Enter")
    expect_saved(page)
    tab_to(page, page.get_by_label("Description"))
    page.keyboard.type("Made without a mouse.")
    expect_saved(page)

    press(page, page.get_by_role("link", name="Create new action"))
    take_the_weather_example(page)
    press_button(page, page, "Create action")
    page.wait_for_url("**/actions/act_*")
    set_a_bearer_key(page)
    press(page, page.get_by_role("button", name="Test GetCurrentWeather"))
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_label("location")).to_be_visible()
    tab_to(page, dialog.get_by_label("location"))
    page.keyboard.type("Bern")
    page.keyboard.press("Enter")

    expect(dialog.get_by_role("alert")).to_contain_text("No domains are allowed")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    assert focused(page) == "Test GetCurrentWeather"


def test_the_first_tab_leads_past_the_navigation_to_the_content(keyboard_page, platform):
    page = keyboard_page
    sign_in(page, platform.token)
    expect(page.get_by_role("button", name="New GPT").first).to_be_visible()
    page.reload()
    expect(page.get_by_role("button", name="New GPT").first).to_be_visible()

    page.keyboard.press("Tab")
    assert focused(page) == "Skip to the content"
    expect(page.get_by_role("link", name="Skip to the content")).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")

    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


def test_the_editor_of_the_schema_is_left_with_escape_and_tab(keyboard_page, platform, owner):
    page = keyboard_page
    sign_in(page, platform.token)
    expect(page.get_by_role("button", name="New GPT").first).to_be_visible()
    page.goto(f"/gpts/{make_gpt(owner)}/new-action")
    expect(editor(page)).to_be_visible()
    tab_to(page, editor(page))

    page.keyboard.press("Tab")
    expect(editor(page)).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")

    expect(editor(page)).not_to_be_focused()


@pytest.fixture
def consequential(owner, demo_port, weather_api):
    """An action whose one operation changes something, and which may be called."""
    owner.put("/v1/domains", {"mode": "list", "domains": ["example.com"]})
    gpt_id = make_gpt(owner)
    text = weather_document(weather_api.origin, **POST_BY_DEFAULT)
    text = text.replace('"get": {', '"post": {')
    return f"/gpts/{gpt_id}", f"/gpts/{gpt_id}/actions/{add_action(owner, gpt_id, text)}"


@pytest.fixture
def open_test(owner_page, consequential):
    """Each of the two places where an operation is tested, open; the answer is its form."""
    gpt, action = consequential

    def open_test(place):
        page = owner_page
        page.goto(gpt if place == "the GPT's pane" else action)
        if place == "the GPT's pane":
            return page.get_by_role("region", name="Test")
        press(page, page.get_by_role("button", name="Test StoreReading"))
        return page.get_by_role("dialog")

    return open_test


PLACES = pytest.mark.parametrize("place", ["the GPT's pane", "the action's dialog"])


@PLACES
def test_enter_in_a_form_never_sends_a_consequential_call(owner_page, open_test, owner, place):
    page, form = owner_page, open_test(place)
    sent = []
    page.on("request", lambda request: sent.append((request.method, request.url)))
    tab_to(page, form.get_by_label("location"))
    page.keyboard.type("Bern")

    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    page.wait_for_load_state("networkidle")

    assert [url for method, url in sent if method == "POST"] == []
    expect(form.get_by_label("location")).to_be_focused()
    press_button(form, page, "Call")
    expect(form.get_by_role("alert").or_(form.get_by_text("Succeeded"))).to_be_visible()
    assert len([url for method, url in sent if method == "POST"]) == 1


@PLACES
def test_a_consequential_button_never_has_the_focus_by_itself(owner_page, open_test, place):
    page, form = owner_page, open_test(place)
    call = form.get_by_role("button", name="Call", exact=True)

    expect(call).to_be_visible()
    expect(call).not_to_be_focused()
    tab_to(page, form.get_by_label("location"))
    page.keyboard.type("Bern")
    expect(call).not_to_be_focused()


def test_deleting_takes_the_name_and_is_never_the_answer_to_enter(owner_page, consequential, owner):
    page = owner_page
    page.goto(consequential[1])
    press_button(page, page, "Delete action")
    question = page.get_by_role("alertdialog")
    delete = question.get_by_role("button", name="Delete")
    expect(question).to_be_visible()
    expect(delete).to_be_disabled()
    expect(delete).not_to_be_focused()

    page.keyboard.type("Get weather data")
    expect(delete).to_be_enabled()
    page.keyboard.press("Enter")

    expect(question).to_be_visible()
    expect(delete).not_to_be_focused()
    press(page, delete)
    page.wait_for_url("**/gpts/gpt_*")
    gpt = owner.get(f"/v1{consequential[0]}")
    assert gpt["actions"] == []
