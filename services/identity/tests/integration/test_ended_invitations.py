"""Invitations end where their address becomes a member's, and for whoever is removed; over HTTP."""

from datetime import UTC, datetime, timedelta

import pytest

from contracts.requests import Role
from identity_service.adapters.mongo_invitations import MongoInvitations
from identity_service.domain.invitation import Invitation
from identity_service.main import build
from identity_service.settings import IdentitySettings
from kit.outbox import Outbox
from kit.testing import RecordedFacts, running
from services.identity.tests.operating import bearer
from services.identity.tests.scim_platform import Directory, provisioning_token
from services.identity.tests.signing_in import ORIGIN, PUBLIC, Browser

pytestmark = pytest.mark.integration
BOB = "bob@acme.com"
ALIAS = "b@acme.com"
NOW = datetime(2026, 1, 1, tzinfo=UTC)


class Ours:
    def __init__(self, client, owner, directory):
        self.client, self.owner, self.directory = client, owner, directory

    async def call(self, method, path, **body):
        return await self.client.request(method, path, headers=self.owner, **body)

    async def invited(self, email=BOB):
        body = {"email": email, "name": "Bob", "role": "admin"}
        made = await self.call("POST", "/v1/members/invitations", json=body)
        assert made.status_code == 201, made.text
        return made.json()["url"].removeprefix(ORIGIN)

    async def open(self):
        return (await self.call("GET", "/v1/members/invitations")).json()["items"]

    async def removed(self, member_id):
        assert (await self.call("DELETE", f"/v1/members/{member_id}")).status_code == 204

    async def added(self):
        body = {"name": "Bob", "role": "user", "email": BOB}
        return (await self.call("POST", "/v1/members", json=body)).json()["id"]

    async def renamed(self):
        body = {"name": "Bob", "role": "user", "email": "robert@acme.com"}
        id_ = (await self.call("POST", "/v1/members", json=body)).json()["id"]
        changed = await self.call("PATCH", f"/v1/members/{id_}", json={"email": BOB})
        assert changed.status_code == 200, changed.text
        return id_

    async def provisioned(self):
        return (await self.directory.user(BOB))["id"]

    async def provisioned_with_another_address(self):
        emails = [{"value": "robert@acme.com", "primary": True}, {"value": BOB.upper()}]
        return (await self.directory.user("bob", emails=emails))["id"]

    async def patched_by_the_directory(self):
        id_ = (await self.directory.user("bob"))["id"]
        operation = {"op": "replace", "path": "userName", "value": BOB.title()}
        status, body = await self.directory.patched(f"/Users/{id_}", operation)
        assert status == 200, body
        return id_


@pytest.fixture
async def ours(servers):
    settings = IdentitySettings(**servers, openactions=PUBLIC)
    tokens = []
    async with running(build(settings, tokens.append, announce_sign_in_link=print)) as client:
        owner = bearer(tokens[0])
        yield Ours(client, owner, Directory(client, await provisioning_token(client, owner)))


WAYS = (
    *("added", "renamed", "provisioned", "provisioned_with_another_address"),
    "patched_by_the_directory",
)


@pytest.mark.parametrize("way", WAYS)
async def test_who_is_removed_comes_back_by_no_invitation_from_before(ours, way):
    link, other = await ours.invited(), await ours.invited("eve@acme.com")

    member = await getattr(ours, way)()
    assert [each["email"] for each in await ours.open()] == ["eve@acme.com"]
    await ours.removed(member)

    assert (await Browser(ours.client).open(link)).status_code == 404
    assert (await Browser(ours.client).open(other)).status_code == 200
    again = await ours.invited()
    assert (await Browser(ours.client).follow(again)).status_code == 303


async def test_removal_ends_what_a_crash_left_and_what_is_older_at_the_button(ours, database):
    """As if a process had died after it wrote the member, and before it ended the invitation."""
    link = await ours.invited()
    invitations = database["invitations"]
    kept = await invitations.find_one({"state.email": BOB})
    member = await ours.added()
    await invitations.insert_one(kept)
    assert (await Browser(ours.client).open(link)).status_code == 409

    await ours.removed(member)
    assert await ours.open() == []
    await invitations.insert_one(kept)  # nor does it open where it is left even then

    assert (await Browser(ours.client).open(link)).status_code == 404
    assert (await Browser(ours.client).open(await ours.invited())).status_code == 200


async def test_until_when_invitations_to_an_address_are_closed_is_known(database):
    invitations, now = MongoInvitations(database, Outbox("identity", RecordedFacts())), NOW
    for collection in invitations.collections:
        await collection.ensure_indexes()

    await invitations.close_to("ws_ours", {BOB, ALIAS}, now)
    await invitations.close_to("ws_ours", {BOB}, now + timedelta(seconds=1))

    assert await invitations.closed_at("ws_ours", BOB) == now + timedelta(seconds=1)
    assert await invitations.closed_at("ws_ours", ALIAS) == now
    assert await invitations.closed_at("ws_theirs", BOB) is None


async def test_invitations_to_an_address_are_known_by_their_ids(database):
    invitations, now = MongoInvitations(database, Outbox("identity", RecordedFacts())), NOW
    for collection in invitations.collections:
        await collection.ensure_indexes()
    fields = ("ws_ours", BOB, "Bob", Role.USER)
    for each in "acb":
        await invitations.add(
            Invitation(f"ivt_{each}", *fields, each * 64, "mem", now, now + timedelta(days=7))
        )
    other = Invitation("ivt_x", "ws_ours", ALIAS, "Al", Role.USER, "x" * 64, "mem", now, now)
    await invitations.add(other)

    assert await invitations.open_to("ws_ours", BOB) == {"ivt_a", "ivt_b", "ivt_c"}
    assert await invitations.open_to("ws_theirs", BOB) == set()
    assert await invitations.use_up("ws_ours", "ivt_b")
    assert await invitations.open_to("ws_ours", BOB) == {"ivt_a", "ivt_c"}
    assert await invitations.count_beside("ws_ours", BOB) == 1
