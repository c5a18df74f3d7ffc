"""Access lists name members of the workspace: catalog beside the real identity."""

from dataclasses import dataclass
from typing import Any

import pytest

from catalog_service.main import build
from catalog_service.settings import CatalogSettings
from identity_service.main import build as build_identity
from identity_service.settings import IdentitySettings
from kit.testing import eventually, running

pytestmark = pytest.mark.integration


def bearer(token):
    return {"authorization": f"Bearer {token}"}


@dataclass
class Platform:
    identity: Any
    catalog: Any
    owner: dict[str, str]

    async def member(self):
        """An id, and who signs in with their token."""
        body = {"name": "Ada", "role": "builder"}
        added = await self.identity.post("/v1/members", json=body, headers=self.owner)
        wanted = {"name": "CI", "member_id": added.json()["id"]}
        token = await self.identity.post("/v1/tokens", json=wanted, headers=self.owner)
        return added.json()["id"], bearer(token.json()["token"])

    async def remove(self, member_id):
        removed = await self.identity.delete(f"/v1/members/{member_id}", headers=self.owner)
        assert removed.status_code == 204

    async def gpt(self):
        created = await self.catalog.post("/v1/gpts", json={"name": "Vet"}, headers=self.owner)
        return f"/v1/gpts/{created.json()['id']}"

    async def share(self, gpt, *levels):
        members = [{"member_id": member_id, "level": level} for member_id, level in levels]
        return await self.catalog.put(
            f"{gpt}/access", json={"members": members}, headers=self.owner
        )


@pytest.fixture
def servers(nats_url, mongodb_url, database_name):
    return {
        "mongodb_url": mongodb_url,
        "mongodb_database": database_name,
        "nats_url": nats_url,
        "stream_replicas": 1,
    }


def identity_beside(servers, announced):
    database = f"{servers['mongodb_database']}_i"
    settings = IdentitySettings(**{**servers, "mongodb_database": database})
    return running(build_identity(settings, announced.append))


@pytest.fixture
async def platform(servers):
    announced = []
    async with (
        identity_beside(servers, announced) as identity,
        running(build(CatalogSettings(**servers))) as catalog,
    ):
        yield Platform(identity, catalog, bearer(announced[0]))


async def test_who_was_made_up_is_refused_by_name_and_nothing_is_stored(platform):
    ada, _ = await platform.member()
    gpt = await platform.gpt()

    refused = await platform.share(gpt, (ada, "can_chat"), ("mem_9", "can_edit"))

    assert (refused.status_code, refused.json()["code"]) == (422, "catalog.unknown_members")
    assert refused.json()["detail"] == "These are no members of your workspace: mem_9."
    stored = await platform.catalog.get(f"{gpt}/access", headers=platform.owner)
    assert stored.json()["members"] == []


async def test_a_removed_member_who_is_still_listed_has_no_access_and_blocks_nobody(platform):
    (ada, as_ada), (bob, as_bob) = await platform.member(), await platform.member()
    gpt = await platform.gpt()
    await platform.share(gpt, (ada, "can_edit"))
    assert (await platform.catalog.get(gpt, headers=as_ada)).status_code == 200

    await platform.remove(ada)

    async def refused():
        return (await platform.catalog.get(gpt, headers=as_ada)).status_code == 401

    assert await eventually(refused)
    changed = await platform.share(gpt, (ada, "can_edit"), (bob, "can_view"))
    assert changed.status_code == 200
    assert (await platform.catalog.get(gpt, headers=as_bob)).status_code == 200
    taken_off = await platform.share(gpt, (bob, "can_view"))
    listed_again = await platform.share(gpt, (ada, "can_edit"), (bob, "can_view"))
    assert (taken_off.status_code, listed_again.status_code) == (200, 422)


async def test_identity_tells_who_has_the_role_user(platform):
    ada, _ = await platform.member()
    body = {"name": "Bob", "role": "user"}
    added = await platform.identity.post("/v1/members", json=body, headers=platform.owner)
    bob, gpt = added.json()["id"], await platform.gpt()

    shared = await platform.share(gpt, (ada, "can_edit"), (bob, "can_edit"))
    owner = {"owner": bob}
    refused = await platform.catalog.put(f"{gpt}/access", json=owner, headers=platform.owner)

    warned = [(each["code"], each["member_id"]) for each in shared.json()["warnings"]]
    assert (shared.status_code, warned) == (200, [("catalog.editor_builds_nothing", bob)])
    assert (refused.status_code, refused.json()["code"]) == (422, "catalog.owner_builds_nothing")


async def test_a_full_access_list_of_strangers_is_answered(platform):
    """500 ids of 64 characters: the question and the answer fit their messages."""
    gpt = await platform.gpt()

    refused = await platform.share(gpt, *((f"mem_{n:060}", "can_chat") for n in range(500)))

    assert (refused.status_code, refused.json()["code"]) == (422, "catalog.unknown_members")
    assert len(refused.json()["findings"]) + refused.json()["more_findings"] == 500


async def test_where_identity_is_away_nobody_is_added(servers):
    """Catalog caches its caller for a minute, so the request gets as far as the list."""
    announced = []
    async with running(build(CatalogSettings(**servers))) as catalog:
        async with identity_beside(servers, announced) as identity:
            platform = Platform(identity, catalog, bearer(announced[0]))
            ada, _ = await platform.member()
            gpt = await platform.gpt()

        refused = await platform.share(gpt, (ada, "can_chat"))

        stored = await catalog.get(f"{gpt}/access", headers=platform.owner)
        assert (refused.status_code, stored.json()["members"]) == (503, [])
