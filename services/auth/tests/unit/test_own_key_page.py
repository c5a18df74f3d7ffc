"""A member enters a key of their own on a page, which works without script."""

import pytest
from auth_rig import ACT, MEM, ORIGIN, WHO
from sign_in_rig import BUTTON, SIGN_IN, TYPED, signing_in

from auth_service.domain.member_key import MemberKey
from auth_service.domain.own_key import OwnKey
from auth_service.domain.placement import Placement

LABELS = ('User "name"', "Pass<b>word")
KEPT = "Your key is stored"


@pytest.fixture
async def rig():
    async with signing_in(entered=False) as made:
        await made.set(WHO, ACT, OwnKey(Placement.BASIC, labels=LABELS), None)
        yield made


async def kept_by(rig, member=MEM):
    kept = await rig.connection(member)
    return kept and MemberKey.from_storage(await rig.keys.open(kept.sealed, kept.place))


async def test_the_form_has_the_labels_and_keeps_the_values_sealed(rig):
    browser = rig.browser()
    page = await browser.open(f"{SIGN_IN}?return_to=/connections")
    assert "User &#34;name&#34;" in page.text
    assert "Pass&lt;b&gt;word" in page.text
    assert page.text.count('type="password" autocomplete="off"') == 2
    assert "api.example.com" in page.text
    done = await browser.press(page, value_1="ada", value_2="p:ä & canary")

    assert (done.status_code, KEPT in done.text) == (200, True)
    assert '<a href="/connections">' in done.text
    assert "canary" not in done.text
    key = await kept_by(rig)
    assert key.is_of(ACT, MEM)
    assert key.api_origins == (ORIGIN,)
    [[name, value]] = key.material.revealed()["headers"]
    assert (name.lower(), value.startswith("Basic ")) == ("authorization", True)


@pytest.mark.parametrize(
    "headers",
    [
        {**BUTTON, "sec-fetch-site": "cross-site", "origin": "https://evil.example"},
        {**BUTTON, "sec-fetch-dest": "iframe"},
        {**TYPED, "origin": "https://evil.example"},
    ],
)
async def test_no_other_site_enters_a_key_for_a_member(rig, headers):
    browser = rig.browser()
    page = await browser.open(SIGN_IN)
    refused = await browser.press(page, headers, value_1="evil", value_2="evil")

    assert refused.status_code == 403
    assert await kept_by(rig) is None


async def test_a_form_of_another_members_page_is_refused(rig):
    page = await rig.browser("bob").open(SIGN_IN)
    refused = await rig.browser().press(page, value_1="bob's", value_2="key")

    assert (refused.status_code, "This form was not made for you" in refused.text) == (403, True)
    assert await kept_by(rig) is None


@pytest.mark.parametrize(
    "filled",
    [
        {"value_1": "one"},
        {"value_1": "one", "value_2": "two", "value_3": "three"},
        {"value_1": "colon:ed", "value_2": "two"},
        {"value_1": "one", "value_2": "x" * 17_000},
    ],
)
async def test_a_form_that_is_not_as_the_page_made_it_is_refused_with_what_to_do(rig, filled):
    browser = rig.browser()
    refused = await browser.press(await browser.open(SIGN_IN), **filled)

    assert refused.status_code == 422
    assert await kept_by(rig) is None
    assert "colon:ed" not in refused.text


async def test_for_accounts_there_is_no_form(rig):
    await rig.enter_oauth()
    browser = rig.browser()
    page = await browser.open(SIGN_IN)
    assert "<form" not in page.text
    refused = await browser.send("POST", SIGN_IN, BUTTON, data={"value_1": "x"})

    assert refused.status_code == 409
    assert await kept_by(rig) is None
