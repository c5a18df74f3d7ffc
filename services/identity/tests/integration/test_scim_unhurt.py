"""Directories that send much, at once, or again: nobody keeps a role that nothing gives."""

import asyncio
from functools import partial

import pytest

from identity_service.main import build
from identity_service.settings import IdentitySettings
from kit.testing import neighbours, refusing, running
from services.identity.tests.operating import bearer
from services.identity.tests.scim_platform import GROUP, Directory, provisioning_token

pytestmark = pytest.mark.integration
ROUNDS = 5


class Company:
    """A directory, the broker's connection, and the workspace's owner."""

    def __init__(self, client, bus, owner, headers):
        self.client, self.bus, self.owner = client, bus, owner
        self.directory = Directory(client, headers)
        self.api = partial(self.client.request, headers=owner)

    async def gives(self, **roles):
        body = {"groups": [{"group": name, "role": role} for name, role in roles.items()]}
        answer = await self.api("PUT", "/v1/members/group-roles", json=body)
        assert answer.status_code == 200, answer.json()

    async def people(self, count):
        return [await self.directory.user(f"u{number}") for number in range(count)]

    async def roles(self, people):
        shown = [await self.api("GET", f"/v1/members/{each['id']}") for each in people]
        return [each.json()["role"] for each in shown]

    async def members(self, group):
        status, shown = await self.directory.get(f"/Groups/{group['id']}")
        assert status == 200
        return {each["value"] for each in shown.get("members", ())}


@pytest.fixture
async def company(servers):
    announced = []
    async with (
        neighbours(servers["nats_url"]) as others,
        running(build(IdentitySettings(**servers), announced.append)) as client,
    ):
        owner = bearer(announced[0])
        yield Company(client, others.bus, owner, await provisioning_token(client, owner))


def removal(*ids):
    terms = " or ".join(f'value eq "{each}"' for each in ids)
    return {"op": "remove", "path": f"members[{terms}]"}


def addition(*ids):
    return {"op": "add", "path": "members", "value": [{"value": each} for each in ids]}


async def test_a_patch_of_many_comparisons_is_carried_out_or_refused_and_nobody_waits(company):
    directory = company.directory
    people = await company.people(60)
    group = await directory.group("Makers", *(each["id"] for each in people))
    path = f"/Groups/{group['id']}"
    terms = removal(*(f"m{number}" for number in range(25)))

    status, shown = await directory.patched(path, *[terms] * 100)
    assert (status, len(shown["members"])) == (200, 60)
    odd = {"op": "remove", "path": "members[" + " or ".join(['type sw "x"'] * 30) + "]"}
    status, refused = await directory.patched(path, *[odd] * 100)
    assert (status, refused["scimType"], refused["status"]) == (413, "tooMany", "413")
    assert "several requests" in refused["detail"]
    emails = {"op": "remove", "path": "emails[" + " or ".join(['type sw "x"'] * 30) + "]"}
    status, refused = await directory.patched(f"/Users/{people[0]['id']}", *[emails] * 100)
    assert (status, refused["scimType"]) == (413, "tooMany")
    many = {"schemas": [GROUP], "displayName": "x", "members": [{}] * 20_000}
    status, refused = await directory.post("/Groups", many)
    assert (status, refused["scimType"]) == (413, "tooMany")
    assert await company.members(group) == {each["id"] for each in people}


async def test_patches_of_one_group_at_once_add_up(company):
    await company.gives(Makers="builder")
    ada, bob, eve, dan, zoe = people = await company.people(5)
    ids = [each["id"] for each in people]
    for number in range(ROUNDS):
        group = await company.directory.group(f"G{number}", *ids[:3])
        await company.gives(**{f"G{number}": "builder"})
        patch = partial(company.directory.patched, f"/Groups/{group['id']}")

        answers = await asyncio.gather(
            patch(removal(ada["id"])),
            patch(addition(dan["id"])),
            patch({"op": "Remove", "path": "members", "value": [{"value": bob["id"]}]}),
            patch(addition(zoe["id"])),
        )

        assert [status for status, _ in answers] == [200] * 4
        assert await company.members(group) == {eve["id"], dan["id"], zoe["id"]}
        assert await company.roles(people) == ["user", "user", "builder", "builder", "builder"]
        assert (await company.directory.delete(f"/Groups/{group['id']}"))[0] == 204


async def test_of_replacements_at_once_one_is_the_last_and_counts_alone(company):
    await company.gives(Makers="builder")
    people = await company.people(4)
    ids = [each["id"] for each in people]
    group = await company.directory.group("Makers")
    path = f"/Groups/{group['id']}"

    def replaced(*members):
        named = [{"value": each} for each in members]
        body = {"schemas": [GROUP], "displayName": "Makers", "members": named}
        return company.directory.put(path, body)

    for _ in range(ROUNDS):
        replace = {"op": "replace", "path": "members", "value": [{"value": ids[3]}]}
        answers = await asyncio.gather(
            replaced(ids[0]), replaced(ids[1], ids[2]), company.directory.patched(path, replace)
        )

        assert [status for status, _ in answers] == [200] * 3
        left = await company.members(group)
        assert left in ({ids[0]}, {ids[1], ids[2]}, {ids[3]})
        expected = ["builder" if each in left else "user" for each in ids]
        assert await company.roles(people) == expected


async def test_a_group_whose_removal_is_not_in_force_is_removed_by_the_same_request(company):
    await company.gives(Makers="builder")
    people = await company.people(3)
    group = await company.directory.group("Makers", *(each["id"] for each in people))
    path = f"/Groups/{group['id']}"

    async with refusing(company.bus):
        refused = [await company.directory.delete(path) for _ in range(5)]  # more than members
    done, _ = await company.directory.delete(path, headers={"if-match": 'W/"old"'})

    for status, body in refused:
        assert (status, "platform.not_in_force" in body["detail"]) == (503, True)
    assert done == 204
    assert await company.roles(people) == ["user"] * 3
    assert (await company.directory.delete(path))[0] == 404
    await company.directory.group("Makers")


async def test_a_group_with_an_owner_by_hand_is_left_whole_by_a_directory_that_is_none(company):
    await company.gives(Makers="builder")
    people = await company.people(3)
    group = await company.directory.group("Makers", *(each["id"] for each in people))
    path = f"/Groups/{group['id']}"
    boss = f"/v1/members/{people[1]['id']}"
    assert (await company.api("PATCH", boss, json={"role": "owner"})).status_code == 200
    as_admin = await provisioning_token(company.client, company.owner, role="admin")
    admin = Directory(company.client, as_admin)

    status, refused = await admin.delete(path)

    assert (status, "identity.role_above_own" in refused["detail"]) == (403, True)
    assert len(await company.members(group)) == 3
    assert await company.roles(people) == ["builder", "owner", "builder"]
    assert (await company.directory.delete(path))[0] == 204
    assert await company.roles(people) == ["user", "owner", "user"]


async def test_a_user_whose_removal_is_not_in_force_is_not_said_to_be_gone(company):
    [ada] = await company.people(1)
    path = f"/Users/{ada['id']}"

    async with refusing(company.bus):
        refused = [await company.directory.delete(path) for _ in range(2)]
    done = [(await company.directory.delete(path))[0] for _ in range(2)]

    for status, body in refused:
        assert (status, "platform.not_in_force" in body["detail"]) == (503, True)
    assert done == [204, 204]
    assert (await company.directory.get(path))[0] == 404


async def test_who_leaves_a_group_leaves_also_where_it_is_not_in_force_for_the_first(company):
    await company.gives(Makers="builder")
    people = await company.people(3)
    ids = [each["id"] for each in people]
    group = await company.directory.group("Makers", *ids)
    path = f"/Groups/{group['id']}"

    async with refusing(company.bus):
        status, _ = await company.directory.patched(path, *(removal(each) for each in ids))
        assert status == 503
        assert await company.roles(people) == ["user"] * 3
        status, _ = await company.directory.patched(path, *(removal(each) for each in ids))
        assert status == 503
    status, _ = await company.directory.patched(path, *(removal(each) for each in ids))

    assert status == 200
    assert await company.members(group) == set()
