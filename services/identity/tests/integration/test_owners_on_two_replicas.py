"""Owners who leave at once by requests to two replicas, on one database and broker."""

import asyncio
from contextlib import asynccontextmanager
from functools import partial
from itertools import product

import pytest

from kit.testing import eventually
from services.identity.tests.operating import OPERATOR_TOKEN, bearer

pytestmark = [
    pytest.mark.integration,
    pytest.mark.timeout(120),
    # Two replicas in one process: streams of anyio are left open, none of which the races use.
    pytest.mark.filterwarnings("ignore:Unclosed <MemoryObject:ResourceWarning"),
]
WAYS = ("removed", "switched off", "another role")
REFUSALS = {
    *("identity.last_owner", "identity.last_owner_token", "identity.owners_rest_on_member"),
    *("identity.token_invalid", "identity.role_above_own", "identity.scope_missing"),
    *("platform.not_found", "platform.overtaken"),
}


class Owner:
    def __init__(self, member_id, token):
        self.path, self.headers = f"/v1/members/{member_id}", bearer(token)

    async def goes(self, way, replica, by):
        if way == "removed":
            return await replica.delete(self.path, headers=by.headers)
        change = {"active": False} if way == "switched off" else {"role": "user"}
        return await replica.patch(self.path, json=change, headers=by.headers)

    async def gets_in(self, replica):
        answer = await replica.get("/v1/workspace", headers=self.headers)
        you = answer.json().get("you", {})
        return you.get("role") == "owner" and "tokens:write" in you["scopes"]


@asynccontextmanager
async def two(start):
    async with start(operator_token=OPERATOR_TOKEN) as (one, _), start() as (other, _):
        yield one, other


async def new_owner(replica):
    wanted, headers = {"title": "Acme"}, bearer(OPERATOR_TOKEN)
    made = (await replica.post("/v1/workspaces", json=wanted, headers=headers)).json()
    headers = bearer(made["owner_token"])
    you = (await replica.get("/v1/workspace", headers=headers)).json()["you"]
    return Owner(you["member_id"], made["owner_token"])


async def another(replica, by, kind):
    wanted = {"name": "Another", "role": "owner", "kind": kind}
    member = (await replica.post("/v1/members", json=wanted, headers=by.headers)).json()
    wanted = {"name": "Own", "member_id": member["id"]}
    made = (await replica.post("/v1/tokens", json=wanted, headers=by.headers)).json()
    return Owner(member["id"], made["token"])


async def all_go(replicas, owners, ways):
    """Each by the one before, on the replicas in turn; those who went."""
    leaving = [
        owner.goes(way, replicas[number % 2], owners[number - 1])
        for number, (owner, way) in enumerate(zip(owners, ways, strict=True))
    ]
    answers = await asyncio.gather(*leaving)
    refused = {each.json()["code"] for each in answers if each.status_code >= 400}
    assert refused <= REFUSALS
    return [owner for owner, each in zip(owners, answers, strict=True) if each.is_success]


async def get_in(replica, owners, gone):
    """How many do, once the replica has heard of those who are gone."""

    async def is_refused(owner):
        return not await owner.gets_in(replica)

    for owner in gone:
        await eventually(partial(is_refused, owner))
    return sum([await owner.gets_in(replica) for owner in owners])


async def test_of_the_last_two_owners_who_go_at_once_by_two_replicas_one_gets_in(start):
    async with two(start) as replicas:
        for ways in product(WAYS, WAYS):
            person = await new_owner(replicas[0])
            program = await another(replicas[1], person, "service")

            owners = (person, program)
            gone = await all_go(replicas, owners, ways)

            assert len(gone) == 1, ways
            assert await get_in(replicas[0], owners, gone) == 1, ways


async def test_of_three_owners_of_whom_one_lent_another_a_token_one_gets_in(start):
    async with two(start) as replicas:
        for ways in zip(WAYS, WAYS[1:] + WAYS[:1], WAYS[2:] + WAYS[:2], strict=True):
            person = await new_owner(replicas[0])
            program = await another(replicas[1], person, "service")
            lent = await another(replicas[0], program, "person")
            owners = (person, program, lent)

            gone = await all_go(replicas, owners, ways)

            assert await get_in(replicas[1], owners, gone) >= 1, ways
