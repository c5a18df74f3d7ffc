"""A hostile issuer sends people on to an honest one, to be given its code (RFC 9700, 4.4)."""

from urllib.parse import parse_qs, urlsplit

import pytest

from contracts.facts import WorkspaceCreated
from contracts.ids import MemberId, WorkspaceId
from contracts.requests import Role
from identity_service.domain.member import Member
from identity_service.domain.oidc.attempt import ProviderAnswer
from identity_service.domain.oidc.errors import AttemptOver
from identity_service.domain.workspace import Workspace
from services.identity.tests.company import FIREFOX, ISSUER, OWNER
from services.identity.tests.page_platform import pages
from services.identity.tests.session_platform import OURS
from services.identity.tests.signing_in import ORIGIN, TYPED

EVIL, EVIL_ISSUER = WorkspaceId("ws_zevil"), "https://login.evil.com"
BROUGHT = {**TYPED, "sec-fetch-site": "cross-site", "host": "127.0.0.1:8080"}


@pytest.fixture
async def ours():
    async with pages() as shown:
        platform = shown.platform
        fact = WorkspaceCreated(workspace_id=EVIL, title="Evil")
        await platform.workspaces.add(Workspace(EVIL, "Evil"), fact)
        await platform.members.add(Member(MemberId("mem_mallory"), EVIL, "Mallory", Role.OWNER))
        await platform.configure(EVIL, issuer=EVIL_ISSUER, client_id="evil-client", domains=[])
        platform.company.person = {"sub": "u1", "email": "ada@acme.com", "email_verified": True}
        yield shown


async def begun(ours, workspace):
    """What the issuer is asked, and the cookie of the browser's attempts."""
    browser = ours.browser()
    answer = await browser.open(f"/v1/session/oidc?workspace={workspace}")
    query = parse_qs(urlsplit(answer.headers["location"]).query)
    return {name: value[0] for name, value in query.items()}, browser.cookie


def path_of(uri):
    return urlsplit(uri).path


async def brought(ours, path, cookie, **query):
    headers = {**BROUGHT, "cookie": f"openactions-attempt={cookie}"}
    answer = await ours.client.get(path, params=query, headers=headers)
    ours.client.cookies.clear()
    return answer


async def test_a_code_of_the_honest_issuer_never_reaches_the_hostile_one(ours):
    """The attacker's walk, without `iss`: the hostile issuer sends Ada on to the honest one, as its
    client, with her state and the attacker's nonce and challenge. The honest one sends the answer
    to what is registered there: the redirect URI of its own workspace.
    """
    attackers, attackers_cookie = await begun(ours, OURS)
    adas, adas_cookie = await begun(ours, EVIL)
    code = "code-of-the-honest-one"
    ours.platform.company.nonces[code] = attackers["nonce"]
    registered = path_of(attackers["redirect_uri"])

    came = await brought(ours, registered, adas_cookie, code=code, state=adas["state"])

    assert came.status_code == 403
    assert "openactions=" not in came.headers.get("set-cookie", "")
    assert ours.platform.company.exchanged == []
    own = await brought(ours, registered, attackers_cookie, code="guessed", state=adas["state"])
    assert own.status_code == 403
    assert ours.platform.company.exchanged == []


async def test_nor_by_the_address_that_all_workspaces_had(ours):
    adas, cookie = await begun(ours, EVIL)

    for path in ("/v1/session/oidc/callback", f"/v1/session/oidc/callback/{OURS}x"):
        came = await brought(ours, path, cookie, code="c", state=adas["state"])
        assert came.status_code == 403
        assert "Begin again" in came.text
    assert ours.platform.company.exchanged == []


async def test_each_issuer_gets_its_own_codes_with_its_own_redirect_uri(ours):
    for number, (workspace, issuer) in enumerate(((OURS, ISSUER), (EVIL, EVIL_ISSUER))):
        asked, cookie = await begun(ours, workspace)
        code = f"code-{number}"
        ours.platform.company.nonces[code] = asked["nonce"]
        await brought(ours, path_of(asked["redirect_uri"]), cookie, code=code, state=asked["state"])

        request, sent = ours.platform.company.exchanged[-1]
        assert request.target.host == urlsplit(issuer).hostname
        assert sent["redirect_uri"] == asked["redirect_uri"]
        assert asked["redirect_uri"].endswith(f"/v1/session/oidc/callback/{workspace}")


async def test_an_answer_that_went_astray_does_not_end_the_attempt(ours):
    platform = ours.platform
    asked, code = await platform.began()

    with pytest.raises(AttemptOver):
        await platform.finish(ProviderAnswer(asked["state"], EVIL, code), FIREFOX)

    assert (await platform.finish(ProviderAnswer(asked["state"], OURS, code), FIREFOX)).session


async def test_owners_are_shown_the_redirect_uri_of_their_workspace(ours):
    ours.api.state.verifier = Owner(ours.platform.caller(OWNER))
    body = {"issuer": ISSUER, "client_id": "openactions"}
    uri = f"{ORIGIN}/v1/session/oidc/callback/{OURS}"

    written = await ours.client.put("/v1/workspace/sign-in", json=body)
    read = await ours.client.get("/v1/workspace/sign-in")
    tested = await ours.client.post("/v1/workspace/sign-in/test", json={})

    for answer in (written, read, tested):
        assert answer.status_code == 200, answer.text
        assert answer.json()["addresses"]["redirect_uri"] == uri


class Owner:
    """Takes whatever comes for the owner."""

    address = type("Address", (), {"origin": ORIGIN})()

    def __init__(self, principal):
        self.principal = principal

    async def of(self, request):
        return self.principal
