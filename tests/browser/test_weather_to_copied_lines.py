"""A new owner with a browser: from the link that `up` prints to calls by the copied lines."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import expect

from openactions_local import demo_origin
from tests.browser.conftest import LINK
from tests.browser.journeys import (
    NO_DOMAINS,
    WEATHER_HOST,
    editor,
    expect_saved,
    operation_row,
    take_example,
)
from tests.browser.weather_api import API_KEY

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]
PROGRAMS = Path(sys.executable).parent
WAYS = {"REST": "rest", "Python": "python", "Command line": "cli"}


@pytest.fixture
def page(open_page, faults):
    yield open_page(permissions=["clipboard-read", "clipboard-write"])
    assert faults == []


def run_as_copied(way, lines, token):
    """What one sees after pasting the lines into a shell, or into Python."""
    command = [sys.executable, "-c", lines] if way == "Python" else ["bash", "-c", lines]
    path = f"{PROGRAMS}:{os.environ['PATH']}"  # noqa: TID251 - where curl is
    return subprocess.run(
        command,
        env={"PATH": path, "OPENACTIONS_TOKEN": token, "COLUMNS": "160", "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def sign_in_by_the_printed_link(page, output):
    page.goto(LINK.search(output)[0])
    page.get_by_role("button").first.click()
    page.wait_for_url("**/v1/session/signed-in")
    page.goto("/")


def make_the_weather_action(page, origin):
    page.get_by_role("button", name="New GPT").first.click()
    page.get_by_role("dialog").get_by_label("Name").fill("Weather desk")
    page.keyboard.press("Enter")
    page.get_by_label("Description").fill("Tells the weather.")
    expect_saved(page)
    page.get_by_role("link", name="Create new action").click()
    take_example(page, "Weather")
    expect(operation_row(page, "GetCurrentWeather")).to_contain_text("Ready")
    replace_server(page, origin)
    page.get_by_role("button", name="Create action").click()
    page.wait_for_url("**/actions/act_*")


def replace_server(page, origin):
    """By the editor's own search, as somebody does who has the API elsewhere."""
    editor(page).get_by_text(WEATHER_HOST).dblclick()
    text = editor(page).inner_text()
    editor(page).click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(text.replace(WEATHER_HOST, origin))
    expect(editor(page)).to_contain_text(origin)
    expect(operation_row(page, "GetCurrentWeather")).to_be_visible()


def set_the_key(page):
    page.get_by_role("button", name="Change").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_text("API key", exact=True).click()
    dialog.get_by_text("Bearer").click()
    dialog.get_by_role("textbox", name="API key").fill(API_KEY)
    dialog.get_by_role("button", name="Save").click()
    expect(page.get_by_text("API key, Bearer")).to_be_visible()


def be_refused_in_the_test(page):
    page.get_by_role("button", name="Test GetCurrentWeather").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("location").fill("Bern")
    dialog.get_by_role("button", name="Call").click()
    expect(dialog.get_by_role("alert")).to_contain_text(NO_DOMAINS)
    link = dialog.get_by_role("link", name=f"Approve {demo_origin.HOST}")
    expect(link).to_have_attribute("href", f"/admin/domains?allow={demo_origin.HOST}")
    dialog.get_by_role("button", name="Close").click()


def allow_the_domain(page):
    page.get_by_role("link", name=f"Approve {demo_origin.HOST}").click()
    expect(page.get_by_label("Approve a domain")).to_have_value(demo_origin.HOST)
    page.get_by_role("button", name="Approve", exact=True).click()
    expect(page.get_by_role("button", name=f"Remove {demo_origin.HOST}")).to_be_visible()


def call_in_the_test(page):
    page.get_by_role("button", name="Test GetCurrentWeather").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("location").fill("Bern")
    page.keyboard.press("Enter")
    expect(dialog.get_by_text("Succeeded")).to_be_visible()
    expect(dialog.get_by_role("region", name="Answer")).to_contain_text("temperature: 21")
    dialog.get_by_role("button", name="Close").click()


def publish(page):
    page.get_by_role("link", name="Back to the GPT").click()
    page.get_by_role("button", name="Publish").click()
    page.get_by_role("dialog").get_by_role("button", name="Publish").click()
    expect(page.get_by_role("heading", name="Version 1 is published")).to_be_visible()


def copied_lines(page, way):
    dialog = page.get_by_role("dialog")
    dialog.get_by_text(way, exact=True).click()
    dialog.get_by_role("button", name="Copy").last.click()
    expect(dialog.get_by_role("button", name="Copied")).to_be_visible()
    return page.evaluate("navigator.clipboard.readText()")


def test_a_new_owner_comes_from_the_weather_example_to_calls_by_the_copied_lines(
    page, platform, weather_api
):
    sign_in_by_the_printed_link(page, platform.output)
    make_the_weather_action(page, weather_api.origin)
    expect(page.get_by_text(NO_DOMAINS)).to_be_visible()
    set_the_key(page)
    be_refused_in_the_test(page)
    assert weather_api.asked == []
    action = page.url
    allow_the_domain(page)
    page.goto(action)
    call_in_the_test(page)
    assert weather_api.asked == [("GET", "/location?location=Bern")]
    publish(page)

    ran = {way: run_as_copied(way, copied_lines(page, way), platform.token) for way in WAYS}

    for way, process in ran.items():
        assert process.returncode == 0, (way, process.stdout, process.stderr)
        assert "21" in process.stdout, (way, process.stdout)
    assert json.loads(ran["REST"].stdout)["body"]["temperature"] == 21
    assert weather_api.asked[1:] == [("GET", "/location?location=location")] * len(WAYS)
