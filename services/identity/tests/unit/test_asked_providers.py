"""How often a company is asked who it is, and for its keys, whatever comes of it (H95)."""

import asyncio
from dataclasses import replace

import pytest

from identity_service.adapters.bounded_questions import (
    LONGEST_SECONDS,
    PLACES_OF_ONE,
    BoundedQuestions,
)
from identity_service.adapters.egress_providers import MAX_ISSUERS, EgressProviders
from identity_service.domain.oidc.errors import ProviderUnreachable, ProviderUnsuitable
from identity_service.usecases.set_sign_in import WantedSignIn
from kit.shares import ShareExceeded
from kit.testing import FrozenClock
from services.identity.tests.company import (
    CLIENT,
    ISSUER,
    OURS,
    Company,
    CompanyPlatform,
    Seconds,
    answer,
    new_company_platform,
)

CONFIGURATION = "/.well-known/openid-configuration"


class Asked(Company):
    """One whose keys are what a test says, and who counts by host."""

    said = None
    """Instead of its keys: status and body."""

    def __init__(self):
        super().__init__(FrozenClock())
        self.by_host = []

    async def send(self, request):
        self.by_host.append((request.target.host, request.target.path_and_query))
        if self.said is not None and request.target.path_and_query.endswith("/keys"):
            return answer(*self.said)
        return await super().send(request)


@pytest.fixture
def company():
    return Asked()


@pytest.fixture
def seconds():
    return Seconds()


@pytest.fixture
def providers(company, seconds):
    return EgressProviders(company, seconds)


async def keys(providers, *, anew=False, issuer=ISSUER):
    return await providers.keys(await providers.discover(issuer), anew=anew)


UNREADABLE = {
    "no list": (200, {"keys": "no list"}),
    "no object": (200, b"[]"),
    "no JSON": (200, b"<html>"),
    "an error": (503, {}),
    "nothing there": (404, {}),
}


@pytest.mark.parametrize("anew", [False, True])
@pytest.mark.parametrize("name", UNREADABLE)
async def test_f8_keys_are_asked_for_once_a_minute_also_where_they_cannot_be_read(
    providers, company, seconds, name, anew
):
    company.said = UNREADABLE[name]
    for _ in range(120):
        with pytest.raises((ProviderUnreachable, ProviderUnsuitable)):
            await keys(providers, anew=anew)
        seconds.at += 1
    assert company.asked.count("/keys") == 0
    assert [path for _, path in company.by_host].count("/keys") == 2

    company.said = None
    assert await keys(providers, anew=anew)


async def test_f8_fifty_logout_tokens_at_once_ask_once(company):
    platform = await new_company_platform()
    for broken in ({"jwks_uri": f"{ISSUER}/nobody"}, {"issuer": "https://login.other.com"}):
        platform.company.configuration = broken
        platform.seconds.at += 600
        before = len(platform.company.asked)
        refused = await asyncio.gather(
            *(platform.back_channel(platform.company.logout_token()) for _ in range(50)),
            return_exceptions=True,
        )

        assert len({type(each) for each in refused}) == 1
        assert isinstance(refused[0], ProviderUnreachable | ProviderUnsuitable)
        asked = platform.company.asked[before:]
        assert [asked.count(each) for each in {*asked}] == [1] * len({*asked})


@pytest.mark.parametrize(
    ("broken", "for_seconds"),
    [({"issuer": "https://login.other.com"}, 60), ({"token_endpoint": None}, 60), (None, 5)],
)
async def test_f8_a_configuration_that_does_not_suit_is_not_asked_for_again_so_soon(
    providers, company, seconds, broken, for_seconds
):
    company.configuration, company.down = broken or {}, broken is None
    for _ in range(for_seconds):
        with pytest.raises((ProviderUnreachable, ProviderUnsuitable)):
            await providers.discover(ISSUER)
        seconds.at += 1
    assert len(company.asked) == 1

    company.configuration, company.down = {}, False
    assert await providers.discover(ISSUER)


async def test_f8_whoever_mends_the_provider_does_not_wait(providers, company):
    company.configuration = {"issuer": "https://login.other.com"}
    with pytest.raises(ProviderUnsuitable):
        await providers.discover(ISSUER)

    company.configuration = {}
    assert await providers.discover(ISSUER, anew=True)
    assert await providers.discover(ISSUER)


async def test_f8_keys_that_are_kept_do_for_an_hour_while_the_provider_is_away(
    providers, company, seconds
):
    provider = await providers.discover(ISSUER)
    known = await providers.keys(provider)
    company.down = True
    seconds.at += 3_599
    assert await providers.keys(provider) == known

    seconds.at += 1
    with pytest.raises(ProviderUnreachable):
        await providers.keys(provider)


async def test_f8_keys_of_another_address_are_no_keys_of_this_one(providers, company, seconds):
    await keys(providers)
    company.configuration = {"jwks_uri": f"{ISSUER}/other/keys"}
    moved = await providers.discover(ISSUER, anew=True)

    with pytest.raises(ProviderUnreachable, match="less than a minute"):
        await providers.keys(moved)
    seconds.at += 60
    company.said = (200, {"keys": []})
    assert await providers.keys(moved) == ()


def configurations(company, issuer=ISSUER):
    host = issuer.removeprefix("https://")
    return company.by_host.count((host, CONFIGURATION))


async def test_f8_issuers_that_somebody_only_tries_push_no_others_out(providers, company):
    await keys(providers)
    for number in range(MAX_ISSUERS + 10):
        tried = await providers.discover(f"https://login{number}.example.net", anew=True)
        await providers.keys(tried, anew=True)
    await keys(providers)

    assert configurations(company) == 1
    assert company.by_host.count(("login.acme.com", "/keys")) == 1


async def test_f8_an_issuer_that_was_tried_is_known_once_people_sign_in_there(providers, company):
    await providers.discover(ISSUER, anew=True)
    await keys(providers)
    for number in range(MAX_ISSUERS):
        await providers.discover(f"https://login{number}.example.net", anew=True)
    await keys(providers)

    assert configurations(company) == 1


async def test_f11_as_many_issuers_are_known_as_may_be_and_the_least_used_goes(providers, company):
    others = [f"https://login{number}.example.net" for number in range(MAX_ISSUERS)]
    await providers.discover(ISSUER)
    for other in others[:-1]:
        await providers.discover(other)
    await providers.discover(ISSUER)
    assert (MAX_ISSUERS, configurations(company)) == (200, 1)

    await providers.discover(others[-1])
    await providers.discover(ISSUER)
    assert configurations(company) == 1
    await providers.discover(others[0])
    assert configurations(company, others[0]) == 2


async def asks_by_testing(platform, workspace_id=OURS):
    await platform.check(workspace_id, ISSUER)


async def asks_by_setting(platform, workspace_id=OURS):
    caller = replace(platform.caller(), workspace_id=workspace_id)
    await platform.set(caller, WantedSignIn(ISSUER, CLIENT), None)


@pytest.mark.parametrize("ask", [asks_by_testing, asks_by_setting])
async def test_of_many_who_ask_a_slow_issuer_each_is_told_so_in_time(ask):
    platform = CompanyPlatform(questions=BoundedQuestions(longest_seconds=0.2))
    answers = asyncio.Event()

    async def answer_late(request):
        await answers.wait()
        return answer(503, {})

    platform.company.send = answer_late
    asked = [ask(platform) for _ in range(60)] + [ask(platform, "ws_theirs")]

    ended = await asyncio.wait_for(asyncio.gather(*asked, return_exceptions=True), 5)

    late = [each for each in ended if isinstance(each, ProviderUnreachable)]
    refused = [each for each in ended if isinstance(each, ShareExceeded)]
    assert (len(late), len(refused)) == (PLACES_OF_ONE + 1, 60 - PLACES_OF_ONE)
    assert "longer than 0.2 seconds" in late[0].sentence
    assert "Check the issuer" in late[0].hint
    assert (platform.questions.places.in_use, LONGEST_SECONDS < 60) == (0, True)
    answers.set()
    with pytest.raises(ProviderUnreachable):
        await ask(platform)
