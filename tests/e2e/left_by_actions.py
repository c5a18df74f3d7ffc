"""What the sign-in of actions leaves in auth."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from auth_service.adapters.mongo_connections import MongoConnections
from auth_service.adapters.mongo_revocations import MongoRevocations
from auth_service.adapters.mongo_service_tokens import MongoServiceTokens
from auth_service.domain.attempt import LIVES_FOR
from auth_service.domain.connection import Account, Connection
from auth_service.domain.pending_revocation import PendingRevocation
from auth_service.domain.renewal import Renewal
from contracts.facts import ConnectionLinked
from contracts.ids import ActionId, MemberId, WorkspaceId, new_id
from kit import mongo
from kit.ended_once import MongoEndedOnce
from kit.key_ring import Sealed
from kit.outbox import Outbox
from shared.kit.tests.kit_fakes import Publisher

ACTION, MEMBER = ActionId("act_1"), MemberId("mem_1")
SEALED = Sealed("k1", "the envelope of a secret")


async def leave_sign_ins(mongodb, workspace_id):
    """A document of each kind: of client credentials, an account, its revocation, an attempt."""
    within, now = WorkspaceId(workspace_id), datetime.now(UTC)
    client = mongo.connect(mongodb.url)
    database, outbox = client["auth"], Outbox("auth", Publisher())
    tokens, revocations = MongoServiceTokens(database, outbox), MongoRevocations(database, outbox)
    first = await tokens.find(within, ACTION, 1)
    await tokens.replace(first, replace(first, sealed=SEALED))
    account = Account("the digest of settings", ("https://api.example.com",))
    connection = Connection(
        new_id("con"), within, ACTION, MEMBER, Renewal(now), SEALED, account, now
    )
    fact = ConnectionLinked(workspace_id=within, action_id=ACTION, member_id=MEMBER, generation=1)
    await MongoConnections(database, outbox, revocations).link(None, connection, fact)
    ids = (new_id("rev"), within, ACTION, connection.id)
    await revocations.add(PendingRevocation(*ids, SEALED, now, now + timedelta(days=1)))
    await MongoEndedOnce(database, outbox, LIVES_FOR).end(within, new_id("att"), now)
    client.close()
