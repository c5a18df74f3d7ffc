"""The same draft, open in two tabs."""

import pytest
from playwright.sync_api import expect

from tests.browser.journeys import expect_saved, make_gpt

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(180)]


@pytest.fixture
def two_tabs(owner_page, owner, faults):
    """Two tabs of one browser with the same GPT, and its id."""
    gpt_id = make_gpt(owner)
    other = owner_page.context.new_page()
    for tab in (owner_page, other):
        tab.goto(f"/gpts/{gpt_id}")
        expect(tab.get_by_label("Description")).to_have_value("Weather.")
    return owner_page, other, gpt_id


@pytest.fixture
def two_browsers(open_page, session, owner):
    """Two browsers, which share nothing that is kept in one, with the same GPT, and its id."""
    gpt_id = make_gpt(owner)
    pages = open_page(session), open_page(session)
    for page in pages:
        page.goto(f"/gpts/{gpt_id}")
        expect(page.get_by_label("Description")).to_have_value("Weather.")
    return *pages, gpt_id


@pytest.mark.parametrize("where", ["two_tabs", "two_browsers"])
def test_both_sides_of_a_field_that_two_tabs_changed_are_shown_and_mine_can_be_kept(
    request, owner, where
):
    one, other, gpt_id = request.getfixturevalue(where)
    one.get_by_label("Description").fill("From one tab.")
    expect_saved(one)

    other.get_by_label("Description").fill("From the other tab.")

    notice = other.get_by_text("Somebody else changed “Description” at the same time.")
    expect(notice).to_be_visible()
    expect(other.get_by_text("From one tab.", exact=True)).to_be_visible()
    expect(other.locator("pre").get_by_text("From the other tab.", exact=True)).to_be_visible()
    assert owner.get(f"/v1/gpts/{gpt_id}")["description"] == "From one tab."
    other.get_by_role("button", name="Keep mine").click()
    expect_saved(other)
    expect(notice).to_be_hidden()
    assert owner.get(f"/v1/gpts/{gpt_id}")["description"] == "From the other tab."


def test_the_other_tabs_value_can_be_taken_and_undo_brings_mine_back(two_browsers, owner):
    one, other, gpt_id = two_browsers
    one.get_by_label("Instructions").fill("Answer in German.")
    expect_saved(one)
    other.get_by_label("Instructions").fill("Answer in French.")

    other.get_by_role("button", name="Take theirs").click()

    expect(other.get_by_label("Instructions")).to_have_value("Answer in German.")
    expect_saved(other)
    assert owner.get(f"/v1/gpts/{gpt_id}")["instructions"] == "Answer in German."
    other.get_by_role("button", name="Undo").click()
    expect(other.get_by_label("Instructions")).to_have_value("Answer in French.")


def test_two_tabs_that_change_different_fields_both_keep_what_they_typed(two_browsers, owner):
    one, other, gpt_id = two_browsers
    one.get_by_label("Description").fill("From one tab.")
    expect_saved(one)

    other.get_by_label("Instructions").fill("From the other tab.")
    expect_saved(other)

    stored = owner.get(f"/v1/gpts/{gpt_id}")
    assert stored["description"] == "From one tab."
    assert stored["instructions"] == "From the other tab."
    expect(other.get_by_label("Description")).to_have_value("From one tab.")


def test_while_a_conflict_is_open_nothing_of_the_draft_is_saved_over_the_other_side(
    two_browsers, owner
):
    one, other, gpt_id = two_browsers
    one.get_by_label("Description").fill("From one tab.")
    expect_saved(one)
    other.get_by_label("Description").fill("From the other tab.")
    expect(other.get_by_role("button", name="Keep mine")).to_be_visible()

    other.get_by_label("Instructions").fill("Typed during the conflict.")
    other.reload()

    expect(other.get_by_role("button", name="Keep mine")).to_be_visible()
    expect(other.get_by_label("Instructions")).to_have_value("Typed during the conflict.")
    assert owner.get(f"/v1/gpts/{gpt_id}")["description"] == "From one tab."
