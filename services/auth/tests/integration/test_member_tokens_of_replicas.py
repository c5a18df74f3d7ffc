"""Replicas that share a member's account, against a provider that rotates and detects reuse."""

import asyncio
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
from auth_fakes import MemoryCredentials, key_ring
from auth_rig import MEM
from awful_provider import SignIn
from member_rig import PAGE, MemberRig

from auth_service.adapters.egress_token_endpoint import EgressTokenEndpoint
from auth_service.adapters.mongo_connections import MongoConnections
from auth_service.adapters.mongo_revocations import MongoRevocations
from auth_service.domain.connection import ConnectionState
from auth_service.domain.oauth.errors import ProviderUnavailable
from auth_service.domain.renewal import FIRST_WAIT, LEASE, WhyLost
from contracts.facts import ConnectionLost
from egress import Egress
from egress.server_url import canonical_origin
from kit import mongo
from kit.outbox import Outbox
from kit.testing import RecordedFacts, eventually

pytestmark = pytest.mark.integration
CALLERS = 40
"""Of each of the two replicas."""


@asynccontextmanager
async def replica(mongodb_url, database_name, at, shared):
    """With a connection to the database, and a way out, of its own."""
    client, egress = mongo.connect(mongodb_url), Egress(at[1])
    outbox = Outbox("auth", shared.facts)
    revocations = MongoRevocations(client[database_name], outbox)
    connections = MongoConnections(client[database_name], outbox, revocations)
    connections.revocations = revocations
    for collection in (*connections.collections, *revocations.collections):
        await collection.ensure_indexes()
    await egress.start()
    [plain] = map(canonical_origin, at[1].allowed_origins)
    rig = MemberRig(shared.keys, connections, EgressTokenEndpoint(egress), shared.store, [plain])
    yield rig
    await egress.close()
    client.close()


class Shared:
    def __init__(self):
        self.keys, self.store = key_ring("k1"), MemoryCredentials()
        self.facts = RecordedFacts()


@pytest.fixture
async def replicas(mongodb_url, database_name, at, provider):
    shared = Shared()
    served = (mongodb_url, database_name, at, shared)
    async with replica(*served) as one, replica(*served) as other:
        named = {"client_id": provider.client_id, "secret": provider.client_secret}
        urls = {"token_url": f"{at[0]}/token", "authorization_url": f"{at[0]}/authorize"}
        await one.enter_oauth(**named, **urls, revocation_url=f"{at[0]}/revoke")
        provider.sign_ins.append(SignIn("read", "refresh-1", access_tokens={"first"}))
        await one.linked()
        yield one, other, shared.facts


def advance(replicas, by):
    for rig in replicas[:2]:
        rig.clock.advance(by)


def all_call(replicas):
    return [rig.token() for _ in range(CALLERS) for rig in replicas[:2]]


async def test_s03_h90_callers_of_two_replicas_make_one_token_request_at_each_expiry(
    replicas, provider
):
    one, *_ = replicas
    for number in (1, 2, 3):
        advance(replicas, timedelta(hours=2))

        tokens = {*await asyncio.gather(*all_call(replicas))}

        assert len(provider.token_requests) == number
        assert len(tokens) == 1
        assert tokens <= provider.sign_ins[0].access_tokens
    assert (await one.kept()).generation == 4


@pytest.mark.parametrize("tolerates", [True, False], ids=["tolerant", "strict"])
async def test_h91_after_an_answer_that_never_came_a_sign_in_is_kept_or_lost_and_said_so(
    replicas, provider, tolerates
):
    """The provider rotated, and its answer broke off: to us it is a failure, and tried again."""
    _, other, facts = replicas
    provider.takes_the_last_one_again, provider.breaks_off = tolerates, 1
    advance(replicas, timedelta(hours=2))
    failed = await asyncio.gather(*all_call(replicas), return_exceptions=True)
    assert {each.code for each in failed} == {ProviderUnavailable.code}
    assert len(provider.token_requests) == 1
    advance(replicas, FIRST_WAIT)

    tokens = {*await asyncio.gather(*all_call(replicas))}

    assert len(provider.token_requests) == 2
    kept = await other.kept()
    if tolerates:
        assert tokens <= provider.sign_ins[0].access_tokens
        assert kept.is_linked
        return
    assert tokens == {PAGE}
    assert (kept.state, kept.why, kept.sealed) == (ConnectionState.LOST, WhyLost.REFUSED, None)
    [fact] = facts.of(ConnectionLost)
    assert fact.member_id == MEM


async def test_h91_another_replica_goes_on_where_one_was_killed_while_it_asked(replicas, provider):
    one, other, _ = replicas
    provider.takes_the_last_one_again, provider.delay_seconds = True, 0.5
    advance(replicas, timedelta(hours=2))
    killed = asyncio.create_task(one.token())

    async def asked():
        return provider.token_requests

    await eventually(asked)
    for task in (killed, *one.renew.under_way.values()):
        task.cancel()
    assert (await other.kept()).renewal.lease
    provider.delay_seconds = 0
    other.clock.advance(LEASE)

    assert await other.token() in provider.sign_ins[0].access_tokens

    kept = await other.kept()
    assert (kept.is_linked, kept.generation) == (True, 2)
