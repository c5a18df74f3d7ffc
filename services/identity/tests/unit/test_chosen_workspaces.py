"""Somebody who belongs to several workspaces of one company chooses where they work."""

from datetime import timedelta

import pytest

from contracts.ids import WorkspaceId
from identity_service.domain.oidc.attempt import FromBrowser
from identity_service.domain.oidc.errors import AttemptOver
from kit.caller import digest_of
from services.identity.tests.company import CLIENT, FIREFOX, new_company_platform
from services.identity.tests.session_platform import OURS

CHROME = FromBrowser("Chrome on Windows", "oab_chrome")
OTHERS = WorkspaceId("ws_zother")


@pytest.fixture
async def platform():
    made = await new_company_platform()
    made.company.person = {"sub": "u1", "email": "ada@acme.com", "email_verified": True}
    return made


async def with_others(platform, **settings):
    """Another workspace of the same company, in which Ada is, too."""
    await platform.confirm_others(OTHERS, **settings)
    await platform.came()
    await platform.came(workspace_id=OTHERS)


async def test_a_person_of_several_workspaces_chooses_once(platform):
    await with_others(platform)
    finished = await platform.came(chooses=True)
    digest = digest_of(finished.choice)

    assert finished.session is None
    assert [each.workspace.title for each in finished.offers] == ["Ours", "Others"]
    with pytest.raises(AttemptOver):
        await platform.choose(digest, OTHERS, CHROME)
    with pytest.raises(AttemptOver):
        await platform.choose(digest, "ws_foreign", FIREFOX)
    chosen = await platform.choose(digest, OTHERS, FIREFOX)
    session = await platform.sessions.find_by_digest(chosen.session.digest)
    assert session.workspace_id == OTHERS
    with pytest.raises(AttemptOver):
        await platform.choose(digest, OURS, FIREFOX)


async def test_a_choice_ends_after_ten_minutes(platform):
    await with_others(platform)
    finished = await platform.came(chooses=True)
    platform.clock.now += timedelta(minutes=10)

    with pytest.raises(AttemptOver):
        await platform.choose(digest_of(finished.choice), OTHERS, FIREFOX)


async def test_for_a_workspace_of_another_application_nobody_vouched(platform):
    await with_others(platform, client_id=CLIENT)
    await platform.configure(OTHERS, client_id="another")

    assert (await platform.came(chooses=True)).session is not None


async def test_whoever_named_the_workspace_is_not_asked(platform):
    await with_others(platform)

    assert (await platform.session_that_began(workspace_id=OTHERS)).workspace_id == OTHERS


@pytest.mark.parametrize("changed", [{"client_id": "another"}, {"issuer": "https://login.acme.de"}])
async def test_f11_a_workspace_that_changed_its_application_meanwhile_lets_nobody_in(
    platform, changed
):
    await with_others(platform)
    finished = await platform.came(chooses=True)
    await platform.configure(OTHERS, **changed)

    with pytest.raises(AttemptOver):
        await platform.choose(digest_of(finished.choice), OTHERS, FIREFOX)
    assert await platform.sessions.of_workspace(OTHERS) == []
