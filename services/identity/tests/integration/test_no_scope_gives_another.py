"""Every unsafe route of identity, called with tokens of some scopes of an owner: afterwards no
credential, and no way to one, may do more than it did before or the token itself does.
"""

import json
import re
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from contracts.principal import GRANTED_SCOPES, SCOPES_OF_ROLE, Role, Scope
from services.identity.tests.operating import OPERATOR_TOKEN, bearer
from services.identity.tests.scim_platform import Directory
from services.identity.tests.signing_in import PUBLIC, SCRIPT

pytestmark = [pytest.mark.integration, pytest.mark.timeout(400)]
DOCUMENT = Path(__file__).parents[2] / "openapi.json"
WRITERS = (
    Scope.MEMBERS_WRITE,
    Scope.TOKENS_WRITE,
    Scope.SIGN_IN_WRITE,
    Scope.WORKSPACE_READ,
    Scope.WORKSPACE_REMOVE,
)
WITH_OTHERS = {
    "single": [{scope} for scope in Scope if scope is not Scope.MEMBERS_PROVISION],
    "pairs": [{*pair} for pair in combinations(WRITERS, 2)],
    "roles": [SCOPES_OF_ROLE[role] | {Scope.MEMBERS_WRITE} for role in list(Role)[1:]],
}
OWNER_ROLES = [{"group": "bosses", "role": "owner"}]
ISSUER = {"issuer": "https://login.evil.example", "client_id": "x"}
EDITS = (
    {"role": "owner"},
    {"role": "user"},
    {"email": None},
    {"email": "{}@evil.example"},
    {"active": False},
    {"active": True},
    {"role": "owner"},
)
REST = (
    ("POST /v1/session", None),
    ("DELETE /v1/session", None),
    ("DELETE /v1/session/all", None),
    ("DELETE /v1/session/all/ses_0", None),
    ("PUT /v1/workspace/sign-in", ISSUER),
    ("POST /v1/workspace/sign-in/test", {"issuer": ISSUER["issuer"]}),
    ("DELETE /v1/workspace/sign-in", None),
    ("PATCH /v1/workspace", {"title": "Ours"}),
    ("DELETE /v1/workspace", {"title": "Ours"}),
    ("POST /v1/workspace/restore", None),
    ("DELETE /v1/tokens/tok_0", None),
    ("DELETE /v1/members/invitations/ivt_0", None),
)
INVITED = {"email": "new@evil.example", "role": "owner"}
NOT_BY_TOKENS = re.compile(
    r"/v1/(operator/|workspaces|session/(renew|back-channel-logout|oidc|link|invitation|sign-out))"
)
"""What the operator's token, a link's secret or a session opens."""


@dataclass
class Tenant:
    """A workspace with people of whom more can be made than they are."""

    client: Any
    id: str
    owner: dict
    members: dict = field(default_factory=dict)
    directory: Directory | None = None

    async def ask(self, method, path, body=None, headers=None):
        sent = {**SCRIPT, **(headers or self.owner)}
        return await self.client.request(method, path, json=body, headers=sent)

    async def made(self, path, body, headers=None):
        answer = await self.ask("POST", path, body, headers)
        assert answer.status_code == 201, answer.text
        return answer.json()

    async def token(self, **wanted):
        return bearer((await self.made("/v1/tokens", {"name": "t", **wanted}))["token"])

    async def fill(self):
        for name, role, more in (
            ("olga", "owner", {}),
            ("sus", "owner", {}),
            ("uma", "user", {"email": "uma@acme.example"}),
            ("bot", "owner", {"kind": "service"}),
        ):
            body = {"name": name, "role": role, **more}
            self.members[name] = (await self.made("/v1/members", body))["id"]
            await self.token(member_id=self.members[name])
        await self.ask("PATCH", f"/v1/members/{self.members['sus']}", {"active": False})
        await self.provision()

    async def provision(self):
        """Dora, whom a group of the directory makes an owner."""
        await self.ask("PUT", "/v1/members/group-roles", {"groups": OWNER_ROLES})
        named = {"member_id": self.members["bot"], "scopes": ["members:provision"]}
        self.directory = Directory(self.client, await self.token(**named))
        self.members["dora"] = (await self.directory.user("dora@acme.example"))["id"]
        await self.directory.group("bosses", self.members["dora"])
        await self.token(member_id=self.members["dora"])

    async def listed(self, path):
        return (await self.ask("GET", f"{path}?limit=100")).json()["items"]

    async def rights(self):
        """What each credential may do, and each way to one."""
        members = {each["id"]: each for each in await self.listed("/v1/members")}
        role = {id_: SCOPES_OF_ROLE[Role(each["role"])] for id_, each in members.items()}
        found = {}
        for token in await self.listed("/v1/tokens"):
            whose = token["member_id"]
            if members[whose]["active"]:
                named = role[whose] | GRANTED_SCOPES.keys()
                scopes = token["scopes"]
                found[token["id"]] = role[whose] if scopes is None else named & {*scopes}
        for id_, each in members.items():
            if each["email"] and each["kind"] == "person":
                found[f"{each['email']} signs in as {id_}"] = role[id_]
        for each in await self.listed("/v1/members/invitations"):
            found[each["id"]] = SCOPES_OF_ROLE[Role(each["role"])]
        roles = (await self.ask("GET", "/v1/members/group-roles")).json()["groups"]
        found |= {f"group {each['group']}": SCOPES_OF_ROLE[Role(each["role"])] for each in roles}
        if (await self.ask("GET", "/v1/workspace/sign-in")).status_code == 200:
            found["company"] = SCOPES_OF_ROLE[Role.OWNER]
        return found

    def requests(self):
        """By route; in this order, so that one may make up for what another lacks."""
        people = [*self.members.values()]
        for wanted in ({}, {"email": "mal@evil.example"}, {"kind": "service"}):
            yield "POST /v1/members", {"name": "Mal", "role": "owner", **wanted}
        yield "POST /v1/members/invitations", INVITED
        yield "POST /v1/members/invitations", {**INVITED, "role": "user"}
        yield from ((f"PATCH /v1/members/{e}", _edit(one, e)) for one in EDITS for e in people)
        for groups in ([*OWNER_ROLES, {"group": "all", "role": "admin"}], OWNER_ROLES):
            yield "PUT /v1/members/group-roles", {"groups": groups}
        yield from ((f"POST /v1/members/{each}/sign-in-links", None) for each in people)
        for named in (None, ["members:write"], ["users:impersonate"], ["members:provision"]):
            for each in (None, *people):
                yield "POST /v1/tokens", {"name": "x", "member_id": each, "scopes": named}
        yield from REST
        yield f"DELETE /v1/members/{self.members['uma']}", None

    async def directory_says_it_again(self):
        """As it does now and then: who was changed by hand has its role again."""
        changed = {"op": "replace", "path": "externalId", "value": "u7"}
        await self.directory.patched(f"/Users/{self.members['dora']}", changed)


def _edit(edit, id_):
    """Each person has an address of their own."""
    return {
        name: each.format(id_) if name == "email" and each else each for name, each in edit.items()
    }


async def tenant(client):
    headers = bearer(OPERATOR_TOKEN)
    made = (await client.post("/v1/workspaces", json={"title": "Ours"}, headers=headers)).json()
    found = Tenant(client, made["id"], bearer(made["owner_token"]))
    await found.fill()
    return found


async def attack(ours, token, scopes):
    """What it was given that is more than it has itself."""
    got = {}
    for request, body in ours.requests():
        method, path = request.split(" ")
        answer = await ours.ask(method, path, body, token)
        ours.client.cookies.clear()
        assert answer.status_code < 500 or answer.json()["code"] != "platform.internal", request
        if answer.status_code == 201 and path.endswith("sign-in-links"):
            whose = (await ours.ask("GET", path.removesuffix("/sign-in-links"))).json()
            got[request] = SCOPES_OF_ROLE[Role(whose["role"])]
        if "=oas_" in answer.headers.get("set-cookie", ""):
            got[request] = SCOPES_OF_ROLE[Role.OWNER]
    return {name: given - scopes for name, given in got.items() if given - scopes}


def unsafe_routes():
    for path, methods in json.loads(DOCUMENT.read_text())["paths"].items():
        if not NOT_BY_TOKENS.match(path):
            yield from (f"{method.upper()} {path}" for method in methods if method != "get")


@pytest.mark.parametrize("sets", WITH_OTHERS)
async def test_no_scopes_give_others(start, sets):
    async with start(operator_token=OPERATOR_TOKEN, openactions=PUBLIC) as (client, _):
        for scopes in WITH_OTHERS[sets]:
            ours = await tenant(client)
            token = await ours.token(scopes=sorted(scopes))
            before = await ours.rights()

            got = await attack(ours, token, scopes)
            await ours.directory_says_it_again()

            after = await ours.rights()
            rose = {name: may - scopes - before.get(name, set()) for name, may in after.items()}
            assert {name: more for name, more in rose.items() if more} == {}, scopes
            assert got == {}, scopes


async def test_what_a_directory_of_an_admin_says_gives_nobody_more_than_admins_have(start):
    async with start(operator_token=OPERATOR_TOKEN, openactions=PUBLIC) as (client, _):
        ours = await tenant(client)
        robot = {"name": "IdP", "role": "admin", "kind": "service"}
        named = {"member_id": (await ours.made("/v1/members", robot))["id"]}
        scim = Directory(client, await ours.token(**named, scopes=["members:provision"]))
        before = await ours.rights()

        await attack(ours, scim.headers, {Scope.MEMBERS_PROVISION})
        group = (await scim.get("/Groups"))[1]["Resources"][0]["id"]
        mal = (await scim.user("mal@evil.example"))["id"]
        for id_ in (mal, *ours.members.values()):
            joins = {"op": "add", "path": "members", "value": [{"value": id_}]}
            rises = {"op": "add", "path": "roles", "value": [{"value": "owner", "primary": True}]}
            renamed = {"op": "replace", "path": "userName", "value": f"x{id_}@evil.example"}
            await scim.patched(f"/Groups/{group}", joins)
            for operation in (rises, renamed):
                await scim.patched(f"/Users/{id_}", operation)

        more = {
            name: may - SCOPES_OF_ROLE[Role.ADMIN] for name, may in (await ours.rights()).items()
        }
        assert {name for name, may in more.items() if may - before.get(name, set())} == set()


async def test_each_unsafe_route_that_takes_tokens_is_walked():
    walked = Tenant(None, "ws", {}, {"uma": "mem_0"})
    found = {re.sub(r"/(mem|tok|ivt|ses)_0", "/{}", request) for request, _ in walked.requests()}

    assert {re.sub(r"\{\w+\}", "{}", route) for route in unsafe_routes()} == found
