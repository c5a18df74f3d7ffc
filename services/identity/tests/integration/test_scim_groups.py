"""Groups under `/scim/v2`, the roles that go with them, and who is refused within a second."""

from time import monotonic

import pytest

from identity_service.main import build
from identity_service.settings import IdentitySettings
from kit.testing import eventually, neighbours, running
from policy_service.main import build as build_policy
from policy_service.settings import PolicySettings
from services.identity.tests.operating import bearer
from services.identity.tests.scim_platform import GROUP, Directory, provisioning_token

pytestmark = pytest.mark.integration
ROLES = "/v1/members/group-roles"


class Company:
    """A directory, the workspace's owner, and policy beside identity."""

    def __init__(self, identity, policy, owner, headers):
        self.identity, self.policy, self.owner = identity, policy, owner
        self.directory = Directory(identity, headers)

    async def gives(self, **roles):
        body = {"groups": [{"group": name, "role": role} for name, role in roles.items()]}
        answer = await self.identity.put(ROLES, json=body, headers=self.owner)
        assert answer.status_code == 200, answer.json()
        return answer

    async def role(self, user):
        path = f"/v1/members/{user['id']}"
        return (await self.identity.get(path, headers=self.owner)).json()["role"]

    async def token(self, user):
        wanted = {"name": "t", "member_id": user["id"]}
        made = await self.identity.post("/v1/tokens", json=wanted, headers=self.owner)
        return bearer(made.json()["token"])

    async def sees_domains(self, headers):
        """200 for a builder, 403 for a user, 401 for nobody."""
        return (await self.policy.get("/v1/domains", headers=headers)).status_code


@pytest.fixture
async def company(servers):
    announced = []
    settings = IdentitySettings(**servers)
    policy = PolicySettings(**{**servers, "mongodb_database": f"{settings.mongodb_database}_p"})
    async with (
        neighbours(servers["nats_url"]),
        running(build(settings, announced.append)) as identity,
        running(build_policy(policy)) as neighbour,
    ):
        owner = bearer(announced[0])
        headers = await provisioning_token(identity, owner)
        yield Company(identity, neighbour, owner, headers)


async def members_of(directory, group):
    status, shown = await directory.get(f"/Groups/{group['id']}")
    assert status == 200
    return {each["value"] for each in shown.get("members", ())}


async def test_groups_are_added_found_changed_and_removed(company):
    directory = company.directory
    ada, bob = await directory.user("ada"), await directory.user("bob")
    group = await directory.group("Makers", ada["id"], externalId="G-1")

    for text in (
        'displayName eq "makers"',
        'externalId eq "G-1"',
        f'id eq "{group["id"]}" and members eq "{ada["id"]}"',
        f'members[value eq "{ada["id"]}"]',
    ):
        _, body = await directory.get(f"/Groups?filter={text}")
        assert [each["id"] for each in body["Resources"]] == [group["id"]], text
    _, body = await directory.get(f'/Groups?filter=members.value eq "{bob["id"]}"')
    assert body["totalResults"] == 0
    _, listed = await directory.get("/Groups?excludedAttributes=members")
    assert "members" not in listed["Resources"][0]
    _, shown = await directory.get(f"/Users/{ada['id']}")
    assert [each["display"] for each in shown["groups"]] == ["Makers"]
    body = {"schemas": [GROUP], "displayName": "Doers", "members": [{"value": bob["id"]}]}
    status, replaced = await directory.put(f"/Groups/{group['id']}", body)
    assert (status, replaced["displayName"]) == (200, "Doers")
    assert await members_of(directory, group) == {bob["id"]}
    status, refused = await directory.post("/Groups", {**body, "displayName": "DOERS"})
    assert (status, refused["scimType"]) == (409, "uniqueness")
    assert (await directory.delete(f"/Groups/{group['id']}"))[0] == 204
    assert (await directory.get(f"/Groups/{group['id']}"))[0] == 404
    assert "groups" not in (await directory.get(f"/Users/{bob['id']}"))[1]


async def test_entra_s_and_okta_s_patches_of_groups_mean_what_they_mean(company):
    directory = company.directory
    ada, bob, eve = [(await directory.user(name))["id"] for name in ("ada", "bob", "eve")]
    group = await directory.group("Makers")
    path = f"/Groups/{group['id']}"

    for operation, expected in (
        ({"op": "Add", "path": "members", "value": [{"value": ada}, {"value": bob}]}, {ada, bob}),
        ({"op": "add", "path": "members", "value": [{"value": ada}]}, {ada, bob}),
        ({"op": "Remove", "path": "members", "value": [{"value": ada}]}, {bob}),
        ({"op": "add", "value": {"members": [{"value": eve}]}}, {bob, eve}),
        ({"op": "remove", "path": f'members[value eq "{bob}"]'}, {eve}),
        ({"op": "remove", "path": f'members[value eq "{bob}"]'}, {eve}),
        ({"op": "replace", "path": "members", "value": [{"value": ada}]}, {ada}),
        ({"op": "replace", "value": {"id": group["id"], "displayName": "X"}}, {ada}),
        ({"op": "replace", "path": "members", "value": []}, set()),
    ):
        status, answer = await directory.patched(path, operation)
        assert status == 200, (operation, answer)
        assert await members_of(directory, group) == expected, operation
    assert (await directory.get(path))[1]["displayName"] == "X"
    nobody = {"op": "add", "path": "members", "value": [{"value": "mem_nobody"}]}
    status, refused = await directory.patched(path, nobody)
    assert (status, "identity.unknown_group_member" in refused["detail"]) == (400, True)


async def test_a_group_s_version_is_of_what_is_shown(company):
    directory = company.directory
    ada = await directory.user("ada")
    group = await directory.group("Makers")
    path, version = f"/Groups/{group['id']}", {"if-match": group["meta"]["version"]}
    add = {"op": "add", "path": "members", "value": [{"value": ada["id"]}]}

    assert (await directory.patched(path, add, headers=version))[0] == 200
    assert (await directory.patched(path, add, headers=version))[0] == 412
    assert (await directory.delete(path, headers=version))[0] == 412
    assert (await directory.delete(path, headers={"if-match": "*"}))[0] == 204


async def test_a_group_s_role_is_in_force_everywhere_within_a_second(company):
    directory = company.directory
    ada = await directory.user("ada")
    theirs = await company.token(ada)
    assert await company.sees_domains(theirs) == 403
    answer = await company.gives(makers="builder")
    group = await directory.group("Makers", ada["id"])
    assert answer.headers["etag"] == '"1"'
    assert await company.role(ada) == "builder"

    async def in_force(expected):
        began = monotonic()
        while await company.sees_domains(theirs) != expected:
            assert monotonic() - began < 1, expected

    await in_force(200)
    remove = {"op": "remove", "path": f'members[value eq "{ada["id"]}"]'}
    await directory.patched(f"/Groups/{group['id']}", remove)
    await in_force(403)
    await directory.patched(
        f"/Groups/{group['id']}",
        {**remove, "op": "add", "path": "members", "value": [{"value": ada["id"]}]},
    )
    await in_force(200)
    await company.gives(makers="user")
    await in_force(403)
    await company.gives(makers="builder")
    await in_force(200)
    await directory.delete(f"/Groups/{group['id']}")
    await in_force(403)


@pytest.mark.parametrize("how", ["switched off", "removed"])
async def test_whoever_is_deprovisioned_is_refused_everywhere_within_a_second(company, how):
    directory = company.directory
    ada = await directory.user("ada", roles=[{"value": "builder"}])
    theirs = await company.token(ada)
    assert await company.sees_domains(theirs) == 200
    path = f"/Users/{ada['id']}"

    if how == "removed":
        status, _ = await directory.delete(path)
    else:
        off = {"op": "Replace", "path": "active", "value": "False"}
        status, _ = await directory.patched(path, off)
    began = monotonic()

    assert status in (200, 204)
    while await company.sees_domains(theirs) != 401:
        assert monotonic() - began < 1
    if how == "switched off":
        on = {"op": "Replace", "path": "active", "value": "True"}
        assert (await directory.patched(path, on))[0] == 200

        async def back():
            return await company.sees_domains(theirs) == 200

        assert await eventually(back)


async def test_group_roles_are_read_and_set_by_those_who_may(company):
    read = await company.identity.get(ROLES, headers=company.owner)
    stale = {"if-match": '"7"'}
    body = {"groups": [{"group": "Makers", "role": "builder"}]}
    refused = await company.identity.put(ROLES, json=body, headers={**company.owner, **stale})
    many = {"groups": [{"group": f"g{number}", "role": "user"} for number in range(101)]}
    beyond = await company.identity.put(ROLES, json=many, headers=company.owner)
    foreign = await company.identity.put(ROLES, json=body, headers=company.directory.headers)

    assert (read.json(), read.headers["etag"]) == ({"groups": []}, '"0"')
    assert (refused.status_code, beyond.status_code, foreign.status_code) == (412, 422, 403)
    assert (await company.gives(Makers="builder")).json() == body
    assert (await company.identity.get(ROLES, headers=company.owner)).json() == body
