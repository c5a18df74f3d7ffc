"""From `openactions up` to a browser that is signed in, in one process and behind nginx."""

import re
from contextlib import ExitStack

import httpx
import pytest

from openactions_local.edge import nginx
from tests.e2e.platform_process import PlatformProcess, openactions

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(180)]
TYPED = {"sec-fetch-site": "none", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document"}
BUTTON = {**TYPED, "sec-fetch-site": "same-origin", "origin": "null"}
LINK = re.compile(r"http://127\.0\.0\.1:\d+/v1/session/link/osl_[\w-]{43}")


@pytest.fixture
def browsers():
    with ExitStack() as opened:
        yield lambda: opened.enter_context(httpx.Client(timeout=20, trust_env=False))


def signed_in(browser, link):
    """A browser after it pressed the button of the link's page."""
    page = browser.get(link, headers=TYPED)
    mark = re.search(r'name="mark" value="([0-9a-f]+)"', page.text)[1]
    pressed = browser.post(link, data={"mark": mark}, headers=BUTTON)
    assert pressed.status_code == 303, pressed.text
    return browser


def headers_once(answer, *names):
    return {name: answer.headers.get_list(name) for name in names}


@pytest.mark.parametrize("options", [(), ("--separate",)], ids=["embedded", "separate"])
def test_up_prints_a_link_that_signs_the_owner_in_and_sign_in_prints_another(
    tmp_path, browsers, options
):
    if options and nginx() is None:
        pytest.skip("nginx is not installed; CI installs it")
    with PlatformProcess(["--data", tmp_path, "--port", "0", *options]) as up:
        [first] = LINK.findall(up.output)
        printed = openactions("sign-in", "--data", tmp_path)
        browser = signed_in(browsers(), first)
        session = browser.get(f"{up.own_url}/v1/session").json()
        page = browser.get(f"{up.own_url}/v1/session/signed-in", headers=TYPED)
        gpts = browser.get(f"{up.own_url}/v1/gpts")
        foreign = browser.post(f"{up.own_url}/v1/gpts", json={"name": "Theirs"})
        script = {"sec-fetch-site": "same-origin", "origin": up.own_url}
        own = browser.post(f"{up.own_url}/v1/gpts", json={"name": "Ours"}, headers=script)
        second = signed_in(browsers(), printed.stdout.strip())
        used_up = httpx.get(first, headers=TYPED, trust_env=False)
        everywhere = second.delete(f"{up.own_url}/v1/session/all", headers=script)
        ended = browser.get(f"{up.own_url}/v1/gpts")
        up.stop()

    assert printed.returncode == 0, printed.stdout + printed.stderr
    assert (session["via"], session["member"]["role"]) == ("session", "owner")
    assert page.status_code == gpts.status_code == 200
    assert headers_once(page, "x-frame-options", "referrer-policy", "x-content-type-options") == {
        "x-frame-options": ["DENY"],
        "referrer-policy": ["no-referrer"],
        "x-content-type-options": ["nosniff"],
    }
    assert "nonce-" in page.headers["content-security-policy"]
    assert (foreign.status_code, foreign.json()["code"]) == (403, "platform.cross_site")
    assert own.status_code == 201
    assert used_up.status_code == 404
    assert (everywhere.status_code, ended.status_code) == (204, 401)
    logs = "".join(path.read_text() for path in (tmp_path / "logs").glob("*.log"))
    logs += "".join(path.read_text() for path in tmp_path.glob("edge/logs/*"))
    assert "osl_" not in logs


def test_without_a_platform_the_command_says_what_to_do(tmp_path):
    refused = openactions("sign-in", "--data", tmp_path)

    assert refused.returncode == 1
    assert "openactions up" in refused.stdout
