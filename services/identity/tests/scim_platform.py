"""A company's directory, as it calls /scim/v2 of a running identity service."""

import asyncio
from dataclasses import dataclass
from functools import partial
from typing import Any

from scim2_client import BaseSyncSCIMClient

from services.identity.tests.operating import bearer

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
SCIM = {"content-type": "application/scim+json"}


class DirectoryClient(BaseSyncSCIMClient):
    """Runs in a thread of its own, beside the service's loop."""

    def __init__(self, client, loop, headers):
        super().__init__()
        self._client, self._loop, self._headers = client, loop, headers

    def request(self, method, url, **kwargs):
        kwargs["headers"] = {**self._headers, **kwargs.get("headers", {})}
        sent = self._client.request(method, f"/scim/v2{url}", **kwargs)
        return asyncio.run_coroutine_threadsafe(sent, self._loop).result(20)

    def _stays_under_base_url(self, endpoint):
        return endpoint.startswith("/")

    def _parse_json(self, response):
        return response.json()


@dataclass
class Directory:
    """Calls as directories do; `ask` answers status and body."""

    client: Any
    headers: dict

    async def ask(self, method, path, body=None, headers=None):
        headers = {**self.headers, **(SCIM if body is not None else {}), **(headers or {})}
        answer = await self.client.request(method, f"/scim/v2{path}", json=body, headers=headers)
        if answer.content:
            assert answer.headers["content-type"] == "application/scim+json"
        return answer.status_code, answer.json() if answer.content else None

    def __getattr__(self, name):
        return partial(self.ask, name.upper())

    async def user(self, user_name, **more):
        body = {"schemas": [USER], "userName": user_name, **more}
        status, user = await self.ask("POST", "/Users", body)
        assert status == 201, user
        return user

    async def group(self, name, *members, **more):
        named = [{"value": each} for each in members]
        body = {"schemas": [GROUP], "displayName": name, "members": named, **more}
        status, group = await self.ask("POST", "/Groups", body)
        assert status == 201, group
        return group

    async def patched(self, path, *operations, headers=None):
        body = {"schemas": [PATCH], "Operations": [*operations]}
        return await self.ask("PATCH", path, body, headers)


async def provisioning_token(client, owner, *, role="owner", scopes=("members:provision",)):
    """Of a service account, as an owner makes one for the directory."""
    body = {"name": "Directory", "role": role, "kind": "service"}
    member = (await client.post("/v1/members", json=body, headers=owner)).json()
    wanted = {"name": "SCIM", "member_id": member["id"], "scopes": [*scopes]}
    made = await client.post("/v1/tokens", json=wanted, headers=owner)
    assert made.status_code == 201, made.json()
    return bearer(made.json()["token"])
