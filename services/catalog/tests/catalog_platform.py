"""The catalog service with its neighbours, as the integration tests use it."""

from dataclasses import dataclass
from typing import Any

from catalog_fakes import ScriptedHosts, ScriptedSchemas, operation, schema
from nats.js.errors import NotFoundError

from contracts.fact import FACTS_STREAM
from kit.bus import Bus
from kit.testing import bearer

OWNER = bearer("owner")
USER = bearer("user")
STRANGER = bearer("stranger")
PETS = schema(operation("getPet"), operation("addPet"), operation("broken", ready=False))
POLICY = "https://example.com/privacy"


@dataclass
class Platform:
    client: Any
    bus: Bus
    hosts: ScriptedHosts
    schemas: ScriptedSchemas
    database: Any

    async def gpt(self, **body):
        created = await self.client.post("/v1/gpts", json={"name": "Vet", **body}, headers=OWNER)
        assert created.status_code == 201, created.text
        return created.json()["id"]

    async def bind(self, gpt_id, **body):
        return await self.client.post(
            f"/v1/gpts/{gpt_id}/actions", json={"schema_id": "sch_1", **body}, headers=OWNER
        )

    async def action(self, gpt_id, **body):
        bound = await self.bind(gpt_id, **body)
        assert bound.status_code == 201, bound.text
        return bound.json()["id"]

    async def publish(self, gpt_id, sharing="private"):
        return await self.client.post(
            f"/v1/gpts/{gpt_id}/publish", json={"sharing": sharing}, headers=OWNER
        )

    async def published(self, fact_class, gpt_id):
        """What was published of one GPT so far; facts are out before their change is answered."""
        stream, subject, sequence, found = self.bus.jetstream, fact_class.subject, 1, []
        while True:
            try:
                stored = await stream.get_msg(
                    FACTS_STREAM, seq=sequence, subject=subject, next=True
                )
            except NotFoundError:
                return [fact for fact in found if fact.gpt_id == gpt_id]
            found.append(fact_class.model_validate_json(stored.data))
            sequence = stored.seq + 1


def without_trace(response):
    """The answer byte for byte, but for the trace id that every answer has its own of."""
    trace_id = response.json()["trace_id"].encode()
    return response.status_code, response.content.replace(trace_id, b"")
