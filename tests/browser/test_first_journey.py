"""A new owner, with nothing but a browser: signs in, makes a GPT, and sees its actions."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from openactions import OpenActions

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(180)]
WIDTHS = (1440, 1024, 390)
NOT_OURS = {"exclude": [["[data-live-announcer]"]]}
"""Where react-aria says to screen readers what happens; an empty image's label stands there."""
ADMIN = ("domains", "members", "tokens", "settings", "audit")


@pytest.fixture(scope="module")
def gpt_id(platform):
    with OpenActions(platform.own_url, platform.token) as owner:
        return owner.post("/v1/gpts", {"name": "Pets", "description": "Knows pets."})["id"]


def test_whoever_is_not_signed_in_reads_what_this_is_and_finds_the_way_in(page):
    page.goto("/gpts/gpt_1")

    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_role("link", name="Sign in").first).to_have_attribute(
        "href", "/v1/session/sign-in?return_to=%2Fgpts%2Fgpt_1"
    )


def test_an_owner_makes_a_gpt_pastes_the_weather_example_and_sees_its_action(owner_page):
    page = owner_page
    page.goto("/")
    page.get_by_role("button", name="GPT").first.click()
    page.get_by_role("dialog").get_by_role("textbox").fill("Weather desk")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Create new action").click()
    page.get_by_role("button", name="Examples").click()
    page.get_by_role("menuitem", name="Weather").click()

    expect(page.get_by_text("GetCurrentWeather").last).to_be_visible()
    page.get_by_role("button", name="Create action").click()
    expect(page.get_by_text("GetCurrentWeather").last).to_be_visible()
    page.wait_for_url("**/actions/act_*")


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("path", ["/", "/account", *(f"/admin/{name}" for name in ADMIN)])
def test_a_page_has_no_violation_of_accessibility(owner_page, path, width):
    page = owner_page
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(path)
    page.wait_for_load_state("networkidle")
    expect(page.get_by_role("heading", level=1)).to_be_visible()

    assert found(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("view", ["", "/new-action"])
def test_an_editor_has_no_violation_of_accessibility(owner_page, gpt_id, view, width):
    page = owner_page
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"/gpts/{gpt_id}{view}")
    page.wait_for_load_state("networkidle")
    expect(page.get_by_role("heading").first).to_be_visible()

    assert found(page) == []


def found(page):
    """Each violation with the elements that have it."""
    return [
        f"{each['id']}: {node['html']}"
        for each in Axe().run(page, NOT_OURS).response["violations"]
        for node in each["nodes"]
    ]


def test_the_landing_page_has_no_violation_of_accessibility(page):
    page.goto("/")
    expect(page.get_by_role("heading", level=1)).to_be_visible()

    assert found(page) == []


def test_a_script_of_somebody_else_does_not_run_and_is_reported(open_page, faults):
    """So the watch that every test relies on sees a violation."""
    page = open_page()
    page.goto("/")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.evaluate(
        """() => {
          const script = document.createElement("img");
          script.src = "https://elsewhere.invalid/pixel.png";
          document.body.append(script);
        }"""
    )
    page.wait_for_timeout(500)

    assert any("img-src" in fault for fault in faults)
