"""A new owner, with nothing but a browser: signs in, makes a GPT, and sees its actions."""

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(180)]


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
