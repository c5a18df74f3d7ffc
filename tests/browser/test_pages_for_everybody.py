"""Every page, light and dark, at three widths: axe finds nothing, and nothing scrolls sideways."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from openactions_local.demo import demo_server
from tests.browser.seeded import PAGES, enter_as_operator, seed, wait_until_shown

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(180)]
WIDTHS = (1440, 1024, 390)
SCHEMES = pytest.mark.parametrize("scheme", ["light", "dark"])
NOT_OURS = {"exclude": [["[data-live-announcer]"]]}
"""Where react-aria says to screen readers what happens; an empty image's label stands there."""


@pytest.fixture(scope="module")
def addresses(owner, demo_port):
    with demo_server(demo_port):
        return seed(owner, demo_port)


@pytest.fixture(scope="module")
def operator_token(platform, data_folder):
    return (data_folder / "keys" / "operator-token").read_text().strip()


def faults_at_each_width(page):
    """What axe found, with the element, and what is wider than the window; a line each."""
    return [fault for width in WIDTHS for fault in faults_at(page, width)]


def faults_at(page, width):
    page.set_viewport_size({"width": width, "height": 900})
    wait_until_shown(page)
    found = [
        f"{width}: {each['id']}: {node['html']}"
        for each in Axe().run(page, NOT_OURS).response["violations"]
        for node in each["nodes"]
    ]
    wide = page.evaluate("document.documentElement.scrollWidth")
    return found + ([f"{width}: the page is {wide} wide"] if wide > width else [])


@SCHEMES
@pytest.mark.parametrize("name", PAGES)
def test_a_page_has_no_violation_of_accessibility_and_no_sideways_scroll(
    open_page, session, addresses, faults, name, scheme
):
    page = open_page(session, color_scheme=scheme)
    page.goto(addresses[name])

    assert faults_at_each_width(page) == []
    assert faults == []


@SCHEMES
def test_the_landing_page_has_no_violation_of_accessibility(open_page, faults, scheme):
    page = open_page(color_scheme=scheme)
    page.goto("/")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()

    assert faults_at_each_width(page) == []
    assert faults == []


def test_on_a_phone_what_signs_in_stays_within_its_frame(open_page):
    page = open_page(viewport={"width": WIDTHS[-1], "height": 844})
    page.goto("/")
    frame = page.get_by_role("region", name="Sign in")
    right_of = "it => it.getBoundingClientRect().right"
    edge = frame.evaluate(right_of)

    for control in frame.locator("input, button, a").all():
        assert control.evaluate(right_of) < edge, control.inner_text()


def test_on_a_phone_the_admin_sees_the_way_to_every_page(open_page, session):
    page = open_page(session, viewport={"width": WIDTHS[-1], "height": 844})
    page.goto("/admin/audit")

    for link in page.get_by_role("navigation", name="Admin").get_by_role("link").all():
        expect(link).to_be_in_viewport(ratio=1)


@SCHEMES
def test_the_operators_page_has_no_violation_of_accessibility(
    open_page, addresses, operator_token, faults, scheme
):
    page = open_page(color_scheme=scheme)
    page.goto("/operator")
    assert faults_at_each_width(page) == []
    enter_as_operator(page, operator_token)

    assert faults_at_each_width(page) == []
    assert faults == []


@SCHEMES
def test_the_dialogs_have_no_violation_of_accessibility(
    open_page, session, addresses, faults, scheme
):
    page = open_page(session, color_scheme=scheme)
    for name, opens in (
        ("start", "New GPT"),
        ("gpt", "Publish"),
        ("new-action", "Import from URL"),
        ("action", "Change"),
        ("action", "Versions"),
        ("action", "Test getWeather"),
        ("action", "Delete action"),
    ):
        page.set_viewport_size({"width": WIDTHS[0], "height": 900})
        page.goto(addresses[name])
        page.get_by_role("button", name=opens).first.click()
        expect(page.get_by_role("dialog").or_(page.get_by_role("alertdialog"))).to_be_visible()
        page.wait_for_load_state("networkidle")

        assert faults_at_each_width(page) == [], opens
    assert faults == []


def test_text_that_is_too_long_for_its_place_does_not_widen_a_page(
    open_page, session, owner, faults
):
    word = "W" * 50
    gpt_id = owner.post("/v1/gpts", {"name": word, "description": "x" * 300})["id"]
    page = open_page(session)
    for path in ("/", f"/gpts/{gpt_id}", "/admin/gpts"):
        page.goto(path)
        expect(page.get_by_text(word).first).to_be_visible()
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            wide = page.evaluate("document.documentElement.scrollWidth")
            assert wide <= width, (path, width, wide)
    assert faults == []
