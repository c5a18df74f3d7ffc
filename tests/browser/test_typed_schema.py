"""A schema that somebody is typing: what leaving the page, a save and another tab do to it."""

import pytest
from playwright.sync_api import expect

from tests.browser.journeys import add_action, editor, make_gpt, operation_row, weather_document

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(180)]
MARK = "x-typed"


@pytest.fixture
def action(owner):
    """The path of an action in the API."""
    gpt_id = make_gpt(owner)
    return f"/gpts/{gpt_id}/actions/{add_action(owner, gpt_id, weather_document())}"


@pytest.fixture
def opened(owner_page, action):
    owner_page.goto(action)
    expect(editor(owner_page)).to_contain_text("GetCurrentWeather")
    expect(operation_row(owner_page, "GetCurrentWeather")).to_be_visible()
    return owner_page


def type_at_the_end(page, text):
    editor(page).click()
    page.keyboard.press("Control+End")
    page.keyboard.insert_text(text)


def test_what_was_typed_just_before_a_link_is_followed_is_there_when_one_comes_back(opened):
    type_at_the_end(opened, MARK)
    opened.get_by_role("link", name="Back to the GPT").click()
    expect(opened.get_by_label("Description")).to_be_visible()

    opened.go_back()

    expect(editor(opened)).to_contain_text(MARK)


def test_what_was_typed_just_before_a_reload_is_there_after_it(opened):
    type_at_the_end(opened, MARK)
    opened.reload()

    expect(editor(opened)).to_contain_text(MARK)


def test_a_schema_that_somebody_saved_meanwhile_is_not_replaced_unseen(opened, owner, action):
    theirs = owner.post("/v1/schemas", {"text": weather_document(operationId="Theirs")})["id"]
    owner.patch(f"/v1{action}", {"schema_id": theirs, "operations": None})
    type_at_the_end(opened, "\n")

    opened.get_by_role("button", name="Save schema").click()

    expect(opened.get_by_text("Somebody saved another version meanwhile.")).to_be_visible()
    assert owner.get(f"/v1{action}")["schema_id"] == theirs
    expect(editor(opened)).to_contain_text("GetCurrentWeather")


def test_what_is_typed_while_a_save_runs_is_neither_lost_nor_taken_as_saved(opened):
    held = []
    opened.route("**/v1/schemas", lambda route: held.append(route))  # noqa: PLW0108 - Playwright writes onto it
    type_at_the_end(opened, "\n")
    with opened.expect_request("**/v1/schemas"):
        opened.get_by_role("button", name="Save schema").click()
    type_at_the_end(opened, f"\n{MARK}")
    with opened.expect_response("**/v1/gpts/*/actions/*"):
        held.pop().continue_()

    expect(opened.get_by_text("This is what you typed here before")).to_be_visible()
    expect(editor(opened)).to_contain_text(MARK)
    expect(opened.get_by_role("button", name="Save schema")).to_be_enabled()
