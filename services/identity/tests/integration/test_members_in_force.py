"""A changed or removed member, as other services and other replicas see them."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from contracts.facts import MemberChanged, TokenRevoked
from contracts.ids import MemberId, TokenId, WorkspaceId, new_id
from contracts.principal import SCOPES_OF_ROLE, Principal, Role, Via
from identity_service.adapters.mongo_members import MongoMembers
from identity_service.adapters.mongo_sessions import MongoSessions
from identity_service.adapters.mongo_tokens import MongoTokens
from identity_service.adapters.random_token import draw_random_token
from identity_service.adapters.system_clock import system_clock
from identity_service.domain.api_token import ApiToken
from identity_service.domain.errors import LastOwner, LastOwnerToken
from identity_service.domain.member import Member, MemberEdit
from identity_service.main import build
from identity_service.settings import IdentitySettings
from identity_service.usecases.change_member import ChangeMember
from identity_service.usecases.end_access_of_member import EndAccessOfMember
from identity_service.usecases.end_session import EndSession
from identity_service.usecases.end_sessions_of_member import EndSessionsOfMember
from identity_service.usecases.keep_an_owner import KeepAnOwner
from identity_service.usecases.read_oldest_owner import ReadOldestOwner
from identity_service.usecases.remove_member import RemoveMember
from identity_service.usecases.revoke_token import RevokeToken
from identity_service.usecases.revoke_tokens_of_member import RevokeTokensOfMember
from kit import mongo
from kit.outbox import Outbox
from kit.testing import RecordedFacts, eventually, neighbours, refusing, running
from policy_service.main import build as build_policy
from policy_service.settings import PolicySettings

pytestmark = pytest.mark.integration


def bearer(token):
    return {"authorization": f"Bearer {token}"}


@pytest.fixture
def servers(nats_url, mongodb_url, database_name):
    return {
        "mongodb_url": mongodb_url,
        "mongodb_database": database_name,
        "nats_url": nats_url,
        "stream_replicas": 1,
    }


class Replica:
    """The part of one that removes members, changes their roles and revokes tokens."""

    def __init__(self, servers):
        self.client = mongo.connect(servers["mongodb_url"])
        database, outbox = self.client[servers["mongodb_database"]], Outbox("i", RecordedFacts())
        self.members = MongoMembers(database, outbox)
        self.tokens = MongoTokens(database, outbox, timedelta(days=1))
        keep = KeepAnOwner(self.members, self.tokens, system_clock)
        self.change_member = ChangeMember(self.members, keep)
        sessions = MongoSessions(database, outbox)
        ends = EndSessionsOfMember(sessions, EndSession(sessions))
        self.remove = RemoveMember(
            self.members, keep, EndAccessOfMember(RevokeTokensOfMember(self.tokens), ends)
        )
        self.revoke = RevokeToken(self.tokens, self.members, keep, ends)

    async def add_owner(self, workspace_id):
        id_, drawn = MemberId(new_id("mem")), draw_random_token()
        await self.members.add(Member(id_, workspace_id, "Owner", Role.OWNER))
        token_id = TokenId(new_id("tok"))
        token = (token_id, workspace_id, id_, drawn, system_clock())
        await self.tokens.add(ApiToken.for_owner(*token))
        scopes = SCOPES_OF_ROLE[Role.OWNER]
        return Principal(workspace_id, id_, Role.OWNER, Via.TOKEN, scopes, None, token_id)

    async def ways_in(self, workspace_id):
        owners = await self.members.with_role(workspace_id, Role.OWNER)
        return [
            each for who in owners for each in await self.tokens.of_member(workspace_id, who.id)
        ]


class Platform:
    """Identity, policy beside it, and the first owner."""

    def __init__(self, identity, policy, bus, token):
        self.identity, self.policy, self.bus = identity, policy, bus
        self.owner = bearer(token)

    async def add(self, role):
        body = {"name": "Ada", "role": role}
        member = (await self.identity.post("/v1/members", json=body, headers=self.owner)).json()
        wanted = {"name": "CI", "member_id": member["id"]}
        token = (await self.identity.post("/v1/tokens", json=wanted, headers=self.owner)).json()
        return f"/v1/members/{member['id']}", bearer(token["token"])

    async def last(self, fact):
        stored = await self.bus.jetstream.get_last_msg("FACTS", fact.subject)
        return fact.model_validate_json(stored.data)


@pytest.fixture
async def platform(servers):
    announced = []
    settings = IdentitySettings(**servers)
    policy = PolicySettings(**{**servers, "mongodb_database": f"{settings.mongodb_database}_p"})
    async with (
        neighbours(servers["nats_url"]) as others,
        running(build(settings, announced.append)) as identity,
        running(build_policy(policy)) as neighbour,
    ):
        yield Platform(identity, neighbour, others.bus, announced[0])


async def test_a_higher_role_lets_tokens_do_more_unless_they_say_what_they_may(platform):
    path, ada = await platform.add("user")
    limited = {"name": "Limited", "member_id": path.split("/")[-1], "scopes": ["gpts:read"]}
    kept = await platform.identity.post("/v1/tokens", json=limited, headers=platform.owner)

    raised = await platform.identity.patch(path, json={"role": "builder"}, headers=platform.owner)
    seen = await platform.identity.get(path, headers=platform.owner)
    wanted = {"name": "New", "member_id": seen.json()["id"]}
    made = await platform.identity.post("/v1/tokens", json=wanted, headers=platform.owner)
    new = bearer(made.json()["token"])

    assert (raised.json()["role"], seen.json()["role"]) == ("builder", "builder")
    assert raised.headers["etag"] == seen.headers["etag"]
    assert (await platform.last(MemberChanged)).role == "builder"
    assert (await platform.policy.get("/v1/domains", headers=new)).status_code == 200

    async def allowed():
        return (await platform.policy.get("/v1/domains", headers=ada)).status_code == 200

    assert await eventually(allowed)
    as_limited = bearer(kept.json()["token"])
    assert (await platform.policy.get("/v1/domains", headers=as_limited)).status_code == 403


async def test_a_lower_role_takes_scopes_from_tokens_within_a_second(platform):
    path, ada = await platform.add("admin")
    body = {"domain": "example.com"}
    before = await platform.policy.post("/v1/domains", json=body, headers=ada)

    await platform.identity.patch(path, json={"role": "builder"}, headers=platform.owner)

    async def refused():
        answer = await platform.policy.post("/v1/domains", json=body, headers=ada)
        return answer.json().get("code") == "identity.scope_missing"

    assert before.status_code == 200
    assert await eventually(refused)
    assert (await platform.policy.get("/v1/domains", headers=ada)).status_code == 200


async def test_a_removed_members_tokens_are_refused_within_a_second_and_deleted(platform):
    path, ada = await platform.add("admin")
    assert (await platform.policy.get("/v1/domains", headers=ada)).status_code == 200

    removed = await platform.identity.delete(path, headers=platform.owner)

    async def refused():
        return (await platform.policy.get("/v1/domains", headers=ada)).status_code == 401

    assert removed.status_code == 204
    assert await eventually(refused)
    tokens = (await platform.identity.get("/v1/tokens", headers=platform.owner)).json()["items"]
    assert len(tokens) == 1
    assert (await platform.last(MemberChanged)).role is None
    assert (await platform.last(TokenRevoked)).workspace_id  # for replicas of the release before
    again = await platform.identity.delete(path, headers=platform.owner)
    gone = await platform.identity.get(path, headers=platform.owner)
    assert (again.status_code, gone.status_code) == (204, 404)


async def test_b5_a_removal_that_others_may_not_know_of_is_not_answered_as_done(platform):
    path, ada = await platform.add("admin")

    async with refusing(platform.bus):
        refused = await platform.identity.delete(path, headers=platform.owner)
    done = await platform.identity.delete(path, headers=platform.owner)

    assert (refused.status_code, refused.json()["code"]) == (503, "platform.not_in_force")
    assert done.status_code == 204
    assert (await platform.identity.get("/v1/workspace", headers=ada)).status_code == 401


async def test_a_change_of_role_is_based_on_the_member_that_was_read(platform):
    path, _ = await platform.add("user")
    read = await platform.identity.get(path, headers=platform.owner)
    based = {**platform.owner, "if-match": read.headers["etag"]}

    first = await platform.identity.patch(path, json={"role": "builder"}, headers=based)
    late = await platform.identity.patch(path, json={"role": "admin"}, headers=based)

    assert first.status_code == 200
    assert (late.status_code, late.json()["code"]) == (412, "platform.changed_meanwhile")


async def test_of_two_owners_who_leave_at_once_on_two_replicas_one_stays(servers):
    """Each with a connection of its own."""
    replicas = [Replica(servers) for _ in range(2)]
    for _ in range(20):
        workspace_id = WorkspaceId(new_id("ws"))
        owners = [await replicas[0].add_owner(workspace_id) for _ in range(2)]
        leaving = [
            replicas[0].remove(owners[1], owners[0].member_id),
            replicas[1].change_member(
                owners[0], owners[1].member_id, MemberEdit(role=Role.USER), None
            ),
        ]

        ended = await asyncio.gather(*leaving, return_exceptions=True)

        assert [type(each) for each in ended if isinstance(each, Exception)] == [LastOwner]
        assert len(await replicas[0].members.with_role(workspace_id, Role.OWNER)) == 1
    for replica in replicas:
        replica.client.close()


async def test_the_oldest_owner_is_found_among_more_than_a_thousand(database):
    """Written at once and without indexes, which the embedded database takes long to drop."""
    members = MongoMembers(database, Outbox("i", RecordedFacts()))
    state = {"name": "Owner", "role": "owner"}
    await database.members.insert_many(
        {"_id": f"mem_{number:04}", "workspace_id": "ws_1", "revision": 1, "v": 1, "state": state}
        for number in range(1_002)
    )

    assert await ReadOldestOwner(members)(WorkspaceId("ws_1")) == "mem_0000"


def each_revokes_their_own(one, other, ada, bob):
    return one.revoke(ada, ada.credential_id), other.revoke(bob, bob.credential_id)


def each_revokes_the_others(one, other, ada, bob):
    return one.revoke(ada, bob.credential_id), other.revoke(bob, ada.credential_id)


def one_steps_back_and_the_other_revokes_their_own(one, other, ada, bob):
    stepping_back = one.change_member(ada, ada.member_id, MemberEdit(role=Role.USER), None)
    return stepping_back, other.revoke(bob, bob.credential_id)


def one_is_removed_and_revokes_the_others(one, other, ada, bob):
    return one.remove(bob, ada.member_id), other.revoke(ada, bob.credential_id)


@pytest.mark.parametrize(
    "race",
    [
        each_revokes_their_own,
        each_revokes_the_others,
        one_steps_back_and_the_other_revokes_their_own,
        one_is_removed_and_revokes_the_others,
    ],
)
async def test_of_two_owners_with_a_token_each_one_can_still_get_in(servers, race):
    replicas = [Replica(servers) for _ in range(2)]
    for _ in range(20):
        workspace_id = WorkspaceId(new_id("ws"))
        ada, bob = [await replicas[0].add_owner(workspace_id) for _ in range(2)]

        ended = await asyncio.gather(*race(*replicas, ada, bob), return_exceptions=True)

        [refused] = [each for each in ended if isinstance(each, Exception)]
        assert isinstance(refused, LastOwner | LastOwnerToken)
        assert len(await replicas[0].ways_in(workspace_id)) == 1
    for replica in replicas:
        replica.client.close()


async def test_many_tokens_of_one_owner_are_revoked_at_once(servers):
    """Each relies on the same token, without refusing the others."""
    replica, workspace_id = Replica(servers), WorkspaceId(new_id("ws"))
    owner = await replica.add_owner(workspace_id)
    kept = await replica.tokens.read(workspace_id, owner.credential_id)
    dead = [TokenId(f"tok_{number}") for number in range(30)]
    for id_ in dead:
        drawn = draw_random_token()
        await replica.tokens.add(replace(kept, id=id_, digest=drawn.digest))

    await asyncio.gather(*(replica.revoke(owner, id_) for id_ in dead))

    assert [token.id for token in await replica.ways_in(workspace_id)] == [kept.id]
    replica.client.close()
