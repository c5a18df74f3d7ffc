"""The connection goes while somebody types, and comes back."""

import pytest
from playwright.sync_api import expect

from tests.browser.journeys import (
    editor,
    expect_saved,
    make_gpt,
    take_example,
    weather_document,
    write_schema,
)

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(180)]
OFFLINE = "You are offline. What you type is kept here and saved once you are back."
KEPT = "This is what you typed here before; it is not saved yet."


@pytest.fixture
def gpt_id(owner):
    return make_gpt(owner)


def test_what_is_typed_offline_is_kept_and_saved_once_the_browser_is_back(
    owner_page, owner, gpt_id
):
    page = owner_page
    page.goto(f"/gpts/{gpt_id}")
    expect_saved(page)
    page.context.set_offline(True)
    expect(page.get_by_text(OFFLINE)).to_be_visible()

    page.get_by_label("Description").fill("Typed without a connection.")

    expect(page.get_by_text("Not saved", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="Publish")).to_be_disabled()
    page.context.set_offline(False)
    expect(page.get_by_text(OFFLINE)).to_be_hidden()
    expect(page.get_by_role("status").get_by_text("Saved", exact=True)).to_be_visible(
        timeout=20_000
    )
    assert owner.get(f"/v1/gpts/{gpt_id}")["description"] == "Typed without a connection."


def test_what_was_typed_offline_is_there_after_the_tab_was_closed_and_is_saved_then(
    owner_page, owner, gpt_id
):
    page = owner_page
    page.goto(f"/gpts/{gpt_id}")
    expect_saved(page)
    page.context.set_offline(True)
    page.get_by_label("Instructions").fill("Typed, and the tab was closed.")
    expect(page.get_by_text("Not saved", exact=True)).to_be_visible()
    another = page.context.new_page()
    page.close()

    page.context.set_offline(False)
    another.goto(f"/gpts/{gpt_id}")

    expect(another.get_by_label("Instructions")).to_have_value("Typed, and the tab was closed.")
    expect_saved(another)
    assert owner.get(f"/v1/gpts/{gpt_id}")["instructions"] == "Typed, and the tab was closed."


def test_a_schema_that_was_typed_offline_is_kept_over_a_reload(owner_page, gpt_id):
    page = owner_page
    page.goto(f"/gpts/{gpt_id}/new-action")
    take_example(page, "Weather")
    expect(page.get_by_role("rowheader", name="GetCurrentWeather")).to_be_visible()
    page.context.set_offline(True)
    write_schema(page, weather_document(operationId="TypedWithoutAConnection"))
    expect(page.get_by_text("The platform does not answer.")).to_be_visible()
    page.wait_for_function(
        "() => Object.values(localStorage).some((kept) => kept.includes('TypedWithoutAConnection'))"
    )

    page.context.set_offline(False)
    page.reload()

    expect(page.get_by_text(KEPT)).to_be_visible()
    expect(editor(page)).to_contain_text("TypedWithoutAConnection")
    expect(page.get_by_role("rowheader", name="TypedWithoutAConnection")).to_be_visible()
