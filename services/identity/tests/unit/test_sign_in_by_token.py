"""A browser that signs in with an API token."""

import asyncio
from dataclasses import replace

import pytest

from contracts.ids import MemberId
from contracts.principal import SCOPES_OF_ROLE, Scope, Via
from contracts.requests import Role
from identity_service.domain.member import Member, MemberEdit, MemberKind
from identity_service.usecases.create_token import CreateToken, WantedToken
from identity_service.usecases.lend import Lend
from services.identity.tests.company import OWNER
from services.identity.tests.fakes import CountedTokens
from services.identity.tests.page_platform import pages, principal_of
from services.identity.tests.session_platform import OURS
from services.identity.tests.signing_in import SCRIPT

ADMIN = Member(MemberId("mem_admin"), OURS, "Adam", Role.ADMIN)
BOB = Member(MemberId("mem_bob"), OURS, "Bob", Role.BUILDER)
OLDER = Member(MemberId("mem_older"), OURS, "Ann", Role.OWNER)
ROBOT = Member(MemberId("mem_robot"), OURS, "Robot", Role.BUILDER, kind=MemberKind.SERVICE)


@pytest.fixture
async def shown():
    async with pages() as shown:
        for member in (ADMIN, BOB, ROBOT):
            await shown.platform.members.add(member)
        yield shown


async def token_of(shown, member, maker=OWNER, **wanted):
    platform = shown.platform
    lend = Lend(platform.tokens, platform.sessions)
    create = CreateToken(
        platform.tokens, platform.members, CountedTokens(), platform.clock, 50, lend
    )
    _, drawn = await create(principal_of(maker), WantedToken("Console", member.id, **wanted))
    return drawn.text


async def sign_in(browser, token, **headers):
    sent = {**SCRIPT, "authorization": f"Bearer {token}", **headers}
    return await browser.call("POST", "/v1/session", sent)


async def test_a_token_signs_its_member_in_who_is_no_admin(shown):
    browser = shown.browser()

    answer = await sign_in(browser, await token_of(shown, BOB, BOB))

    assert answer.status_code == 204
    who = (await browser.call("GET", "/v1/session")).json()
    assert (who["member"]["id"], who["via"]) == (BOB.id, Via.SESSION.value)
    assert set(who["scopes"]) == SCOPES_OF_ROLE[Role.BUILDER]


async def test_the_session_that_the_browser_had_before_ends(shown):
    browser = await shown.signed_in(OWNER)
    before = browser.cookie

    await sign_in(browser, await token_of(shown, BOB, BOB))

    assert browser.cookie != before
    browser.cookie = before
    assert (await browser.call("GET", "/v1/session")).status_code == 401


async def test_a_token_of_fewer_scopes_gives_no_session(shown):
    token = await token_of(shown, BOB, BOB, scopes=frozenset({Scope.WORKSPACE_READ}))

    answer = await sign_in(shown.browser(), token)

    assert (answer.status_code, answer.json()["code"]) == (403, "identity.scopes_exceeded")
    assert "set-cookie" not in answer.headers


async def test_a_programs_token_gives_no_session(shown):
    answer = await sign_in(shown.browser(), await token_of(shown, ROBOT))

    assert answer.json()["code"] == "identity.service_signs_in_nowhere"


async def test_a_token_gives_no_session_once_whoever_lent_it_stands_below(shown):
    token = await token_of(shown, BOB, ADMIN)
    await shown.platform.members.replace(ADMIN, ADMIN.edited(MemberEdit(role=Role.USER)))

    answer = await sign_in(shown.browser(), token)

    assert (answer.status_code, answer.json()["code"]) == (403, "identity.link_void")
    assert "set-cookie" not in answer.headers


async def test_a_token_that_gives_no_session_leaves_the_one_that_the_browser_has(shown):
    token, browser = await token_of(shown, BOB, ADMIN), await shown.signed_in(OWNER)
    await shown.platform.members.replace(ADMIN, ADMIN.edited(MemberEdit(role=Role.USER)))

    assert (await sign_in(browser, token)).json()["code"] == "identity.link_void"

    assert (await browser.call("GET", "/v1/session")).json()["member"]["id"] == OWNER.id


async def test_a_session_of_a_lent_token_rests_on_who_lent_it(shown):
    browser = shown.browser()

    await sign_in(browser, await token_of(shown, BOB, ADMIN))

    session, *_ = await shown.platform.sessions.of_member(OURS, BOB.id)
    assert ADMIN.id in session.lent.by


async def test_browsers_that_sign_in_at_once_use_up_no_link_of_the_member(shown):
    """Of those that are open, a member keeps 20."""
    token, path = await token_of(shown, BOB, BOB), await shown.link_for(BOB)

    answers = await asyncio.gather(*(sign_in(shown.browser(), token) for _ in range(30)))

    assert {answer.status_code for answer in answers} == {204}
    assert (await shown.browser().open(path)).status_code == 200


class Meanwhile:
    """A use case before which something happens to what its caller was found to be."""

    def __init__(self, use_case, before):
        self._use_case, self._before = use_case, before

    async def __call__(self, *asked):
        await self._before()
        return await self._use_case(*asked)


async def test_who_is_removed_since_their_token_was_looked_at_is_told_that_it_is_not_valid(shown):
    token, app = await token_of(shown, BOB, BOB), shown.api.state.app

    async def removed():
        await shown.platform.members.remove(BOB, BOB.as_fact())

    app.sign_in_by_token = Meanwhile(app.sign_in_by_token, removed)
    answer = await sign_in(shown.browser(), token)

    assert (answer.status_code, answer.json()["code"]) == (401, "identity.token_invalid")


async def test_a_sign_on_that_is_enforced_meanwhile_is_refused_as_if_it_was_before(shown):
    """The token is found to be good, then the settings change, then the session would begin."""
    token, app = await token_of(shown, OWNER, OWNER), shown.api.state.app
    await shown.platform.members.add(OLDER)
    app.sign_in_by_token = enforced_in_between(shown, app.sign_in_by_token)

    answer = await sign_in(shown.browser(), token)

    assert answer.json()["code"] == "identity.link_would_not_sign_in"
    assert await shown.platform.sessions.of_member(OURS, OWNER.id) == []


def enforced_in_between(shown, sign_in_by_token):
    async def enforced():
        seen = await shown.platform.sign_in_settings.find(OURS)
        changed = replace(seen, enforced=True, emergency_owner=OLDER.id)
        await shown.platform.sign_in_settings.save(seen, changed)

    follow = sign_in_by_token.follow_sign_in_link
    late = replace(follow, sign_in=MeanwhileSignIn(follow.sign_in, enforced))
    return replace(sign_in_by_token, follow_sign_in_link=late)


class MeanwhileSignIn(Meanwhile):
    async def __call__(self, *asked, **basis):
        await self._before()
        return await self._use_case(*asked, **basis)


@pytest.mark.parametrize(
    "headers", [{"sec-fetch-site": "cross-site"}, {"origin": "https://elsewhere.example"}]
)
async def test_another_site_signs_nobody_in(shown, headers):
    answer = await sign_in(shown.browser(), await token_of(shown, BOB, BOB), **headers)

    assert (answer.status_code, answer.json()["code"]) == (403, "platform.cross_site")


async def test_a_session_begins_no_other_session(shown):
    browser = await shown.signed_in(OWNER)

    answer = await browser.call("POST", "/v1/session")

    assert (answer.status_code, answer.json()["code"]) == (409, "identity.not_a_token")


async def test_a_token_of_nobody_is_refused(shown):
    answer = await sign_in(shown.browser(), "oat_" + "A" * 43)

    assert answer.json()["code"] == "identity.token_invalid"


async def test_nobody_signs_in_as_whom_a_token_acts_for(shown):
    token = await token_of(shown, OWNER)

    answer = await sign_in(shown.browser(), token, **{"openactions-user": BOB.id})

    assert answer.status_code in (401, 403)
