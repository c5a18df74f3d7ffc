"""A tab of the release before, whose files the platform has no more."""

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(180)]
GONE = "This page could not be shown."


@pytest.fixture
def outdated(open_page, session):
    """The start page, after which no file of its release is there."""
    page = open_page(session)
    page.goto("/")
    expect(page.get_by_role("button", name="New GPT").first).to_be_visible()
    page.wait_for_load_state("networkidle")
    page.route("**/assets/*", lambda route: route.fulfill(status=404, body="{}"))
    return page


def test_a_page_whose_files_are_gone_says_so_and_is_there_after_a_reload(outdated):
    outdated.get_by_role("link", name="Admin").click()
    expect(outdated.get_by_text(GONE)).to_be_visible()

    outdated.unroute("**/assets/*")
    outdated.get_by_role("button", name="Reload the page").click()

    expect(outdated.get_by_role("heading", name="Domains", exact=True)).to_be_visible()
