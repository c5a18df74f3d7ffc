"""The original's article, sentence by sentence: limits, privacy policy, test, and publishing."""

import pytest
from playwright.sync_api import expect

from tests.browser.journeys import add_action, expect_saved, make_gpt, weather_document
from tests.browser.weather_api import API_KEY

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(180)]
KEY = {"type": "api_key", "placement": "bearer", "token": API_KEY}


@pytest.fixture
def ready(owner, weather_api):
    """A GPT whose one action may be called: its id, and the action's."""
    owner.put("/v1/domains", {"mode": "list", "domains": ["example.com"]})
    gpt_id = make_gpt(owner)
    action = add_action(owner, gpt_id, weather_document(weather_api.origin))
    owner.put(f"/v1/credentials/{action}", KEY)
    weather_api.asked.clear()
    return gpt_id, action


def open_publish(page, gpt_id):
    page.goto(f"/gpts/{gpt_id}")
    page.get_by_role("button", name="Publish").click()
    return page.get_by_role("dialog")


def test_a_gpt_is_configured_by_name_description_instructions_and_starters(owner_page, owner):
    """*Configure* has a name, a description, instructions and conversation starters."""
    page, gpt_id = owner_page, make_gpt(owner)
    page.goto(f"/gpts/{gpt_id}")
    page.get_by_label("Name").fill("Sky")
    page.get_by_label("Description").fill("Looks up.")
    page.get_by_label("Instructions").fill("Be brief.")
    page.get_by_role("button", name="Add a starter").click()
    expect(page.get_by_role("textbox", name="Starter 1")).to_be_focused()
    page.keyboard.type("Is it clear?")
    expect_saved(page)

    stored = owner.get(f"/v1/gpts/{gpt_id}")
    assert (stored["name"], stored["description"]) == ("Sky", "Looks up.")
    assert (stored["instructions"], stored["starters"]) == ("Be brief.", ["Is it clear?"])


def test_a_name_has_50_characters_a_description_300_and_a_gpt_12_starters(owner_page, owner):
    """The original's limits: 50, 300 and 12."""
    page = owner_page
    page.goto(f"/gpts/{make_gpt(owner, starters=['?'] * 12)}")

    expect(page.get_by_label("Name")).to_have_attribute("maxlength", "50")
    expect(page.get_by_label("Description")).to_have_attribute("maxlength", "300")
    expect(page.get_by_role("textbox", name="Starter 12")).to_be_visible()
    expect(page.get_by_role("button", name="Add a starter")).to_be_hidden()


def test_a_gpt_has_at_most_ten_actions(owner_page, owner):
    """Ten actions a GPT."""
    gpt_id = make_gpt(owner)
    for number in range(9):
        add_action(owner, gpt_id, weather_document(f"https://api-{number}.example.com"))
    owner_page.goto(f"/gpts/{gpt_id}")
    expect(owner_page.get_by_role("link", name="Create new action")).to_be_visible()

    add_action(owner, gpt_id, weather_document("https://api-9.example.com"))
    owner_page.reload()

    expect(owner_page.get_by_role("link", name="api-9.example.com")).to_be_visible()
    expect(owner_page.get_by_role("link", name="Create new action")).to_be_hidden()


def test_a_gpt_without_a_name_is_not_saved_and_says_so(owner_page, owner):
    """A name is needed."""
    page, gpt_id = owner_page, make_gpt(owner)
    page.goto(f"/gpts/{gpt_id}")
    page.get_by_label("Name").fill("")

    expect(
        page.get_by_text("A GPT needs a name; nothing is saved until it has one.")
    ).to_be_visible()
    expect(page.get_by_role("button", name="Publish")).to_be_disabled()
    assert owner.get(f"/v1/gpts/{gpt_id}")["name"] == "Weather desk"


def test_each_action_has_a_privacy_policy_url_of_its_own_which_is_optional(
    owner_page, owner, ready
):
    """The URL is an action's own, and not needed within the workspace."""
    page, (gpt_id, action) = owner_page, ready
    page.goto(f"/gpts/{gpt_id}/actions/{action}")
    policy = page.get_by_role("region", name="Privacy policy")
    expect(policy).to_contain_text("Required before the GPT is shared by link or publicly.")
    policy.get_by_label("Privacy policy URL").fill("https://weather.example.com/privacy")
    policy.get_by_role("button", name="Save").click()

    expect(policy.get_by_role("button", name="Save")).to_be_hidden()
    [stored] = owner.get(f"/v1/gpts/{gpt_id}")["actions"]
    assert stored["privacy_policy_url"] == "https://weather.example.com/privacy"


@pytest.mark.parametrize("sharing", ["Anyone with the link", "Public"])
def test_sharing_beyond_the_workspace_takes_a_privacy_policy_of_each_action(
    owner_page, ready, sharing
):
    """A public action needs a valid privacy policy URL; the list leads to where it is entered."""
    gpt_id, action = ready
    dialog = open_publish(owner_page, gpt_id)
    expect(dialog.get_by_role("button", name="Publish")).to_be_enabled()
    dialog.get_by_text(sharing, exact=True).click()
    expect(dialog.get_by_role("button", name="Publish")).to_be_disabled()

    dialog.get_by_role("link", name="Add its address").click()

    owner_page.wait_for_url(f"**/actions/{action}")
    expect(owner_page.get_by_label("Privacy policy URL")).to_be_visible()


def test_a_gpt_is_shared_with_nobody_the_workspace_by_link_or_publicly(owner_page, ready):
    """Who may use it is chosen when it is published."""
    dialog = open_publish(owner_page, ready[0])

    for choice in ("Only me", "Workspace", "Anyone with the link", "Public"):
        expect(dialog.get_by_role("radio", name=choice)).to_be_visible()


def test_each_rule_before_publishing_that_fails_leads_to_its_repair(owner_page, owner, ready):
    """What stops a publication is listed, each with the way to where it is mended."""
    owner.put("/v1/domains", {"mode": "list", "domains": []})
    dialog = open_publish(owner_page, ready[0])
    rules = dialog.get_by_role("list", name="Before it can be published")
    expect(rules).to_contain_text("demo-api.example.com is not an allowed domain yet")
    expect(dialog.get_by_role("button", name="Publish")).to_be_disabled()

    rules.get_by_role("link", name="Domains").click()

    expect(owner_page.get_by_label("Approve a domain")).to_have_value("demo-api.example.com")


def test_a_gpt_without_an_action_is_led_to_make_one(owner_page, owner):
    """A GPT whose list of actions is empty is not published as one with actions."""
    dialog = open_publish(owner_page, make_gpt(owner))

    expect(dialog.get_by_role("link", name="Create one")).to_be_visible()
    expect(dialog.get_by_role("button", name="Publish")).to_be_disabled()


def test_an_operation_is_tested_before_anything_is_published(owner_page, ready, weather_api):
    """*Test* beside an action calls it at once, as a draft."""
    page, (gpt_id, action) = owner_page, ready
    page.goto(f"/gpts/{gpt_id}/actions/{action}")
    page.get_by_role("button", name="Test GetCurrentWeather").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("location").fill("Chur")
    dialog.get_by_role("button", name="Call").click()

    expect(dialog.get_by_text("Succeeded")).to_be_visible()
    expect(dialog.get_by_role("region", name="Answer")).to_contain_text("Chur")
    assert weather_api.asked == [("GET", "/location?location=Chur")]


def test_a_test_shows_each_decision_on_the_calls_way(owner_page, ready):
    """The debug rows of a test: what was called, and what came back."""
    page = owner_page
    page.goto(f"/gpts/{ready[0]}")
    pane = page.get_by_role("region", name="Test")
    pane.get_by_label("location").fill("Chur")
    pane.get_by_role("button", name="Call").click()
    pane.get_by_text("Every decision on the way").click()

    for step in ("The arguments fit", "The request was sent: GET demo-api.example.com", "HTTP 200"):
        expect(pane.get_by_role("listitem").filter(has_text=step)).to_be_visible()


def test_what_is_edited_after_publishing_is_a_draft_until_it_is_published_again(
    owner_page, owner, ready
):
    """Publishing makes a version; what one edits afterwards is seen by nobody else until then."""
    page, (gpt_id, _) = owner_page, ready
    dialog = open_publish(page, gpt_id)
    dialog.get_by_role("button", name="Publish").click()
    expect(page.get_by_role("heading", name="Version 1 is published")).to_be_visible()
    page.get_by_role("dialog").get_by_role("button", name="Close").click()
    expect(page.get_by_text("Published, version 1")).to_be_visible()

    page.get_by_label("Description").fill("Another description.")
    expect_saved(page)

    assert owner.get(f"/v1/gpts/{gpt_id}/versions/1")["description"] == "Weather."
    expect(page.get_by_text("Unpublished changes")).to_be_visible()
    dialog = open_publish(page, gpt_id)
    dialog.get_by_role("button", name="Publish changes").click()
    expect(page.get_by_role("heading", name="Version 2 is published")).to_be_visible()
    assert owner.get(f"/v1/gpts/{gpt_id}/versions/2")["description"] == "Another description."


def test_what_is_published_is_used_and_unpublished_from_its_page_at_any_time(
    owner_page, owner, ready
):
    """A published GPT has its address and its lines at hand, and is taken back."""
    page, gpt_id = owner_page, ready[0]
    owner.post(f"/v1/gpts/{gpt_id}/publish", {})
    page.goto(f"/gpts/{gpt_id}")
    page.get_by_role("button", name="Use it").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text(f"/gpts/{gpt_id}")).to_be_visible()
    expect(dialog.get_by_text("$OPENACTIONS_TOKEN is an API token")).to_be_visible()
    expect(dialog.get_by_role("link", name="Tokens")).to_have_attribute("href", "/admin/tokens")

    dialog.get_by_role("button", name="Unpublish").click()
    page.get_by_role("alertdialog").get_by_role("button", name="Unpublish").click()

    expect(page.get_by_text("Draft", exact=True)).to_be_visible()
    assert owner.get(f"/v1/gpts/{gpt_id}")["published_version"] is None


def test_undo_takes_back_a_burst_of_typing_keeps_the_focus_and_redo_brings_it_back(
    owner_page, owner
):
    page = owner_page
    page.goto(f"/gpts/{make_gpt(owner)}")
    page.get_by_label("Instructions").press_sequentially("Be brief.")
    undo, redo = (page.get_by_role("button", name=name) for name in ("Undo", "Redo"))

    undo.click()

    expect(page.get_by_label("Instructions")).to_have_value("")
    expect(undo).to_be_focused()
    expect(undo).to_have_attribute("aria-disabled", "true")
    redo.click()
    expect(page.get_by_label("Instructions")).to_have_value("Be brief.")


def test_turning_custom_actions_off_says_what_happens_first(owner_page, owner):
    page = owner_page
    page.goto("/admin/settings")
    page.get_by_text("Custom actions", exact=True).click()
    question = page.get_by_role("alertdialog", name="Turn custom actions off?")
    expect(question).to_contain_text("Every call of every GPT in this workspace is refused")
    question.get_by_role("button", name="Cancel").click()
    assert owner.get("/v1/settings")["custom_actions_enabled"] is True

    page.get_by_text("Tolerant arguments", exact=True).click()

    expect(page.get_by_role("status").get_by_text("Saved")).to_be_visible()
    page.get_by_text("Tolerant arguments", exact=True).click()


def test_a_required_argument_that_is_left_empty_says_so_and_nothing_is_called(
    owner_page, ready, weather_api
):
    page = owner_page
    page.goto(f"/gpts/{ready[0]}")
    pane = page.get_by_role("region", name="Test")

    pane.get_by_role("button", name="Call").click()

    expect(pane.get_by_text("This argument is required.")).to_be_visible()
    assert weather_api.asked == []
