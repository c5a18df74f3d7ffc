"""Identity's stores, in memory and in MongoDB, and the service on a real broker and database."""

from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from identity_service.adapters.ended_invitations import EndInvitations
from identity_service.adapters.invited_members import InvitedMembers
from identity_service.adapters.mongo_bootstraps import MongoBootstraps
from identity_service.adapters.mongo_groups import MongoGroupRoles, MongoGroups
from identity_service.adapters.mongo_invitations import MongoInvitations
from identity_service.adapters.mongo_sessions import MongoSessions
from identity_service.adapters.mongo_sign_in_links import MongoSignInLinks
from identity_service.adapters.mongo_tokens import MongoTokens
from identity_service.adapters.mongo_workspaces import MongoWorkspaces
from identity_service.main import build
from identity_service.settings import IdentitySettings
from kit.outbox import Outbox
from kit.testing import RecordedFacts, running
from services.identity.tests.directory_fakes import MemoryGroupRoles, MemoryGroups
from services.identity.tests.fakes import (
    NOW,
    MemoryBootstraps,
    MemoryMembers,
    MemorySessions,
    MemorySignInLinks,
    MemoryTokens,
    MemoryWorkspaces,
)
from services.identity.tests.invitation_fakes import MemoryInvitations
from services.identity.tests.operating import bearer


@dataclass
class Stores:
    facts: RecordedFacts
    bootstraps: Any
    workspaces: Any
    members: Any
    tokens: Any
    sessions: Any
    links: Any
    invitations: Any
    groups: Any
    group_roles: Any


@pytest.fixture
def memory():
    facts, invitations = RecordedFacts(), MemoryInvitations()
    return Stores(
        facts,
        MemoryBootstraps(),
        MemoryWorkspaces(facts),
        MemoryMembers(facts, invitations=invitations),
        MemoryTokens(facts),
        MemorySessions(facts),
        MemorySignInLinks(),
        invitations,
        MemoryGroups(),
        MemoryGroupRoles(),
    )


@pytest.fixture
async def mongodb(database):
    facts = RecordedFacts()
    outbox = Outbox("identity", facts)
    made = [kind(database, outbox) for kind in (MongoBootstraps, MongoWorkspaces)]
    ends = EndInvitations(MongoInvitations(database, outbox), lambda: NOW)
    made.append(InvitedMembers(database, outbox, ends))
    made.append(MongoTokens(database, outbox, timedelta(days=90)))
    kinds = (MongoSessions, MongoSignInLinks, MongoInvitations, MongoGroups, MongoGroupRoles)
    made += [kind(database, outbox) for kind in kinds]
    for store in made:
        for collection in store.collections:
            await collection.ensure_indexes()
    return Stores(facts, *made)


@pytest.fixture(params=["memory", pytest.param("mongodb", marks=pytest.mark.integration)])
def stores(request):
    return request.getfixturevalue(request.param)


@pytest.fixture
def servers(nats_url, mongodb_url, database_name):
    return {
        "mongodb_url": mongodb_url,
        "mongodb_database": database_name,
        "nats_url": nats_url,
        "stream_replicas": 1,
    }


@pytest.fixture
def start(servers):
    """A context of one replica: its client, and the owner tokens that it announced."""

    @asynccontextmanager
    async def started(**settings):
        announced = []
        service = build(IdentitySettings(**servers, **settings), announced.append)
        async with running(service) as client:
            yield client, announced

    return started


@pytest.fixture
async def platform(start):
    async with start() as (client, [token]):
        yield client, bearer(token)
