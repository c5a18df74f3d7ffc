"""Take pictures of every page: `python -m tests.browser.screenshots FOLDER [--small FOLDER]`.

A platform of its own is started and filled. FOLDER gets each page at 1440, 1024 and 390 pixels, in
light and dark, as PNG; the second one those that the console's README shows, as small WebP.
"""

import argparse
import base64
import shutil
import sys
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from playwright.sync_api import expect, sync_playwright

from openactions import OpenActions
from openactions_local.demo import demo_server
from openactions_local.servers import free_port
from tests.browser.launch import NO_CHROMIUM, launch
from tests.browser.seeded import enter_as_operator, seed, wait_until_shown
from tests.e2e.platform_process import PlatformProcess

WIDTHS = {1440: 900, 1024: 768, 390: 844}
SCHEMES = ("light", "dark")
SHOWN = {(1440, "light"): 960, (390, "dark"): 390}
"""Of the small ones: which are made, and how wide they are."""
SMALL_QUALITY = 0.7
MAX_SMALL_BYTES = 60_000
MAX_HEIGHT = 1600
"""Of the small ones, before they are made smaller; a longer page is cut."""
TO_WEBP = """async ([png, width, maxHeight, quality]) => {
  const picture = new Image();
  picture.src = `data:image/png;base64,${png}`;
  await picture.decode();
  const scale = width / picture.width;
  const height = Math.min(picture.height, maxHeight);
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = Math.round(height * scale);
  const context = canvas.getContext("2d");
  context.imageSmoothingQuality = "high";
  context.drawImage(picture, 0, 0, picture.width, height, 0, 0, canvas.width, canvas.height);
  return canvas.toDataURL("image/webp", quality).split(",")[1];
}"""


@dataclass
class Seen:
    """What the pictures are taken of."""

    url: str
    session: Any
    addresses: dict[str, str]
    operator_token: str


@contextmanager
def seen(browser):
    """A platform with something on every page, until the end of `with`."""
    demo_port = free_port()
    with ExitStack() as stack:
        folder = stack.enter_context(TemporaryDirectory())
        form = ["--data", folder, "--port", "0", "--demo-port", demo_port]
        up = stack.enter_context(PlatformProcess(form))
        stack.enter_context(demo_server(demo_port))
        owner = stack.enter_context(OpenActions(up.own_url, up.token))
        addresses = seed(owner, demo_port)
        token = Path(folder, "keys", "operator-token").read_text("utf-8").strip()
        yield Seen(up.own_url, session_of(browser, up), addresses, token)


def session_of(browser, up):
    page = browser.new_page(base_url=up.own_url)
    page.goto("/")
    page.get_by_label("API token").fill(up.token)
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="New GPT").first).to_be_visible()
    kept = page.context.storage_state()
    page.context.close()
    return kept


def show_test(page, addresses):
    page.goto(addresses["action"])
    page.get_by_role("button", name="Test getWeather").click()
    page.get_by_role("dialog").get_by_label("city").fill("Zürich")
    page.get_by_role("dialog").get_by_role("button", name="Call").click()
    page.get_by_text("Every decision on the way").click()


def show_authentication(page, addresses):
    page.goto(addresses["action"])
    page.get_by_role("button", name="Change").click()
    page.get_by_role("dialog").get_by_text("OAuth", exact=True).click()
    page.get_by_role("button", name="Service").click()
    page.get_by_role("option", name="Google").click()


def show_publish(page, addresses):
    page.goto(addresses["gpt"])
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_role("list", name="Before it can be published")).to_be_visible()


def show_findings(page, addresses):
    page.goto(addresses["new-action"])
    page.get_by_role("button", name="Examples").click()
    page.get_by_role("menuitem", name="Blank").click()
    expect(page.get_by_role("region", name="What was found in the schema")).to_be_visible()


def show_not_found(page, addresses):
    page.goto(addresses["start"] + "admin/nothing-of-this-name")
    expect(page.get_by_text("There is nothing here")).to_be_visible()


IN_USE = {
    "action-authentication": show_authentication,
    "action-test": show_test,
    "gpt-publish": show_publish,
    "new-action-findings": show_findings,
    "not-found": show_not_found,
}
"""Pages after something was done on them."""


def shots(browser, shown, width, scheme):
    """Each page's name with the page, open as it is looked at."""
    look = {
        "base_url": shown.url,
        "viewport": {"width": width, "height": WIDTHS[width]},
        "color_scheme": scheme,
        "locale": "en-GB",
    }
    stranger = browser.new_context(**look)
    page = stranger.new_page()
    page.goto("/")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    yield "landing", page
    enter_as_operator(page, shown.operator_token)
    yield "operator", page
    stranger.close()
    member = browser.new_context(storage_state=shown.session, **look)
    page = member.new_page()
    for name, address in shown.addresses.items():
        page.goto(address)
        wait_until_shown(page)
        yield name, page
    for name, show in IN_USE.items():
        show(page, shown.addresses)
        page.wait_for_load_state("networkidle")
        yield name, page
        page.evaluate("localStorage.clear()")
    member.close()


def picture(page):
    """PNG of the whole page, or of the window where a dialog covers the page."""
    covered = page.get_by_role("dialog").count() > 0
    return page.screenshot(full_page=not covered, animations="disabled")


def small(workshop, png, width):
    """WebP."""
    taken = base64.b64encode(png).decode()
    made = workshop.evaluate(TO_WEBP, [taken, width, MAX_HEIGHT, SMALL_QUALITY])
    content = base64.b64decode(made)
    if len(content) > MAX_SMALL_BYTES:
        sys.exit(f"A small picture has {len(content)} bytes, more than {MAX_SMALL_BYTES}.")
    return content


def take(browser, folder, small_folder):
    workshop = browser.new_page()
    with seen(browser) as shown:
        for width in WIDTHS:
            for scheme in SCHEMES:
                for name, page in shots(browser, shown, width, scheme):
                    png = picture(page)
                    (folder / f"{name}-{width}-{scheme}.png").write_bytes(png)
                    if small_folder is not None and (width, scheme) in SHOWN:
                        content = small(workshop, png, SHOWN[width, scheme])
                        (small_folder / f"{name}-{width}-{scheme}.webp").write_bytes(content)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--small", type=Path)
    asked = parser.parse_args()
    for folder in filter(None, (asked.folder, asked.small)):
        folder.mkdir(parents=True, exist_ok=True)
    program = shutil.which("chromium")
    if program is None:
        sys.exit(NO_CHROMIUM)
    with sync_playwright() as playwright:
        browser = launch(playwright, program)
        take(browser, asked.folder, asked.small)
        browser.close()


if __name__ == "__main__":
    main()
