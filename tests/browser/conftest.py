"""The console in a real browser, before a platform that was started as a user starts it.

Chromium is the operating system's (`apt-get install chromium`). A violation of the page's policy,
an error in its console, an uncaught error and a file that is missing fail the test.
"""

import os
import re
import shutil

import pytest
from playwright.sync_api import expect, sync_playwright

from openactions import OpenActions
from openactions_local.servers import free_port
from tests.browser.launch import NO_CHROMIUM, launch
from tests.browser.weather_api import WeatherApi
from tests.e2e.platform_process import PlatformProcess

LINK = re.compile(r"http://\S+/v1/session/link/osl_[\w-]{43}")
REPORT_VIOLATIONS = """
addEventListener("securitypolicyviolation", (event) => {
  console.error("Policy violated:", event.violatedDirective, event.blockedURI, event.sample);
});
"""
DESK = {"width": 1440, "height": 900}
expect.set_options(timeout=20_000)  # on a machine that other suites keep busy
BY_THE_BROWSER = "Failed to load resource"
"""Its own line about an answer; `failed_answer` says which of them are faults."""


def in_ci():
    return bool(os.environ.get("CI"))  # noqa: TID251 - a test's own question


@pytest.fixture(scope="module")
def browser():
    program = shutil.which("chromium")
    if program is None:
        (pytest.fail if in_ci() else pytest.skip)(NO_CHROMIUM)
    with sync_playwright() as playwright:
        browser = launch(playwright, program)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def demo_port():
    """The platform may call `http://demo-api.example.com` at this port; it is on loopback."""
    return free_port()


@pytest.fixture(scope="module")
def data_folder(tmp_path_factory):
    return tmp_path_factory.mktemp("platform")


@pytest.fixture(scope="module")
def platform(browser, data_folder, demo_port):
    form = ["--data", data_folder, "--port", "0", "--demo-port", demo_port]
    with PlatformProcess(form) as up:
        yield up


@pytest.fixture(scope="module")
def owner(platform):
    """The owner's client of the API, for what a test finds there before its page is opened."""
    with OpenActions(platform.own_url, platform.token) as owner:
        yield owner


@pytest.fixture(scope="module")
def weather_api(demo_port):
    """The API that the Weather example describes, with a key."""
    with WeatherApi(demo_port) as api:
        yield api


@pytest.fixture(scope="module")
def sign_in_link(platform):
    """Good for once."""
    return LINK.search(platform.output)[0]


def failed_answer(response):
    """A refusal is a part of a journey; a file that is missing and a failing server are not."""
    return response.status >= 500 or (response.status == 404 and "/assets/" in response.url)


@pytest.fixture
def faults():
    """What a page did that no page may do, a line each."""
    return []


@pytest.fixture
def open_page(browser, platform, faults):
    """Open a page in a browser of its own, signed in where it is given a session's cookies."""
    contexts = []

    def open_page(session=None, **options):
        shown = {"locale": "en-GB", "viewport": DESK} | options
        context = browser.new_context(base_url=platform.own_url, storage_state=session, **shown)
        contexts.append(context)
        page = context.new_page()
        watch(page, faults)
        return page

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture
def page(open_page, faults):
    """Of whoever is not signed in."""
    yield open_page()
    assert faults == []


@pytest.fixture(scope="module")
def session(browser, sign_in_link):
    """What a browser keeps once the link that `up` prints has signed it in."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(sign_in_link)
    page.get_by_role("button").first.click()
    page.wait_for_url("**/v1/session/signed-in")
    yield context.storage_state()
    context.close()


@pytest.fixture
def owner_page(open_page, session, faults):
    yield open_page(session)
    assert faults == []


def watch(page, faults):
    def said(message):
        if message.type == "error" and not message.text.startswith(BY_THE_BROWSER):
            faults.append(f"{page.url}: {message.text}")

    def answered(response):
        if failed_answer(response):
            faults.append(f"{response.url}: {response.status}")

    page.add_init_script(REPORT_VIOLATIONS)
    page.on("console", said)
    page.on("pageerror", lambda error: faults.append(f"{page.url}: {error}"))
    page.on("response", answered)
