"""What the sign-in of actions leaves in auth."""

from dataclasses import replace

from auth_service.adapters.mongo_service_tokens import MongoServiceTokens
from contracts.ids import ActionId, WorkspaceId
from kit import mongo
from kit.key_ring import Sealed
from kit.outbox import Outbox
from shared.kit.tests.kit_fakes import Publisher


async def leave_service_token(mongodb, workspace_id):
    """As of an action with client credentials."""
    client = mongo.connect(mongodb.url)
    tokens = MongoServiceTokens(client["auth"], Outbox("auth", Publisher()))
    first = await tokens.find(WorkspaceId(workspace_id), ActionId("act_1"), 1)
    await tokens.replace(first, replace(first, sealed=Sealed("k1", "the envelope of a token")))
    client.close()
