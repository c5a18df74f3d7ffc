"""While a company's keys cannot be read and none are kept, nobody signs in with its account, for a
minute at most after they can be read again; the page says so (decision 42).
"""

import re

import pytest

from services.identity.tests.page_platform import pages
from services.identity.tests.session_platform import OURS
from services.identity.tests.signing_in import TYPED

UNREADABLE = {"away": (503, {}), "no keys": (200, {}), "no JSON": (200, b"<html>")}


@pytest.fixture
async def ours():
    async with pages() as shown:
        shown.platform.company.person = {
            "sub": "u1",
            "email": "ada@acme.com",
            "email_verified": True,
        }
        yield shown


async def came_back(ours):
    """What the page says that a browser comes back to from the company."""
    company, browser = ours.platform.company, ours.browser()
    begun = await browser.open(f"/v1/session/oidc?workspace={OURS}")
    cookie = begun.headers["set-cookie"].partition(";")[0]
    asked = dict(re.findall(r"[?&](state|nonce)=([^&]+)", begun.headers["location"]))
    company.nonces["code"] = asked["nonce"]
    path = f"/v1/session/oidc/callback/{OURS}?state={asked['state']}&code=code"
    return await ours.client.get(path, headers={**TYPED, "cookie": cookie})


@pytest.mark.parametrize("why", UNREADABLE)
async def test_a_failed_fetch_of_keys_closes_sign_in_for_a_minute_and_the_page_says_so(ours, why):
    company, seconds = ours.platform.company, ours.platform.seconds
    company.broken["/keys"] = UNREADABLE[why]

    refused = await came_back(ours)
    seconds.at += 59
    company.broken.clear()
    again = await came_back(ours)
    asked = company.asked.count("/keys")
    seconds.at += 1
    later = await came_back(ours)

    for page in (refused, again):
        assert page.status_code in (422, 503)
        assert "Try again in a minute" in page.text
        assert "an owner of your workspace" in page.text
    assert asked == 1
    assert later.status_code == 303
