"""From `up` to people who sign in with their company's account, and of whom nothing stays alive.

Real processes, a real provider (npm `oidc-provider`), and a directory that speaks SCIM.
"""

import asyncio
import json
import re
import time
from contextlib import asynccontextmanager

import httpx
import pytest

from kit.testing import eventually
from openactions_local.edge import nginx
from openactions_local.servers import free_port
from services.identity.tests.operating import bearer
from services.identity.tests.scim_platform import Directory
from tests.e2e.platform_process import PlatformProcess
from tests.e2e.slow_api import DOMAIN, SlowApi
from tests.e2e.test_sign_in_link import LINK
from tests.oidc.company_provider import CLIENT, SECRET, Browser, bring, company

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]
GRACE = {"sub": "grace", "email": "grace@partner.org", "email_verified": True, "name": "Grace"}
ALAN = {"sub": "alan", "email": "alan@acme.com", "email_verified": True, "name": "Alan"}
EVERY_SERVICE = ("workspace", "gpts", "schemas", "domains", "invocations", "settings")
GONE_WITHIN_SECONDS = 1.0


class Installation:
    def __init__(self, up, client, peer, api):
        self.up, self.client, self.company, self.api = up, client, peer, api

    def browser(self):
        self.company.client.cookies.clear()
        return Browser(self.client, self.company, self.up.own_url)

    async def signed_in(self, person, workspace, status=303):
        """A browser with whatever the company's sign-in led to for this person."""
        await self.company.says(person=person)
        browser = self.browser()
        answer = await browser.sign_in(workspace)
        assert answer.status_code == status, answer.text
        return browser

    async def statuses(self, ask):
        """What each service answers to somebody, by `ask(path)`."""
        return {(await ask(f"/v1/{each}")).status_code for each in EVERY_SERVICE}

    @property
    def execution(self):
        """Its own address where it is a process: nginx forwards a body once all of it is there."""
        row = r"^ *execution .*pid \d+ +(127\.0\.0\.1:\d+)"
        found = re.search(row, self.up.output, re.MULTILINE)
        return f"http://{found[1]}" if found else self.up.own_url

    async def call_slowly(self, headers, body, complete):
        """Asynchronously, with a body that ends once it is `complete`."""

        async def parts():
            text = json.dumps(body).encode()
            yield text[:1]
            await complete.wait()
            yield text[1:]

        sent = {**headers, "prefer": "respond-async", "content-type": "application/json"}
        path = f"{self.execution}/v1/invocations"
        return await self.client.post(path, content=parts(), headers=sent)

    def asks(self, token):
        return lambda path: self.client.get(path, headers=bearer(token))


@asynccontextmanager
async def started(folder, options):
    port = free_port()
    provider = folder / "provider"
    provider.mkdir()
    bring(provider)
    with SlowApi() as api:
        async with company(provider, f"http://127.0.0.1:{port}") as peer:
            allowed = (f"{peer.issuer}=127.0.0.1", f"{api.origin}=127.0.0.1")
            origins = [word for each in allowed for word in ("--allow-origin", each)]
            data = ["--data", folder / "data", "--port", port]
            with PlatformProcess([*data, *origins, *options]) as up:
                client = httpx.AsyncClient(  # noqa: TID251 - only to the platform
                    base_url=up.own_url, timeout=20, trust_env=False
                )
                async with client:
                    yield Installation(up, client, peer, api)


async def sign_the_owner_in(ours):
    """By the link that `up` printed; the workspace's id, and the owner's."""
    [link] = LINK.findall(ours.up.output)
    owner = ours.browser()
    pressed = await owner.press(await owner.open(link.removeprefix(ours.up.own_url)))
    assert pressed.status_code == 303, pressed.text
    who = (await owner.who()).json()
    return owner, who["workspace"]["id"], who["member"]["id"]


async def enforce_company_sign_in(ours, owner, workspace, emergency_owner, operator):
    confirmed = await ours.client.put(
        f"/v1/workspaces/{workspace}/domains", json={"domains": ["acme.com"]}, headers=operator
    )
    assert confirmed.status_code == 200, confirmed.text
    settings = {
        "issuer": ours.company.issuer,
        "client_id": CLIENT,
        "client_secret": SECRET,
        "domains": ["acme.com"],
        "enforced": True,
        "emergency_owner": emergency_owner,
    }
    set_ = await owner.call("PUT", "/v1/workspace/sign-in", json=settings)
    await ours.company.knows(set_)


async def publish_the_slow_api(ours, owner):
    schema = await owner.call("POST", "/v1/schemas", 201, json=ours.api.document)
    gpt = await owner.call("POST", "/v1/gpts", 201, json={"name": "Slow"})
    path = f"/v1/gpts/{gpt['id']}"
    await owner.call("POST", f"{path}/actions", 201, json={"schema_id": schema["id"]})
    await owner.call("POST", "/v1/domains", json={"domain": DOMAIN})
    await owner.call("POST", f"{path}/publish", json={"sharing": "workspace"})
    return gpt["id"]


def call_of(gpt, who):
    return {"gpt_id": gpt, "operation": "waitHere", "arguments": {"who": who}}


async def second_person(ours, owner, workspace):
    """Invited, and in by the company's account alone; roles come and go."""
    await ours.signed_in(GRACE, workspace, 403)
    invited = {"email": GRACE["email"], "role": "user"}
    made = await owner.call("POST", "/v1/members/invitations", 201, json=invited)
    grace = ours.browser()
    page = await grace.open(made["url"].removeprefix(ours.up.own_url))
    joined = await grace.press(page)
    assert joined.status_code == 200, joined.text
    assert "You are a member now" in joined.text
    assert (await grace.who()).status_code == 401, "enforced: no session but by the company"
    grace = await ours.signed_in(GRACE, workspace)
    who = (await grace.who()).json()["member"]
    assert who["role"] == "user"

    path = f"/v1/members/{who['id']}"
    await grace.call("POST", "/v1/gpts", 403, json={"name": "Hers"})
    await owner.call("PATCH", path, json={"role": "builder"})
    assert await eventually(lambda: _is_renewed(grace, "builder"), within_seconds=2)
    await grace.call("POST", "/v1/gpts", 201, json={"name": "Hers"})
    await owner.call("PATCH", path, json={"role": "user"})
    assert await eventually(lambda: _is_renewed(grace, "user"), within_seconds=2)
    await grace.call("POST", "/v1/gpts", 403, json={"name": "Hers, too"})
    return grace


async def _is_renewed(browser, role):
    """A changed role asks for another cookie; pages do so by themselves."""
    shown = await browser.who()
    if shown.status_code == 401:
        assert shown.json()["code"] == "identity.session_renewal", shown.text
        await browser.call("POST", "/v1/session/renew", 204, json={})
        return False
    return shown.json()["member"]["role"] == role


async def directory_of(ours, owner):
    program = {"name": "Directory", "role": "admin", "kind": "service"}
    member = await owner.call("POST", "/v1/members", 201, json=program)
    wanted = {"name": "SCIM", "member_id": member["id"], "scopes": ["members:provision"]}
    token = (await owner.call("POST", "/v1/tokens", 201, json=wanted))["token"]
    return Directory(ours.client, bearer(token))


async def third_person(ours, owner, directory, workspace):
    """Whom the directory provisions, with a role by group, and with another address than the one
    by which they sign in; a browser, and a token of theirs.
    """
    roles = {"groups": [{"group": "Makers", "role": "builder"}]}
    await owner.call("PUT", "/v1/members/group-roles", json=roles)
    address = {"value": "alan.turing@acme.com", "primary": True}
    user = await directory.user(ALAN["email"], emails=[address])
    await directory.group("Makers", user["id"])
    alan = await ours.signed_in(ALAN, workspace)
    who = (await alan.who()).json()["member"]
    assert (who["id"], who["role"]) == (user["id"], "builder"), "one person, one member"
    wanted = {"name": "CI", "member_id": user["id"]}
    token = (await owner.call("POST", "/v1/tokens", 201, json=wanted))["token"]
    assert await ours.statuses(ours.asks(token)) == {200}
    assert await ours.statuses(alan.open_as_script) == {200}
    return user, alan, token


async def calls_that_wait(ours, owner, alan, token, gpt):
    """Two calls of Alan's are admitted, and while their bodies come in the workspace is bound to
    one call at once, which is the owner's: so they are accepted and wait. Their ids.
    """
    body = call_of(gpt, "owner")
    taking = await owner.ask("POST", "/v1/invocations", {"prefer": "respond-async"}, json=body)
    assert taking.status_code == 202, taking.text

    async def asked():
        return ours.api.asked_for

    assert await eventually(asked, within_seconds=20)
    complete = asyncio.Event()
    sent = [
        asyncio.create_task(ours.call_slowly(headers, call_of(gpt, "alan"), complete))
        for headers in (bearer(token), alan.script_headers)
    ]
    await bound_to(owner, gpt, 3)
    await bound_to(owner, gpt, 1)
    complete.set()
    answers = await asyncio.gather(*sent)
    assert [each.status_code for each in answers] == [202, 202], [each.text for each in answers]
    return [each.json()["id"] for each in answers]


async def bound_to(owner, gpt, calls):
    """Until the workspace may have so many calls at once, and has them."""
    await owner.call("PATCH", "/v1/settings", json={"concurrent_calls": calls})

    async def full():
        probe = {"gpt_id": gpt, "operation": "thereIsNone", "arguments": {}}
        refused = await owner.ask("POST", "/v1/invocations", json=probe)
        noun = "call" if calls == 1 else "calls"
        return f"has {calls} {noun} under way" in refused.json()["detail"]

    assert await eventually(full, within_seconds=10)


async def refused_everywhere_within_a_second(ours, alan, token):
    since = time.monotonic()

    async def refused():
        said = await ours.statuses(ours.asks(token)) | await ours.statuses(alan.open_as_script)
        return said == {401}

    assert await eventually(refused, within_seconds=GONE_WITHIN_SECONDS)
    return time.monotonic() - since


async def states(owner, calls):
    shown = [await owner.call("GET", f"/v1/invocations/{each}") for each in calls]
    return {(each["state"], each["code"]) for each in shown}


@pytest.mark.parametrize("options", [(), ("--separate",)], ids=["embedded", "separate"])
async def test_nothing_of_a_deprovisioned_person_is_alive(tmp_path, options):
    if options and nginx() is None:
        pytest.skip("nginx is not installed; CI installs it")
    async with started(tmp_path, options) as ours:
        owner, workspace, owner_id = await sign_the_owner_in(ours)
        operator = bearer((tmp_path / "data" / "keys" / "operator-token").read_text().strip())
        await enforce_company_sign_in(ours, owner, workspace, owner_id, operator)
        grace = await second_person(ours, owner, workspace)
        gpt = await publish_the_slow_api(ours, owner)

        directory = await directory_of(ours, owner)
        user, alan, token = await third_person(ours, owner, directory, workspace)
        calls = await calls_that_wait(ours, owner, alan, token, gpt)
        off = {"op": "Replace", "path": "active", "value": "False"}
        status, shown = await directory.patched(f"/Users/{user['id']}", off)
        assert (status, shown["active"]) == (200, False)
        await refused_everywhere_within_a_second(ours, alan, token)

        async def denied():
            return await states(owner, calls) == {("denied", "execution.caller_gone")}

        assert await eventually(denied, within_seconds=10)
        await ours.signed_in(ALAN, workspace, 403)
        assert await directory.delete(f"/Users/{user['id']}") == (204, None)
        ours.api.release()

        gone = await owner.ask("GET", f"/v1/members/{user['id']}")
        tokens = await owner.call("GET", "/v1/tokens?limit=100")
        found = (await directory.get('/Users?filter=userName eq "alan@acme.com"'))[1]
        groups = (await directory.get("/Groups"))[1]["Resources"]
        await ours.signed_in(ALAN, workspace, 403)
        assert gone.status_code == 404
        assert user["id"] not in {each["member_id"] for each in tokens["items"]}
        assert found["totalResults"] == 0
        assert [each.get("members") for each in groups] == [None]
        assert await ours.statuses(ours.asks(token)) == {401}
        assert await ours.statuses(alan.open_as_script) == {401}
        assert await states(owner, calls) == {("denied", "execution.caller_gone")}
        assert ours.api.asked_for == ["/wait/owner"]
        assert (await grace.who()).status_code == 200, "others stay signed in"
